/** The error table: MedScribeAlliance §11 and the codes really seen, read as our problems. */
import type { Clock } from "#model/clock.ts";
import type { Problem, ProblemCode, ProblemError } from "#model/problem.ts";
import { problem } from "#model/problem.ts";
import { MsaError } from "#protocol/medscribealliance.ts";
import type { SendAnswer } from "#scribe/scribe.ts";
import { jsonOf } from "./answer.ts";

const byCode: Record<string, ProblemCode> = {
  authentication_failed: "scribe_refused",
  token_expired: "scribe_refused",
  invalid_api_key: "scribe_refused",
  forbidden: "scribe_refused",
  rate_limit_exceeded: "rate_limited",
  session_not_found: "scribe_session_expired",
  transaction_not_found: "scribe_session_expired",
  session_expired: "scribe_session_expired",
  session_ended: "conflict",
  session_completed: "conflict",
  audio_conflict: "chunk_conflict",
  chunk_too_large: "too_large",
  file_too_large: "too_large",
  audio_quality_poor: "audio_quality_poor",
  audio_too_short: "audio_too_short",
  insufficient_audio: "audio_too_short",
  language_unsupported: "language_unsupported",
  processing_failed: "processing_failed",
  internal_error: "scribe_down",
  service_unavailable: "scribe_down",
};

const byStatus: Record<number, ProblemCode> = {
  404: "scribe_session_expired",
  408: "scribe_down",
  409: "chunk_conflict",
  410: "scribe_session_expired",
  413: "too_large",
  429: "rate_limited",
};

/** The problem behind an answer that is not 2xx: by its code where we know it, else by its status. */
export function problemOf(answer: SendAnswer, clock: Clock): ProblemError {
  const fault = faultOf(answer);
  const known = fault && Object.hasOwn(byCode, fault.code) ? byCode[fault.code] : undefined;
  const code = known ?? byStatus[answer.status] ?? (answer.status >= 500 ? "scribe_down" : "scribe_refused");
  const retryAfterMs = retryAfterOf(answer, clock);
  return problem(code, {
    detail: `${answer.status} ${safeWord(fault?.code)}`.trim(),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
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

/** `Retry-After` in seconds or as a date, else `details.retry_after_seconds` (§12.7). */
function retryAfterOf(answer: SendAnswer, clock: Clock): number | undefined {
  const header = answer.headers["retry-after"];
  const inBody = faultOf(answer)?.details?.["retry_after_seconds"];
  if (header !== undefined && /^\d+$/u.test(header.trim())) return Number(header) * 1000;
  if (header !== undefined) {
    const at = Date.parse(header);
    if (!Number.isNaN(at)) return Math.max(0, at - clock.now());
  }
  return typeof inBody === "number" && inBody >= 0 ? Math.ceil(inBody * 1000) : undefined;
}

/** A code is passed on only when it looks like one: messages of services have held patient data. */
function safeWord(code: string | undefined): string {
  return code !== undefined && /^[A-Za-z_]{1,40}$/u.test(code) ? code : "";
}
