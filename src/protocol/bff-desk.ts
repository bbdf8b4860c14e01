/** What crosses between the browser and the clinic server for the front desk; the rules of bff.ts hold. */
import { z } from "zod";
import { FollowUpState, Window } from "#model/follow-up.ts";
import { AppointmentId, FollowUpId, UserId } from "#model/id.ts";
import { Patient } from "#model/patient.ts";
import { Problem } from "#model/problem.ts";

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
  booking: z
    .object({
      appointmentId: AppointmentId,
      date: z.iso.date(),
      startTime: z.string(),
      durationMinutes: z.number().int(),
      confirmation: z.string(),
    })
    .nullable(),
});
export type FollowUpCard = z.infer<typeof FollowUpCard>;

/** `GET /api/desk/follow-ups` (front desk, administrator): open ones first, by window. */
export const FollowUpQueue = z.object({ followUps: z.array(FollowUpCard) });

/** `GET /api/desk/follow-ups/:id/times` : free times of that clinician in the window, clinic wall clock. */
export const FreeTime = z.object({
  date: z.iso.date(),
  startTime: z.string().regex(/^\d\d:\d\d$/),
  durationMinutes: z.number().int(),
});
export type FreeTime = z.infer<typeof FreeTime>;
export const FreeTimes = z.object({
  times: z.array(FreeTime),
  /** "Based on configured working hours" or "from OpenEMR's slots". */
  basis: z.enum(["configured_hours", "openemr_slots"]),
  fetchedAt: z.iso.datetime(),
});
export type FreeTimes = z.infer<typeof FreeTimes>;

/** `POST /api/desk/follow-ups/:id/bookings` -> `FollowUpCard`; 409 `time_taken` with `alternatives` beside the problem. */
export const BookTime = FreeTime.pick({ date: true, startTime: true });
export const TimeTaken = z.object({ problem: Problem, alternatives: z.array(FreeTime) });

/** `DELETE /api/desk/follow-ups/:id/bookings` -> `FollowUpCard`: cancels, the card is open again. */
/** `POST /api/desk/follow-ups/:id/state` -> `FollowUpCard`. */
export const FollowUpMark = z.object({ state: z.enum(["open", "declined", "unreachable"]) });
