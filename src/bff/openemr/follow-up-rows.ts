/** Follow-ups in the store: made by signing, booked and marked by the desk. The row holds one sentence of the note and no more. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import { jsonText } from "#bff/visits/visit-record.ts";
import { addDays } from "#model/calendar-date.ts";
import { dateIn } from "#model/clock.ts";
import { CancelReason, FollowUpState } from "#model/follow-up.ts";
import type { FollowUpRequest } from "#model/follow-up.ts";
import { windowOf } from "#model/follow-up-window.ts";
import { FollowUpId, UserId, VisitId } from "#model/id.ts";
import { Patient } from "#model/patient.ts";
import { problem } from "#model/problem.ts";
import { DeskBooking, type FollowUpMark, LeftBehind } from "#protocol/bff-desk.ts";

export type FollowUpOrigin = {
  visit: { id: VisitId; patient: Patient; patientPid: string; clinician: { id: UserId; name: string } };
  /** Clock ms of the signing; the window counts from its date in the clinic. */
  now: number;
  timeZone: string;
};

/** The rows that signing adds to its own transaction: one open follow-up for each request. */
export function followUpStatements(requests: readonly FollowUpRequest[], origin: FollowUpOrigin): Statement[] {
  const askedOn = dateIn(origin.timeZone, origin.now);
  return requests.map((request) => insertFollowUp(request, origin, askedOn));
}

function insertFollowUp(request: FollowUpRequest, { visit, now }: FollowUpOrigin, askedOn: string): Statement {
  const window = windowOf(request.interval, askedOn);
  return {
    sql: `INSERT INTO follow_ups (id, visit_id, patient_id, patient_pid, patient_json, clinician_id, clinician_name,
      sentence, reason, due, window_from, window_to, state, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)`,
    params: [
      randomUUID(),
      visit.id,
      visit.patient.id,
      visit.patientPid,
      JSON.stringify(visit.patient),
      visit.clinician.id,
      visit.clinician.name,
      request.sentence,
      request.reason,
      window.due,
      window.from,
      window.to,
      now,
    ],
  };
}

/** `uuid` is OpenEMR's, by which the appointment is known in FHIR. */
const Booking = DeskBooking.extend({ uuid: z.string().nullable() });
export type Booking = z.infer<typeof Booking>;

const Tries = z.array(z.object({ at: z.number(), by: z.string() }));
const Declined = z.object({ at: z.number(), note: z.string() });
const Cancelled = z.object({
  at: z.number(),
  reason: CancelReason,
  date: z.string(),
  startTime: z.string(),
  durationMinutes: z.number().int().optional(),
  leftBehind: z.array(LeftBehind).default([]),
});

const FollowUpRow = z
  .object({
    id: FollowUpId,
    visit_id: VisitId,
    patient_pid: z.string(),
    patient_json: jsonText(Patient),
    clinician_id: UserId,
    clinician_name: z.string(),
    sentence: z.string(),
    reason: z.string(),
    due: z.string(),
    window_from: z.string(),
    window_to: z.string(),
    state: FollowUpState,
    asked_at: z.number(),
    booking_json: jsonText(Booking).nullable(),
    tries_json: jsonText(Tries),
    declined_json: jsonText(Declined).nullable(),
    cancelled_json: jsonText(Cancelled).nullable(),
    waiting_since: z.number().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    visitId: row.visit_id,
    patient: row.patient_json,
    pid: row.patient_pid,
    clinician: { id: row.clinician_id, name: row.clinician_name },
    sentence: row.sentence,
    reason: row.reason,
    window: { due: row.due, from: row.window_from, to: row.window_to },
    state: row.state,
    askedAt: row.asked_at,
    booking: row.booking_json,
    tries: row.tries_json,
    declined: row.declined_json,
    cancelled: row.cancelled_json,
    waitingSince: row.waiting_since,
  }));
export type FollowUp = z.output<typeof FollowUpRow>;

/** Throws `not_found`. */
export async function readFollowUp(store: Store, id: FollowUpId): Promise<FollowUp> {
  const [row] = await store.query("SELECT * FROM follow_ups WHERE id = ?", [id]);
  if (row === undefined) throw problem("not_found", { field: "followUpId" });
  return FollowUpRow.parse(row);
}

/** What the desk has before it: everything not settled, and what was settled for a window that is not long over. */
export async function readQueue(store: Store, today: string): Promise<FollowUp[]> {
  const rows = await store.query(
    `SELECT * FROM follow_ups WHERE state NOT IN ('booked', 'declined') OR window_to >= ?
      ORDER BY CASE WHEN state IN ('open', 'unreachable') THEN 0 ELSE 1 END, window_from, asked_at, id LIMIT 500`,
    [addDays(today, -30)],
  );
  return rows.map((row) => FollowUpRow.parse(row));
}

/** What was booked under a confirmation number. Throws `not_found`. */
export async function readByConfirmation(store: Store, confirmation: string): Promise<FollowUp> {
  const [row] = await store.query("SELECT * FROM follow_ups WHERE confirmation = ? LIMIT 1", [confirmation]);
  if (row === undefined) throw problem("not_found", { field: "confirmation" });
  return FollowUpRow.parse(row);
}

/** What is booked and not long over. */
export async function bookedFollowUps(store: Store): Promise<FollowUp[]> {
  const rows = await store.query("SELECT * FROM follow_ups WHERE state = 'booked' ORDER BY window_to DESC LIMIT 2000");
  return rows.map((row) => FollowUpRow.parse(row));
}

/** Keeps a booking; who was waiting waits on, for an earlier time, until taken off the list. */
export function bookingStatement(id: FollowUpId, booking: Booking): Statement {
  return {
    sql: "UPDATE follow_ups SET state = 'booked', booking_json = ?, confirmation = ?, cancelled_json = NULL WHERE id = ?",
    params: [JSON.stringify(booking), booking.confirmation, id],
    expectRows: 1,
  };
}

type Cancelling = { reason: CancelReason; now: number; leftBehind: LeftBehind[] };

/** Takes the booking back: the follow-up is open again, and says what became of it and what still stands. */
export function cancelStatements(
  { id, booking, cancelled: before }: FollowUp,
  { reason, now, leftBehind }: Cancelling,
): Statement[] {
  if (booking === null) {
    if (before === null) return [];
    const sql = "UPDATE follow_ups SET cancelled_json = ? WHERE id = ?";
    return [{ sql, params: [JSON.stringify({ ...before, leftBehind }), id], expectRows: 1 }];
  }
  const { date, startTime, durationMinutes } = booking;
  const cancelled = { at: now, reason, date, startTime, durationMinutes, leftBehind };
  const taken = {
    sql: `UPDATE follow_ups SET state = 'open', booking_json = NULL, confirmation = NULL, cancelled_json = ?
      WHERE id = ? AND state = 'booked'`,
    params: [JSON.stringify(cancelled), id],
    expectRows: 1,
  };
  return [taken];
}

/** What is known to stand in OpenEMR beside the booking. */
export function leftBehindOf({ booking, cancelled }: Pick<FollowUp, "booking" | "cancelled">): LeftBehind[] {
  return booking?.leftBehind ?? cancelled?.leftBehind ?? [];
}

/** A booked follow-up cannot be marked: it must be cancelled first. */
export function markStatement(
  { id, tries, declined }: FollowUp,
  { mark, now, by }: { mark: FollowUpMark; now: number; by: string },
): Statement {
  const calls = mark.state === "unreachable" ? [...tries, { at: now, by }] : tries;
  const refusal = mark.state === "declined" ? { at: now, note: mark.note ?? "" } : declined;
  return {
    sql: `UPDATE follow_ups SET state = ?, tries_json = ?, declined_json = ?,
      waiting_since = CASE WHEN ? = 'declined' THEN NULL ELSE waiting_since END WHERE id = ? AND state <> 'booked'`,
    params: [mark.state, JSON.stringify(calls), refusal === null ? null : JSON.stringify(refusal), mark.state, id],
    expectRows: 1,
  };
}

/** A filed visit reads "Follow-up booked" when nothing is left to book and something was. Follows every change of a follow-up. */
export function settleVisitStatement(visitId: VisitId, now: number): Statement {
  return {
    sql: `UPDATE visits SET updated_at = ?, state = CASE
        WHEN EXISTS (SELECT 1 FROM follow_ups f WHERE f.visit_id = visits.id AND f.state = 'booked')
          AND NOT EXISTS (SELECT 1 FROM follow_ups f WHERE f.visit_id = visits.id AND f.state NOT IN ('booked', 'declined'))
        THEN 'follow_up_booked' ELSE 'filed' END
      WHERE id = ? AND state IN ('filed', 'follow_up_booked')`,
    params: [now, visitId],
  };
}
