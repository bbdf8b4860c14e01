/** What crosses between the browser and the clinic server for the front desk; the rules of bff.ts hold. */
import { z } from "zod";
import { AppointmentKind, CancelReason, FollowUpState, Window } from "#model/follow-up.ts";
import { AppointmentId, FollowUpId, UserId } from "#model/id.ts";
import { Patient } from "#model/patient.ts";
import { Problem } from "#model/problem.ts";

/** A free time of a clinician, clinic wall clock. */
export const FreeTime = z.object({
  date: z.iso.date(),
  startTime: z.string().regex(/^\d\d:\d\d$/),
  durationMinutes: z.number().int(),
});
export type FreeTime = z.infer<typeof FreeTime>;

/** An appointment of ours that still stands in OpenEMR, because removing it failed. */
export const LeftBehind = FreeTime.pick({ date: true, startTime: true }).extend({
  appointmentId: AppointmentId.optional(),
});
export type LeftBehind = z.infer<typeof LeftBehind>;

export const DeskBooking = z.object({
  appointmentId: AppointmentId,
  date: z.iso.date(),
  startTime: z.string(),
  durationMinutes: z.number().int(),
  confirmation: z.string(),
  kind: AppointmentKind.default("follow_up"),
  /** Earlier times. Booking the same time again tries to remove them again. */
  leftBehind: z.array(LeftBehind).default([]),
});
export type DeskBooking = z.infer<typeof DeskBooking>;

/** One card of the desk's queue: the sentence, never the note. */
export const FollowUpCard = z.object({
  id: FollowUpId,
  patient: Patient,
  sentence: z.string(),
  reason: z.string(),
  clinician: z.object({ id: UserId, name: z.string() }),
  window: Window,
  state: FollowUpState,
  askedAt: z.iso.datetime(),
  booking: DeskBooking.nullable(),
  /** Calls that nobody answered, oldest first; they stay when the patient was reached in the end. */
  tries: z.array(z.object({ at: z.iso.datetime(), by: z.string() })).default([]),
  declined: z.object({ at: z.iso.datetime(), note: z.string() }).nullable().default(null),
  /** The last booking that was cancelled. Of what is left behind, cancelling again tries again to remove it. */
  cancelled: z
    .object({
      at: z.iso.datetime(),
      reason: CancelReason,
      date: z.iso.date(),
      startTime: z.string(),
      leftBehind: z.array(LeftBehind).default([]),
    })
    .nullable()
    .default(null),
  /** On the waitlist, and at which place among those who wait for this clinician. */
  waiting: z.object({ since: z.iso.datetime(), place: z.number().int() }).nullable().default(null),
  /** Times that a cancelled appointment freed since, for who waits. They are checked when booked, as any other. */
  offers: z.array(FreeTime).default([]),
  /** On the recall list: the first day on which it can be booked. */
  bookableFrom: z.iso.date().nullable().default(null),
});
export type FollowUpCard = z.infer<typeof FollowUpCard>;

/** `GET /api/desk/follow-ups` (front desk, administrator): open ones first, by window. */
export const FollowUpQueue = z.object({ followUps: z.array(FollowUpCard) });

/**
 * `GET /api/desk/follow-ups/:id/times?kind=…&fresh=1` : free times of that clinician in the window. OpenEMR's calendar is up to
 * five minutes old unless `fresh` is asked for; booking always looks again.
 */
export const FreeTimesAsk = z.object({
  kind: AppointmentKind.default("follow_up"),
  fresh: z.literal("1").optional(),
});
export const FreeTimes = z.object({
  times: z.array(FreeTime),
  /** "Based on configured working hours" or "from OpenEMR's slots". */
  basis: z.enum(["configured_hours", "openemr_slots"]),
  fetchedAt: z.iso.datetime(),
});
export type FreeTimes = z.infer<typeof FreeTimes>;

/**
 * `POST /api/desk/follow-ups/:id/bookings` -> `FollowUpCard`; 409 `time_taken` with `alternatives` beside the problem. For a
 * booked one this is the reschedule: the new time is booked and read back, then the old one is removed.
 */
export const BookTime = FreeTime.pick({ date: true, startTime: true }).extend({
  kind: AppointmentKind.default("follow_up"),
});
export const TimeTaken = z.object({ problem: Problem, alternatives: z.array(FreeTime) });

/** `POST /api/desk/follow-ups/:id/cancellation` -> `FollowUpCard`: the card is open again, who waits is offered the time. */
export const CancelBooking = z.object({ reason: CancelReason });

/** `POST /api/desk/follow-ups/:id/state` -> `FollowUpCard`. Every `unreachable` counts one more try. */
export const FollowUpMark = z.discriminatedUnion("state", [
  z.object({ state: z.literal("open") }),
  z.object({ state: z.literal("declined"), note: z.string().trim().max(300).default("") }),
  z.object({ state: z.literal("unreachable") }),
]);
export type FollowUpMark = z.input<typeof FollowUpMark>;

/** `POST /api/desk/follow-ups/:id/waitlist` -> `FollowUpCard`. */
export const Waitlist = z.object({ waiting: z.boolean() });

/** `POST /api/desk/confirmation` -> `FollowUpCard`, `not_found`: what was booked under a number, however it was typed. */
export const ConfirmationSearch = z.object({ confirmation: z.string().max(20) });

/** One stretch in the calendar. `followUpId` is there when Chartside booked it. */
export const CalendarEntry = z.object({
  kind: z.enum(["appointment", "block", "out_of_office", "closed"]),
  date: z.iso.date(),
  startTime: z.string(),
  endTime: z.string().nullable(),
  title: z.string(),
  /** Nobody: it concerns the whole clinic. */
  clinicianId: UserId.nullable(),
  patient: Patient.nullable(),
  appointmentId: AppointmentId.nullable(),
  followUpId: FollowUpId.nullable(),
  confirmation: z.string().nullable(),
});
export type CalendarEntry = z.infer<typeof CalendarEntry>;

/** `GET /api/desk/calendar?from=YYYY-MM-DD&days=1..7` (front desk, administrator). */
export const CalendarAsk = z.object({ from: z.iso.date(), days: z.coerce.number().int().min(1).max(7) });
export const DeskCalendar = z.object({
  from: z.iso.date(),
  days: z.number().int(),
  fetchedAt: z.iso.datetime(),
  clinicians: z.array(z.object({ id: UserId, name: z.string() })),
  entries: z.array(CalendarEntry),
});
export type DeskCalendar = z.infer<typeof DeskCalendar>;
