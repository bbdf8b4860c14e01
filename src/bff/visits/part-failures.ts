/** When a part that gave no note stands in the way of the visit's draft. */
import type { Problem, ProblemCode } from "#model/problem.ts";
import { problem } from "#model/problem.ts";
import type { JobRecord } from "./scribe-jobs.ts";

const finalCodes = new Set<ProblemCode>(["audio_too_short", "audio_quality_poor", "language_unsupported"]);

/** The scribe would only say the same again. */
export function isFinal({ code }: Problem): boolean {
  return finalCodes.has(code);
}

/** A part with too little speech is left out of the draft when another part gave a note; any other failure fails the visit. */
export function blockingFailure(jobs: readonly JobRecord[]): Problem | undefined {
  const hasNote = jobs.some(({ state }) => state === "done");
  const failures = jobs.filter(({ state }) => state === "failed").map(failureOf);
  return failures.find((told) => !(hasNote && isFinal(told)));
}

export function failureOf(job: JobRecord): Problem {
  return job.problem ?? problem("processing_failed").problem;
}
