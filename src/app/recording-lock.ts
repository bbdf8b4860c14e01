import type { VisitId } from "#model/id.ts";

/** The Web Lock that a page holds as long as it records into this visit. */
export function recordingLock(visitId: VisitId): string {
  return `chartside-recording-${visitId}`;
}
