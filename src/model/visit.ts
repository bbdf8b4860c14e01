import { z } from "zod";

/** The states of `design/product.md`, in order; the side states come last. */
export const VisitState = z.enum([
  "scheduled",
  "consent_needed",
  "ready",
  "recording",
  "paused",
  "saving",
  "waiting_for_network",
  "processing",
  "draft_ready",
  "partly_ready",
  "failed",
  "in_review",
  "signed",
  "filed",
  "follow_up_booked",
  "declined",
  "withdrawn",
  "recovered",
  "discarded",
]);
export type VisitState = z.infer<typeof VisitState>;

/** The words on screen for a state; colour never stands alone. */
export const visitStateWords: Record<VisitState, string> = {
  scheduled: "Scheduled",
  consent_needed: "Consent needed",
  ready: "Ready",
  recording: "Recording",
  paused: "Paused",
  saving: "Saving",
  waiting_for_network: "Waiting for network",
  processing: "Processing",
  draft_ready: "Draft ready",
  partly_ready: "Partly ready",
  failed: "Failed",
  in_review: "In review",
  signed: "Signed",
  filed: "Filed and verified",
  follow_up_booked: "Follow-up booked",
  declined: "Declined",
  withdrawn: "Withdrawn",
  recovered: "Recovered",
  discarded: "Discarded",
};

/** How far the scribe is, in the words of the Processing screen. */
export const ProcessingStep = z.enum(["receiving", "transcribing", "writing", "checking", "done"]);
export type ProcessingStep = z.infer<typeof ProcessingStep>;
