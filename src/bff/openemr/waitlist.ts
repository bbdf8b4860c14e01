/**
 * Who waits for an earlier time, and the times that were freed since. OpenEMR has no waitlist, so it is kept here. A freed
 * time is an offer, not a reservation: booking checks it like any other, and then it is gone for the rest of the line.
 */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import { datesBetween } from "#model/calendar-date.ts";
import { searchDays } from "#model/follow-up-window.ts";
import { FollowUpId } from "#model/id.ts";
import { minuteOf, startsOn } from "#openemr/wall-clock.ts";
import type { FreeTime } from "#protocol/bff-desk.ts";
import type { FollowUp } from "./follow-up-rows.ts";

export type Waitlist = {
  /** Everybody who waits, longest first. */
  waiting: { id: FollowUpId; clinicianId: string }[];
  freed: FreedTime[];
};

const FreedRow = z
  .object({
    clinician_id: z.string(),
    date: z.string(),
    start_time: z.string(),
    from_minute: z.number(),
    to_minute: z.number(),
  })
  .transform((row) => ({
    clinicianId: row.clinician_id,
    date: row.date,
    startTime: row.start_time,
    from: row.from_minute,
    to: row.to_minute,
  }));
type FreedTime = z.output<typeof FreedRow>;

const WaitingRow = z
  .object({ id: FollowUpId, clinician_id: z.string() })
  .transform((row) => ({ id: row.id, clinicianId: row.clinician_id }));

export async function readWaitlist(store: Store, today: string): Promise<Waitlist> {
  const [freed, waiting] = await Promise.all([
    store.query("SELECT * FROM freed_times WHERE date >= ? ORDER BY date, from_minute", [today]),
    store.query(
      "SELECT id, clinician_id FROM follow_ups WHERE waiting_since IS NOT NULL AND state <> 'declined' ORDER BY waiting_since, id",
    ),
  ]);
  return { freed: freed.map((row) => FreedRow.parse(row)), waiting: waiting.map((row) => WaitingRow.parse(row)) };
}

/** Freed times of these dates; `freedAt` is clock ms. */
export async function freedOn(store: Store, dates: readonly string[]): Promise<(FreedTime & { freedAt: number })[]> {
  const places = dates.map(() => "?").join(", ");
  const rows = await store.query(`SELECT * FROM freed_times WHERE date IN (${places})`, [...dates]);
  return rows.map((row) => ({ ...FreedRow.parse(row), freedAt: z.number().parse(row["freed_at"]) }));
}

/** The days on which somebody waits for a time, in order. */
export async function daysWaitedFor(store: Store, today: string): Promise<string[]> {
  const rows = await store.query(
    `SELECT window_from, window_to, due FROM follow_ups WHERE waiting_since IS NOT NULL AND state <> 'declined'`,
  );
  const days = rows.flatMap((row) => {
    const { window_from: from, window_to: to, due } = WindowRow.parse(row);
    const search = searchDays({ from, to, due }, today);
    return datesBetween(search.from, search.to);
  });
  return [...new Set(days)].filter((date) => date >= today).toSorted();
}

const WindowRow = z.object({ window_from: z.string(), window_to: z.string(), due: z.string() });

const mostOffers = 3;

/** Freed times of the clinician in the window, earlier than the one already booked. */
export function offersFor(
  followUp: FollowUp,
  view: Waitlist & { today: string; nowMs: number; timeZone: string },
): FreeTime[] {
  if (followUp.waitingSince === null) return [];
  const { from, to } = searchDays(followUp.window, view.today);
  const { booking } = followUp;
  return view.freed
    .filter(({ clinicianId, date }) => clinicianId === followUp.clinician.id && date >= from && date <= to)
    .filter((time) => booking === null || keyOf(time) < keyOf(booking))
    .filter((time) => (startsOn(time.date, view.timeZone)(time) ?? 0) > view.nowMs)
    .slice(0, mostOffers)
    .map(({ date, startTime, ...span }) => ({ date, startTime, durationMinutes: span.to - span.from }));
}

/** The same again keeps the place in the line. */
export function waitStatement(id: FollowUpId, isWaiting: boolean, now: number): Statement {
  return isWaiting
    ? {
        sql: "UPDATE follow_ups SET waiting_since = COALESCE(waiting_since, CAST(? AS INTEGER)) WHERE id = ?",
        params: [now, id],
        expectRows: 1,
      }
    : { sql: "UPDATE follow_ups SET waiting_since = NULL WHERE id = ?", params: [id], expectRows: 1 };
}

type Place = { clinicianId: string; time: FreeTime };

export function freeStatement({ clinicianId, time }: Place, now: number): Statement {
  const { from, to } = spanOf(time);
  return {
    sql: `INSERT INTO freed_times (clinician_id, date, start_time, from_minute, to_minute, freed_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (clinician_id, date, start_time) DO UPDATE SET to_minute = excluded.to_minute, freed_at = excluded.freed_at`,
    params: [clinicianId, time.date, time.startTime, from, to, now],
  };
}

/** A time that is taken is offered to nobody any more; what is over is forgotten with it. */
export function takenStatement({ clinicianId, time }: Place, today: string): Statement {
  const { from, to } = spanOf(time);
  return {
    sql: `DELETE FROM freed_times WHERE date < ?
      OR (clinician_id = ? AND date = ? AND from_minute < ? AND to_minute > ?)`,
    params: [today, clinicianId, time.date, to, from],
  };
}

function spanOf({ startTime, durationMinutes }: FreeTime): { from: number; to: number } {
  const from = minuteOf(startTime) ?? 0;
  return { from, to: from + durationMinutes };
}

function keyOf({ date, startTime }: Pick<FreeTime, "date" | "startTime">): string {
  return `${date} ${startTime}`;
}
