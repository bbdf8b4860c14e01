/** Finding the appointments that were booked for a follow-up, also those whose answer was lost on the way. */
import { dateIn } from "#model/clock.ts";
import type { Access } from "#openemr/call.ts";
import { forEachOf } from "#openemr/call.ts";
import type { Appointment } from "#openemr/appointments.ts";
import { overlaps } from "#openemr/availability.ts";
import type { AvailabilityQuestion } from "#openemr/availability.ts";
import { listCalendarRow } from "#openemr/calendar.ts";
import type { CalendarRow } from "#openemr/calendar.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import type { Slot } from "#openemr/slots.ts";
import { timeOf } from "#openemr/wall-clock.ts";
import type { AppointmentRow } from "#protocol/openemr.ts";
import { readComment } from "./confirmation.ts";
import { leftBehindOf } from "./follow-up-rows.ts";
import type { FollowUp } from "./follow-up-rows.ts";

/** Most patients have none or one appointment to come. Who has more than this with one clinician: only so many are read. */
const mostLookedAt = 20;

type Parts = { openemr: Pick<OpenEmr, "appointments">; clock: { now(): number }; timeZone: string };

/**
 * The appointments of this follow-up, out of the patient's rows: by our id in the comment, or by the number we kept. The
 * list shows no comments, so rows to come with this clinician are read one by one: those whose number we
 * kept first, then the newest.
 */
export async function findOurs(
  parts: Parts,
  access: Access,
  { followUp, rows }: { followUp: FollowUp; rows: readonly AppointmentRow[] },
): Promise<Appointment[]> {
  const today = dateIn(parts.timeZone, parts.clock.now());
  const kept = keptOf(followUp);
  const possible = rows.filter(
    (row) =>
      !kept.includes(row.pc_eid) &&
      row.pc_eventDate >= today &&
      row.pce_aid_uuid === followUp.clinician.id &&
      !listCalendarRow(row).free,
  );
  // A booking whose answer was lost is among the newest.
  const newest = possible.toSorted((one, other) => Number(other.pc_eid) - Number(one.pc_eid));
  const inOrder = [...rows.filter((row) => kept.includes(row.pc_eid)), ...newest];
  const read = await forEachOf(inOrder.slice(0, mostLookedAt), (row) =>
    parts.openemr.appointments.one(access, row.pc_eid),
  );
  return read.filter((one) => one !== undefined).filter((one) => isOurs(one, followUp));
}

/** The numbers that we kept: of the booking, and of what could not be removed. */
function keptOf(followUp: FollowUp): string[] {
  return [followUp.booking, ...leftBehindOf(followUp)].flatMap((one) => one?.appointmentId ?? []);
}

/** 7.0 shows no comment: there, only the appointments whose numbers we kept are ours. */
function isOurs(appointment: Appointment, followUp: FollowUp): boolean {
  if (appointment.pid !== followUp.pid) return false;
  if (appointment.comment === undefined) return keptOf(followUp).includes(appointment.eid);
  return readComment(appointment.comment)?.followUpId === followUp.id;
}

/** What is known of an appointment in the calendar. */
export type Known = { eid: string; uuid: string | null; date: string; startTime: string };

/** The question as if these appointments were not there. */
export function without(question: AvailabilityQuestion, ours: readonly Known[]): AvailabilityQuestion {
  let calendar = [...question.calendar];
  let slots = question.slots;
  for (const one of ours) {
    const index = placeOf(one, calendar, question);
    const row = calendar[index];
    if (row === undefined) continue;
    calendar = calendar.toSpliced(index, 1);
    slots = slots?.map((slot) => (isUnder(slot, row) ? { ...slot, status: "free" } : slot));
  }
  return { ...question, calendar, ...(slots && { slots }) };
}

/** The slot is busy because of this row, as far as anybody can see. */
function isUnder(slot: Slot, row: CalendarRow): boolean {
  return slot.date === row.date && overlaps(slot, row);
}

/** By number or uuid; where the calendar and the appointment share neither, by patient, clinician and time. */
function placeOf(
  one: Known,
  calendar: readonly CalendarRow[],
  { patientId, clinicianId }: AvailabilityQuestion,
): number {
  const byId = calendar.findIndex((row) => row.eid === one.eid || (row.uuid !== null && row.uuid === one.uuid));
  if (byId !== -1) return byId;
  return calendar.findIndex(
    (row) =>
      row.eid === null &&
      (one.uuid === null || row.uuid === null) &&
      row.patientId === patientId &&
      row.clinicianId === clinicianId &&
      row.date === one.date &&
      timeOf(row.from) === one.startTime,
  );
}
