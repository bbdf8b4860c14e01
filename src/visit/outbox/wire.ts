/** The little of HTTP that the outbox needs. In the browser it is send.ts; in tests it is answered by hand. */
import { isProblem, problem, ProblemError, type ProblemCode } from "#model/problem.ts";
import { hasShape } from "#model/shape.ts";

export type WireRequest = {
  method: "GET" | "PUT" | "POST";
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  /** Half a minute when absent. */
  deadlineMs?: number;
};

/** `body` is the parsed JSON, undefined when there is none. */
export type WireAnswer = { status: number; retryAfter: string | null; body: unknown };

/** Throws `offline` or `timed_out`; any answer at all is returned. */
export type Wire = (request: WireRequest) => Promise<WireAnswer>;

const codeOfStatus: Record<number, ProblemCode> = {
  401: "signed_out",
  403: "forbidden",
  404: "not_found",
  408: "timed_out",
  409: "conflict",
  413: "too_large",
  425: "rate_limited",
  429: "rate_limited",
};

/** The problem an answer tells of, with the whole Retry-After; an answer of something in between is read by its status. */
export function problemOf(answer: WireAnswer, now: number): ProblemError {
  const told = hasShape(answer.body, { problem: "object" }) ? answer.body["problem"] : undefined;
  const retryAfterMs = retryAfterOf(answer.retryAfter, now);
  if (isProblem(told)) return new ProblemError({ ...told, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  const code = codeOfStatus[answer.status] ?? (answer.status < 500 ? "invalid_request" : "internal_error");
  const detail = `status ${answer.status}`;
  return problem(code, retryAfterMs === undefined ? { detail } : { detail, retryAfterMs });
}

/** Seconds or a date (RFC 9110 §10.2.3), as milliseconds from now. */
function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, Math.round(ms));
}
