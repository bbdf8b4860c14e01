/** Does the clinic server answer? Told by every request of the page (bff-client.ts), shown in the top bar. */
import type { Problem } from "#model/problem.ts";
import { createStore } from "zustand/vanilla";

/** `unknown` before the first request. */
export const reach = createStore<{ server: "unknown" | "answers" | "away" }>(() => ({ server: "unknown" }));

/** The server was not reached at all; whatever it would have said is still open. */
export function isAway({ code }: Problem): boolean {
  return code === "offline" || code === "timed_out";
}
