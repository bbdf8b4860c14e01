/** Tells OpenEMR's refusals from its values. The status alone says little: validation errors come as 200, empty lists as 404. */
import { ErrorBody } from "#protocol/openemr.ts";
import { OperationOutcome } from "#protocol/openemr-scheduling.ts";
import { problem } from "#model/problem.ts";
import type { ProblemError } from "#model/problem.ts";
import type { SendAnswer } from "./send.ts";

/** The JSON of an answer; `undefined` where OpenEMR says "nothing" (7.0 as the text `null`, later as no text at all). */
export type Answer = { json: unknown; length: number };

/** The detail by which a missing route is known (7.0 has no FHIR appointments). */
export const routeNotFound = "route not found";

/** The value in an answer; throws what the answer means when it is a refusal. */
export function readAnswer(sent: SendAnswer): Answer {
  if (sent.status === 429) throw problem("rate_limited", retryAfter(sent));
  const text = sent.body.trim();
  if (text === "" || text === "null") return readEmpty(sent.status);
  const json = parseJson(text);
  if (sent.status >= 500) throw problem("openemr_down", { detail: `HTTP ${sent.status}` });
  if (json === undefined) throw problem("openemr_answer_unreadable", { detail: `no JSON, HTTP ${sent.status}` });
  const error = ErrorBody.safeParse(json);
  if (error.success) throw refusal(sent.status, error.data.message);
  const outcome = OperationOutcome.safeParse(json);
  if (outcome.success && sent.status >= 400) throw outcomeProblem(sent.status, outcome.data);
  return { json, length: text.length };
}

/** The refusal inside a map of field to rule to message; messages are left out, they may quote the value. */
export function validationProblem(json: unknown): ProblemError {
  const [field, rules] = firstEntry(json);
  const [rule] = firstEntry(rules);
  return problem("openemr_refused", {
    ...(field === undefined ? {} : { field }),
    detail: (rule ?? "no reason given").slice(0, 100),
  });
}

function readEmpty(status: number): Answer {
  if (status >= 500) throw problem("openemr_down", { detail: `HTTP ${status}` });
  // 7.0 answers a missing scope and a missing role alike: 401 without a word.
  if (status === 401) throw problem("openemr_scope_missing", { detail: "scope or role" });
  if (status === 404 || status < 400) return { json: undefined, length: 0 };
  throw problem("openemr_refused", { detail: `HTTP ${status}` });
}

/** FHIR's own form of a refusal. Its text says what OpenEMR's error body says; it is looked at and not kept. */
function outcomeProblem(status: number, { issue }: OperationOutcome): ProblemError {
  const code = issue.map((one) => one.code).join(" ");
  const text = issue.map(({ details }) => details?.text ?? "").join(" ");
  if (status === 401 || status === 403 || text.includes("Refresh Token revoked")) return refusal(status, text);
  if (status === 409) return problem("conflict", { detail: code });
  if (code === "not-supported") return problem("openemr_refused", { detail: routeNotFound });
  if (status === 404) return problem("not_found");
  return problem("openemr_refused", { detail: `${code}, HTTP ${status}`.slice(0, 100) });
}

function refusal(status: number, message: string): ProblemError {
  if (status === 401) return problem(message === "Unauthorized" ? "openemr_scope_missing" : "signed_out");
  if (status === 403) {
    return problem(message.includes("insufficient permissions") ? "openemr_scope_missing" : "openemr_role_missing");
  }
  if (status === 400 && message.includes("Refresh Token revoked")) return problem("signed_out");
  if (status === 404) return problem("openemr_refused", { detail: routeNotFound });
  if (status === 409) return problem("conflict", { detail: "HTTP 409" });
  return problem("openemr_refused", { detail: `HTTP ${status}` });
}

function retryAfter(sent: SendAnswer): { retryAfterMs?: number } {
  const seconds = Number(sent.headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstEntry(value: unknown): [string | undefined, unknown] {
  if (typeof value !== "object" || value === null) return [undefined, undefined];
  const [entry] = Object.entries(value);
  return entry ?? [undefined, undefined];
}
