/** The error table: MedScribeAlliance §11 and the codes really seen, read as our problems. */
import type { Clock } from "#model/clock.ts";
import type { Problem, ProblemCode, ProblemError } from "#model/problem.ts";
import { problem } from "#model/problem.ts";
import { MsaError } from "#protocol/medscribealliance.ts";
import { jsonOf, retryAfterOf, safeWord } from "#scribe/answer.ts";
import type { SendAnswer } from "#scribe/scribe.ts";

const byCode: Record<string, ProblemCode> = {
  authentication_failed: "scribe_refused",
  token_expired: "scribe_refused",
  invalid_api_key: "scribe_refused",
  forbidden: "scribe_refused",
  rate_limit_exceeded: "rate_limited",
  session_not_found: "scribe_session_expired",
  transaction_not_found: "scribe_session_expired",
  template_not_found: "scribe_refused",
  webhook_not_found: "scribe_refused",
  session_expired: "scribe_session_expired",
  session_ended: "conflict",
  session_completed: "conflict",
  audio_conflict: "chunk_conflict",
  invalid_request: "scribe_refused",
  bad_request: "scribe_refused",
  invalid_audio_format: "scribe_refused",
  invalid_template: "scribe_refused",
  missing_required_field: "scribe_refused",
  unsupported_version: "scribe_refused",
  not_implemented: "scribe_refused",
  chunk_too_large: "too_large",
  file_too_large: "too_large",
  audio_quality_poor: "audio_quality_poor",
  audio_too_short: "audio_too_short",
  insufficient_audio: "audio_too_short",
  language_unsupported: "language_unsupported",
  processing_failed: "processing_failed",
  extraction_failed: "processing_failed",
  internal_error: "scribe_down",
  unexpected_error: "scribe_down",
  service_unavailable: "scribe_down",
};

const byStatus: Record<number, ProblemCode> = {
  404: "scribe_session_expired",
  408: "scribe_down",
  409: "chunk_conflict",
  410: "scribe_session_expired",
  413: "too_large",
  425: "scribe_down",
  429: "rate_limited",
};

/** The problem behind an answer that is not 2xx: by its code where we know it, else by its status. */
export function problemOf(answer: SendAnswer, clock: Clock): ProblemError {
  const fault = faultOf(answer);
  const known = fault && Object.hasOwn(byCode, fault.code) ? byCode[fault.code] : undefined;
  const code = known ?? byStatus[answer.status] ?? (answer.status >= 500 ? "scribe_down" : "scribe_refused");
  const retryAfterMs = retryAfterOf(answer, clock) ?? retryAfterInBody(fault);
  return problem(code, {
    detail: [answer.status, safeWord(fault?.code), fieldOf(fault)].filter((word) => word !== "").join(" "),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The field that was refused, where the service names it. */
function fieldOf(fault: MsaError["error"] | undefined): string {
  const field = fault?.details?.["field"];
  return typeof field === "string" ? safeWord(field) : "";
}

/** Why a session or template failed, by the code in its body; an unknown one is `processing_failed`. */
export function failureOf(code: string | undefined): Problem {
  const known = code !== undefined && Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  const told = known !== undefined && finalFailures.has(known) ? known : "processing_failed";
  return problem(told, { detail: safeWord(code) }).problem;
}

const finalFailures = new Set<ProblemCode>([
  "audio_quality_poor",
  "audio_too_short",
  "language_unsupported",
  "processing_failed",
]);

/** The service's error object, undefined when the body holds none. */
export function faultOf(answer: SendAnswer): MsaError["error"] | undefined {
  const parsed = MsaError.safeParse(jsonOf(answer));
  return parsed.success ? parsed.data.error : undefined;
}

/** §12.7: `details.retry_after_seconds`, for services that leave out the header. */
function retryAfterInBody(fault: MsaError["error"] | undefined): number | undefined {
  const seconds = fault?.details?.["retry_after_seconds"];
  return typeof seconds === "number" && seconds >= 0 && seconds < 1e9 ? Math.ceil(seconds * 1000) : undefined;
}
