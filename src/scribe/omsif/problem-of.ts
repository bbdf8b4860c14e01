/** The error table: OMSIF's catalogue (docs/errors.md), read as our problems. */
import type { Clock } from "#model/clock.ts";
import type { Problem, ProblemCode, ProblemError } from "#model/problem.ts";
import { problem } from "#model/problem.ts";
import { OmsifFault } from "#protocol/omsif.ts";
import { jsonOf, retryAfterOf, safeWord } from "#scribe/answer.ts";
import type { SendAnswer } from "#scribe/scribe.ts";

const byCode: Record<string, ProblemCode> = {
  validation_error: "scribe_refused",
  invalid_template: "scribe_refused",
  audio_unsupported: "scribe_refused",
  unauthorized: "scribe_refused",
  forbidden: "scribe_refused",
  resource_not_found: "scribe_session_expired",
  rate_limit_exceeded: "rate_limited",
  internal_error: "scribe_down",
  service_unavailable: "scribe_down",
};

const byStatus: Record<number, ProblemCode> = {
  404: "scribe_session_expired",
  408: "scribe_down",
  409: "conflict",
  410: "scribe_session_expired",
  413: "too_large",
  425: "scribe_down",
  429: "rate_limited",
  504: "timed_out",
};

/** The problem behind an answer that is not 2xx: by its code where we know it, else by its status. */
export function problemOf(answer: SendAnswer, clock: Clock): ProblemError {
  const given = faultCodeOf(answer);
  const known = given !== undefined && Object.hasOwn(byCode, given) ? byCode[given] : undefined;
  const code = known ?? byStatus[answer.status] ?? (answer.status >= 500 ? "scribe_down" : "scribe_refused");
  const retryAfterMs = retryAfterOf(answer, clock);
  return problem(code, {
    detail: `${answer.status} ${safeWord(given)}`.trim(),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const failures: Record<string, ProblemCode> = {
  audio_quality_low: "audio_quality_poor",
  audio_too_short: "audio_too_short",
  processing_timeout: "processing_failed",
};

/** Why a job failed; an unknown code is `processing_failed`. */
export function failureOf(code: string | undefined): Problem {
  const known = code !== undefined && Object.hasOwn(failures, code) ? failures[code] : undefined;
  return problem(known ?? "processing_failed", { detail: safeWord(code) }).problem;
}

/** The error table of a job (OMSIF, "Job failures"): a timeout is worth one more try. */
export function isWorthOnceMore(code: string | undefined): boolean {
  return code === "processing_timeout";
}

/** The flat code, undefined for the bodies of the reference server, which have none. */
function faultCodeOf(answer: SendAnswer): string | undefined {
  const parsed = OmsifFault.safeParse(jsonOf(answer));
  return parsed.success ? parsed.data.code : undefined;
}
