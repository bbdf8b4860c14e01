import { z } from "zod";
import { hasShape } from "./shape.ts";

/**
 * Every named failure. A code is a promise to the screen: it has words and one action there.
 * Sources: MedScribeAlliance §11 for the scribe's codes; the rest are ours.
 */
export const ProblemCode = z.enum([
  // sign-in and rights
  "signed_out",
  "sign_in_failed",
  "launch_refused",
  "launch_used",
  "forbidden",
  "not_owner",
  // requests
  "invalid_request",
  "not_found",
  "conflict",
  "too_large",
  "rate_limited",
  "cancelled",
  // a file chosen on this device
  "file_unreadable",
  "file_without_audio",
  "file_too_short",
  // OpenEMR
  "openemr_down",
  "openemr_refused",
  "openemr_scope_missing",
  "openemr_role_missing",
  "openemr_answer_unreadable",
  "note_mismatch",
  "section_too_long",
  "time_taken",
  "outside_rules",
  "possible_duplicate",
  // scribe
  "scribe_down",
  "scribe_refused",
  "scribe_not_configured",
  "scribe_session_expired",
  "scribe_answer_unreadable",
  "chunk_conflict",
  "chunks_missing",
  "whole_file_wanted",
  "formats_differ",
  "audio_too_short",
  "audio_quality_poor",
  "language_unsupported",
  "processing_failed",
  // code suggestions
  "coding_down",
  "coding_timed_out",
  "coding_refused",
  "coding_answer_unreadable",
  "coding_note_too_large",
  // this device
  "microphone_denied",
  "microphone_missing",
  "microphone_lost",
  "storage_full",
  "storage_unavailable",
  "recorder_unsupported",
  "recorder_restarting",
  // network and ourselves
  "offline",
  "timed_out",
  "internal_error",
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

export const ProblemCategory = z.enum([
  "auth",
  "input",
  "state",
  "openemr",
  "scribe",
  "coding",
  "device",
  "network",
  "internal",
]);
export type ProblemCategory = z.infer<typeof ProblemCategory>;

/** A failure told with a code; `field` names the bad input, `retryAfterMs` is the sender's own wish. Never holds patient data. */
export const Problem = z.object({
  code: ProblemCode,
  category: ProblemCategory,
  field: z.string().optional(),
  /** For people who mend things: an id, a count, a code of the upstream. Never a body, a name or note text. */
  detail: z.string().max(200).optional(),
  retryAfterMs: z.number().int().nonnegative().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** As the schema, for those who must do without it (shape.ts). */
export function isProblem(told: unknown): told is Problem {
  if (!hasShape(told, { code: "string", category: "string" }) || !Object.hasOwn(categoryOf, String(told["code"])))
    return false;
  const { field = "", detail = "", retryAfterMs = 0 } = told;
  return typeof field === "string" && typeof detail === "string" && typeof retryAfterMs === "number";
}

/** Thrown by core code; its message is the code, so that nothing private reaches a log. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, cause?: unknown) {
    super(problem.code, { cause });
    this.name = "ProblemError";
    this.problem = problem;
  }
}

const categoryOf: Record<ProblemCode, ProblemCategory> = {
  signed_out: "auth",
  sign_in_failed: "auth",
  launch_refused: "auth",
  launch_used: "auth",
  forbidden: "auth",
  not_owner: "auth",
  invalid_request: "input",
  not_found: "state",
  conflict: "state",
  too_large: "input",
  rate_limited: "network",
  cancelled: "state",
  file_unreadable: "input",
  file_without_audio: "input",
  file_too_short: "input",
  openemr_down: "openemr",
  openemr_refused: "openemr",
  openemr_scope_missing: "openemr",
  openemr_role_missing: "openemr",
  openemr_answer_unreadable: "openemr",
  note_mismatch: "openemr",
  section_too_long: "input",
  time_taken: "state",
  outside_rules: "input",
  possible_duplicate: "state",
  scribe_down: "scribe",
  scribe_refused: "scribe",
  scribe_not_configured: "scribe",
  scribe_session_expired: "scribe",
  scribe_answer_unreadable: "scribe",
  chunk_conflict: "state",
  chunks_missing: "state",
  whole_file_wanted: "state",
  formats_differ: "state",
  audio_too_short: "scribe",
  audio_quality_poor: "scribe",
  language_unsupported: "scribe",
  processing_failed: "scribe",
  coding_down: "coding",
  coding_timed_out: "coding",
  coding_refused: "coding",
  coding_answer_unreadable: "coding",
  coding_note_too_large: "input",
  microphone_denied: "device",
  microphone_missing: "device",
  microphone_lost: "device",
  storage_full: "device",
  storage_unavailable: "device",
  recorder_unsupported: "device",
  recorder_restarting: "device",
  offline: "network",
  timed_out: "network",
  internal_error: "internal",
};

/** Makes the error for a code; the category follows from the code. */
export function problem(
  code: ProblemCode,
  more: Omit<Partial<Problem>, "code" | "category"> = {},
  cause?: unknown,
): ProblemError {
  return new ProblemError({ code, category: categoryOf[code], ...more }, cause);
}

const retried = new Set<ProblemCode>([
  "rate_limited",
  "openemr_down",
  "scribe_down",
  "offline",
  "timed_out",
  "internal_error",
]);

/** The one place that decides whether trying again by itself makes sense. */
export function isRetried(code: ProblemCode): boolean {
  return retried.has(code);
}

/** Reads whatever was thrown as a problem; anything unknown is `internal_error`. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  return { code: "internal_error", category: "internal" };
}
