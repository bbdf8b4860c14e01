/**
 * Times that become free in OpenEMR by somebody else's hand. In: what every reading of the calendar showed, whoever asked for it.
 * Out: an appointment that was there before and is gone, cancelled or moved has freed its time for the waitlist; a freed time where
 * somebody stands again is offered no more. Readings are compared one after the other; what was seen is in the store.
 */
import { z } from "zod";
import type { Log } from "#bff/context.ts";
import type { Statement, Store } from "#bff/store/store.ts";
import { dateIn } from "#model/clock.ts";
import type { Clock } from "#model/clock.ts";
import { overlaps } from "#openemr/availability.ts";
import type { CalendarSeen } from "#openemr/calendar.ts";
import { timeOf } from "#openemr/wall-clock.ts";
import { freeStatement, freedOn, takenStatement } from "./waitlist.ts";

export type CalendarWatch = {
  seen(calendar: CalendarSeen): void;
  /** What was told so far has been compared. */
  settled(): Promise<void>;
};

type Parts = {
  store: Store;
  clock: Clock;
  config: { CLINIC_TIME_ZONE: string };
  log: Log;
  /** Offers changed. */
  onChanged(): Promise<void>;
};

const SeenRow = z
  .object({
    key: z.string(),
    clinician_id: z.string(),
    date: z.string(),
    from_minute: z.number(),
    to_minute: z.number(),
    seen_at: z.number(),
  })
  .transform((row) => ({
    key: row.key,
    clinicianId: row.clinician_id,
    date: row.date,
    from: row.from_minute,
    to: row.to_minute,
    seenAt: row.seen_at,
  }));
type Seen = z.output<typeof SeenRow>;
type Standing = Omit<Seen, "seenAt">;

/** Where OpenEMR tells no end (7.0): as long as most appointments here. */
const unknownMinutes = 30;

export function createCalendarWatch(parts: Parts): CalendarWatch {
  let last = Promise.resolve();
  return {
    seen: (calendar) => {
      last = last
        .then(() => compare(parts, calendar))
        .catch((thrown: unknown) =>
          parts.log.error(
            { error: thrown instanceof Error ? thrown.name : "unknown" },
            "the calendar was not compared",
          ),
        );
    },
    settled: () => last,
  };
}

async function compare(parts: Parts, calendar: CalendarSeen): Promise<void> {
  const { store, clock, config } = parts;
  const today = dateIn(config.CLINIC_TIME_ZONE, clock.now());
  const dates = [...new Set(calendar.dates)].filter((date) => date >= today);
  if (dates.length === 0) return;
  const standing = standingIn(calendar, dates);
  const known = await seenOn(store, dates);
  // Another reading that began before an appointment was first seen knows nothing of it.
  const gone = known.filter((one) => one.seenAt <= calendar.at && !standing.some((other) => isSame(one, other)));
  const fresh = standing.filter((one) => !known.some((other) => isSame(one, other)));
  const freed = gone.filter((one) => !standing.some((other) => isInTheWay(one, other)));
  const offered = (await freedOn(store, dates)).filter(({ freedAt }) => freedAt <= calendar.at);
  const taken = offered.filter((one) => standing.some((other) => isInTheWay(one, other)));
  const statements = [
    ...gone.map(forgetStatement),
    ...fresh.map((one) => rememberStatement(one, calendar.at)),
    ...freed.map((one) => freeStatement({ clinicianId: one.clinicianId, time: timeIn(one) }, clock.now())),
    ...taken.map((one) => takenStatement({ clinicianId: one.clinicianId, time: timeIn(one) }, today)),
  ];
  if (statements.length === 0) return;
  await store.transact({
    statements: [{ sql: "DELETE FROM seen_appointments WHERE date < ?", params: [today] }, ...statements],
  });
  if (freed.length + taken.length > 0) await parts.onChanged();
}

/** Patients' appointments that hold their time. */
function standingIn({ rows }: CalendarSeen, dates: readonly string[]): Standing[] {
  return rows.flatMap(({ uuid, eid, clinicianId, date, from, to, kind, free }) => {
    const key = uuid ?? eid;
    if (kind !== "appointment" || free || key === null || clinicianId === null || !dates.includes(date)) return [];
    return [{ key, clinicianId, date, from, to: to > from ? to : from + unknownMinutes }];
  });
}

async function seenOn(store: Store, dates: readonly string[]): Promise<Seen[]> {
  const places = dates.map(() => "?").join(", ");
  const rows = await store.query(`SELECT * FROM seen_appointments WHERE date IN (${places})`, [...dates]);
  return rows.map((row) => SeenRow.parse(row));
}

/** At another time or with another clinician it is another one. */
function isSame(one: Standing, other: Standing): boolean {
  return (
    one.key === other.key && one.clinicianId === other.clinicianId && one.date === other.date && one.from === other.from
  );
}

type Place = Omit<Standing, "key">;

function isInTheWay(one: Place, other: Place): boolean {
  return one.clinicianId === other.clinicianId && one.date === other.date && overlaps(one, other);
}

function timeIn({ date, from, to }: Place) {
  return { date, startTime: timeOf(from), durationMinutes: to - from };
}

function forgetStatement({ key, clinicianId, date, from }: Standing): Statement {
  return {
    sql: "DELETE FROM seen_appointments WHERE key = ? AND clinician_id = ? AND date = ? AND from_minute = ?",
    params: [key, clinicianId, date, from],
  };
}

function rememberStatement({ key, clinicianId, date, from, to }: Standing, at: number): Statement {
  return {
    sql: `INSERT INTO seen_appointments (key, clinician_id, date, from_minute, to_minute, seen_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (key, clinician_id, date, from_minute) DO NOTHING`,
    params: [key, clinicianId, date, from, to, at],
  };
}
