import { z } from "zod";

export const IntervalUnit = z.enum(["day", "week", "month"]);

/** "In 2 weeks": what was asked, not yet a date. */
export const Interval = z.object({ count: z.number().int().min(1).max(365), unit: IntervalUnit });
export type Interval = z.infer<typeof Interval>;

/** What a plan asks for. `sentence` stands in the plan word for word; the desk sees it and nothing else of the note. */
export const FollowUpRequest = z.object({
  sentence: z.string().min(1).max(500),
  interval: Interval,
  reason: z.string().max(200),
});
export type FollowUpRequest = z.infer<typeof FollowUpRequest>;

/** The booking window, clinic-local dates `YYYY-MM-DD`: due date -3 / +7 days (design/settled.md). */
export const Window = z.object({ due: z.iso.date(), from: z.iso.date(), to: z.iso.date() });
export type Window = z.infer<typeof Window>;

export const FollowUpState = z.enum(["open", "booked", "declined", "unreachable", "recall"]);
export type FollowUpState = z.infer<typeof FollowUpState>;

/** What is booked; each kind has its own length, and "urgent" its own notice. */
export const AppointmentKind = z.enum(["follow_up", "routine", "urgent", "consultation"]);
export type AppointmentKind = z.infer<typeof AppointmentKind>;

/** Why an appointment was cancelled: one of ours, so that no free text about a patient is in the audit trail. */
export const CancelReason = z.enum(["patient", "clinician_away", "no_longer_needed", "booked_by_mistake"]);
export type CancelReason = z.infer<typeof CancelReason>;
