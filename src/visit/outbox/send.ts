/** Requests to the clinic server over fetch; the only place in the vault that touches the network. */
import { problem } from "#model/problem.ts";
import type { Wire } from "./wire.ts";

/** Longer than the clinic server's own deadline for a chunk would leave a dead connection unnoticed. */
const usualDeadlineMs = 30_000;

export const sendOverFetch: Wire = async ({ method, path, headers, body, deadlineMs = usualDeadlineMs }) => {
  try {
    const response = await fetch(path, {
      method,
      headers: { ...headers, ...(method !== "GET" && { "x-bff": "1" }) },
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(deadlineMs),
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return { status: response.status, retryAfter: response.headers.get("retry-after"), body: parsed(text) };
  } catch (cause) {
    const isDeadline = cause instanceof Error && cause.name === "TimeoutError";
    throw problem(isDeadline ? "timed_out" : "offline", {}, cause);
  }
};

/** Something between us and the clinic server may answer with a page instead of JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
