/** The error table of Codify, read as our problems; and what a body says, where we can read it. */
import type { Clock } from "#model/clock.ts";
import type { ProblemCode, ProblemError } from "#model/problem.ts";
import { problem } from "#model/problem.ts";
import type { CodingAnswer } from "./coding.ts";

const byStatus: Record<number, ProblemCode> = {
  413: "coding_note_too_large",
  429: "rate_limited",
  504: "coding_timed_out",
};

/** The problem behind an answer that is not 200. Its body is not read: details of a refusal may quote the note. */
export function problemOf(answer: CodingAnswer, clock: Clock): ProblemError {
  const { status } = answer;
  const code = byStatus[status] ?? (status >= 500 ? "coding_down" : status >= 400 ? "coding_refused" : unreadable);
  const retryAfterMs = retryAfterOf(answer, clock);
  return problem(code, {
    detail: `status ${status}`,
    ...(status === 413 ? { field: "medical_note" } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const unreadable: ProblemCode = "coding_answer_unreadable";

/** 429 and 5xx pass by themselves; 400, 401, 413 and 422 say the same again. */
export function isWorthAgain({ status }: CodingAnswer): boolean {
  return status === 429 || status >= 500;
}

/** `Retry-After` in seconds or as a date; undefined when there is none, or none that means anything. */
function retryAfterOf({ headers }: CodingAnswer, clock: Clock): number | undefined {
  const header = headers["retry-after"]?.trim();
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/u.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now());
}

/** The body as JSON, undefined when it is none. */
export function jsonOf({ body }: CodingAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
