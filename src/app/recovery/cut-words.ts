/** What a cut-off recording says of itself, in words; the whole sentence is the promise kept. */
import type { HeldVisit } from "#model/recording.ts";
import { agoWords, durationWords } from "#app/words.ts";

export type Cut = Pick<HeldVisit, "patientName" | "durableMs" | "lastSavedAt" | "imported"> & {
  /** Audio that the black box gave back: what was said between the last saving and the end. */
  recoveredMs?: number;
};

/**
 * `Visit with Ada Quill, 11:42 recorded, last saved 3 s before it closed, 3 s recovered from the black box`. `at` writes the
 * clinic's wall clock to the second.
 */
export function cutWords(cut: Cut, at: (instantMs: number) => string): string {
  const { patientName, durableMs, lastSavedAt, recoveredMs = 0, imported } = cut;
  const visit = `Visit with ${patientName}, ${durationWords(durableMs)} ${imported ? "taken from the file" : "recorded"}`;
  if (recoveredMs < 20) return `${visit}, last saved at ${at(lastSavedAt)}`;
  const tail = secondsWords(recoveredMs);
  return `${visit}, last saved ${tail} before it closed, ${tail} recovered from the black box`;
}

/** How long ago it was cut off, which is what decides whether to go on or to finish. */
export function sinceWords({ lastSavedAt }: Pick<Cut, "lastSavedAt">, nowMs: number): string {
  return `It was cut off ${agoWords(nowMs - lastSavedAt)}.`;
}

function secondsWords(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return "less than a second";
  return seconds < 60 ? `${Math.round(seconds)} s` : durationWords(ms);
}
