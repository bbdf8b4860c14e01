/** When to try again: never give up, never hammer, and do as the server asks. */
import { isRetried, type Problem } from "#model/problem.ts";
import type { RecordingView } from "#model/recording.ts";

const firstMs = 500;
const longestMs = 60_000;

export type Waiting = RecordingView["waiting"];

/** Full jitter: anything up to 0.5 s doubled per failure, at most 60 s; the server's own Retry-After counts whole. */
export function retryDelayMs(told: Problem, failures: number, random: () => number): number {
  return told.retryAfterMs ?? Math.round(random() * Math.min(longestMs, firstMs * 2 ** failures));
}

/** The clinic server has lost chunks, or its scribe began anew: compare lists before going on. */
export function needsComparing(told: Problem): boolean {
  return told.code === "chunks_missing" || told.code === "scribe_session_expired";
}

/** Will time mend it? A full disk may be emptied; a refusal stays one. */
export function isWorthWaiting(told: Problem): boolean {
  return isRetried(told.code) || needsComparing(told) || told.category === "device";
}

/** What the outbox waits for, in the words of the recording screen; null for a trouble of this device. */
export function waitingFor(told: Problem): Waiting {
  if (told.category === "device") return null;
  if (told.code === "offline" || told.code === "timed_out") return "network";
  return told.category === "scribe" ? "scribe" : "server";
}
