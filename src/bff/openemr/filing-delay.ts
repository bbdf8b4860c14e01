/** Which failures of filing are tried again by themselves, and when. */
import { isRetried } from "#model/problem.ts";
import type { Problem } from "#model/problem.ts";

export const firstDelayMs = 5_000;
export const shortestPauseMs = 1_000;
const longestDelayMs = 5 * 60_000;
/** How often to ask whether a clinician is back, beside the wake-up at sign-in. */
const signInDelayMs = 30_000;

/** Anything else wants a person first. */
export function waitsFor({ code }: Problem): boolean {
  return isRetried(code) || code === "signed_out" || code === "openemr_answer_unreadable";
}

/** 5 s doubled with every try up to 5 minutes, half of it by chance; the server's own wish counts when it is longer. */
export function delayOf(why: Problem, tries: number, random: () => number = Math.random): number {
  if (why.code === "signed_out") return signInDelayMs;
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(tries, 10));
  return Math.max(why.retryAfterMs ?? 0, full / 2 + (random() * full) / 2);
}
