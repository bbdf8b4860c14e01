import type { VisitId } from "#model/id.ts";
import type { VisitState } from "#model/visit.ts";

export type VisitScreen = "recording" | "processing" | "review" | "sign";

export function visitPath(id: VisitId, screen?: VisitScreen): string {
  return screen === undefined ? `/visits/${id}` : `/visits/${id}/${screen}`;
}

const reviewed = new Set<VisitState>([
  "draft_ready",
  "partly_ready",
  "in_review",
  "signed",
  "filed",
  "follow_up_booked",
]);

/** The screen where a visit in this state goes on. */
export function screenOf(state: VisitState): VisitScreen {
  if (state === "recording" || state === "paused" || state === "saving") return "recording";
  return reviewed.has(state) ? "review" : "processing";
}

/** What the button that opens it says. */
export function openWords(state: VisitState): string {
  if (state === "draft_ready" || state === "partly_ready") return "Review draft";
  if (state === "in_review") return "Continue review";
  return state === "recording" || state === "paused" ? "Open recording" : "Open";
}
