/** One JSON request with a time limit, tried again while the server is busy or away: after about 1, 2 and 4 s, or when it asks. */
import { setTimeout as sleep } from "node:timers/promises";
import { problem } from "#model/problem.ts";
import type { ProblemCode } from "#model/problem.ts";

export type Wait = (ms: number) => Promise<unknown>;

export type Sending = {
  url: string;
  body: string;
  key: string;
  send: typeof fetch;
  /** For one try, ms, until the whole answer is read. */
  timeoutMs: number;
  wait?: Wait;
};

type Failure = { code: ProblemCode; detail: string; retryAfterMs: number | undefined };
type Outcome = { text: string } | { failure: Failure };

const delaysMs = [1000, 2000, 4000];
/** A longer wish of the server is passed on to whoever asked. */
const longestWaitMs = 30_000;

/** The text of a 2xx answer. Rejects with `rate_limited`, `scribe_down`, `timed_out` or, without a second try, `scribe_refused`. */
export async function sendWithRetries(sending: Sending): Promise<string> {
  const wait = sending.wait ?? sleep;
  for (let tries = 0; ; tries += 1) {
    const outcome = await sendOnce(sending);
    if ("text" in outcome) return outcome.text;
    const { code, detail, retryAfterMs } = outcome.failure;
    const delayMs = delaysMs[tries];
    const isLast = delayMs === undefined || code === "scribe_refused" || (retryAfterMs ?? 0) > longestWaitMs;
    if (isLast) throw problem(code, { detail, ...(retryAfterMs !== undefined && { retryAfterMs }) });
    await wait(Math.max(retryAfterMs ?? 0, jittered(delayMs)));
  }
}

/** Half to the whole of it, so that many waiters do not come back at once. */
function jittered(ms: number): number {
  return Math.round(ms * (0.5 + Math.random() / 2));
}

async function sendOnce({ url, body, key, send, timeoutMs }: Sending): Promise<Outcome> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const headers = { "content-type": "application/json", accept: "application/json", authorization: `Bearer ${key}` };
    const response = await send(url, { method: "POST", headers, body, signal, redirect: "error" });
    if (response.ok) return { text: await response.text() };
    await response.body?.cancel();
    return { failure: { ...nameStatus(response.status), retryAfterMs: retryAfterMs(response.headers) } };
  } catch {
    // The cause may quote the address or the body: only its kind is told.
    const code = signal.aborted ? "timed_out" : "scribe_down";
    return { failure: { code, detail: "note service gave no answer", retryAfterMs: undefined } };
  }
}

function nameStatus(status: number): { code: ProblemCode; detail: string } {
  const detail = `note service ${status}`;
  if (status === 429) return { code: "rate_limited", detail };
  return { code: status >= 500 || status === 408 ? "scribe_down" : "scribe_refused", detail };
}

/** RFC 9110 §10.2.3: seconds; the date form is taken against the server's own Date, so that no clock is needed. */
function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\d+$/u.test(value)) return Number(value) * 1000;
  const ms = Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
