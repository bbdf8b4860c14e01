/** What OpenEMR's calendar shows of an appointment that we book. */
import type { AppointmentKind } from "#model/follow-up.ts";
import type { FollowUp } from "./follow-up-rows.ts";

const kindWords: Record<AppointmentKind, string> = {
  follow_up: "Follow-up",
  routine: "Routine exam",
  urgent: "Urgent visit",
  consultation: "Consultation",
};

/** Shown in OpenEMR's calendar; 2 to 150 characters. */
export function titleOf({ reason }: FollowUp, kind: AppointmentKind): string {
  return (reason === "" ? kindWords[kind] : `${kindWords[kind]}: ${reason}`).slice(0, 150);
}
