/** A follow-up being booked: who asks, for what, and what OpenEMR holds of it already; and what is sent and kept of it. */
import type { AppointmentKind } from "#model/follow-up.ts";
import { AppointmentId } from "#model/id.ts";
import type { Appointment, NewAppointment } from "#openemr/appointments.ts";
import type { BookingRules } from "#openemr/booking-rules.ts";
import type { Access } from "#openemr/call.ts";
import type { FreeTime, LeftBehind } from "#protocol/bff-desk.ts";
import { titleOf } from "./appointment-title.ts";
import { commentOf, readComment } from "./confirmation.ts";
import type { Booking, FollowUp } from "./follow-up-rows.ts";

export type Start = Pick<FreeTime, "date" | "startTime">;
export type Wanted = Start & { kind?: AppointmentKind };

export type Job = {
  access: Access;
  followUp: FollowUp;
  wanted: Start & { kind: AppointmentKind };
  rules: BookingRules;
  ours: Appointment[];
  confirmation: string;
};

/** Calendar category and facility of new appointments. */
type JobPlace = { categoryId: string; facilityId: string };
type Place = { providerId: string | null; facilityId?: string };

export function toNew(parts: JobPlace, job: Job, place: Place): NewAppointment {
  const { followUp, wanted, rules, confirmation, ours } = job;
  return {
    date: wanted.date,
    startTime: wanted.startTime,
    pid: followUp.pid,
    patientId: followUp.patient.id,
    clinicianId: followUp.clinician.id,
    durationMinutes: rules.durationMinutes,
    title: titleOf(followUp, wanted.kind),
    comment: commentOf({ confirmation, followUpId: followUp.id }),
    confirmation,
    ...(ours[0] && { replaces: ours[0].eid }),
    providerId: place.providerId ?? "",
    facilityId: place.facilityId ?? parts.facilityId,
    categoryId: parts.categoryId,
  };
}

/** `leftBehind`: earlier times that still stand. */
export function toBooking(
  { followUp, wanted, rules, confirmation }: Job,
  made: Appointment,
  leftBehind: LeftBehind[],
): Booking {
  // The time it has already: then it keeps its length, too.
  const { booking } = followUp;
  const kept = booking?.appointmentId === made.eid && isAt(booking, wanted) ? booking : undefined;
  return {
    appointmentId: AppointmentId.parse(made.eid),
    uuid: made.uuid,
    date: wanted.date,
    startTime: wanted.startTime,
    durationMinutes: kept?.durationMinutes ?? rules.durationMinutes,
    confirmation: readComment(made.comment)?.confirmation ?? confirmation,
    kind: kept?.kind ?? wanted.kind,
    leftBehind,
  };
}

export function isAt(one: Start, other: Start): boolean {
  return one.date === other.date && one.startTime === other.startTime;
}
