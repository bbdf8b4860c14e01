/** Trying again: pauses of 1, 2 and 4 s with full jitter, the service's own Retry-After honoured whole, within a budget. */
import type { Clock } from "#model/clock.ts";
import { isRetried, ProblemError } from "#model/problem.ts";

/** Time and chance as replaceable objects, so that tests neither wait nor gamble. */
export type Waiting = {
  clock: Clock;
  wait(ms: number): Promise<void>;
  /** 0 <= x < 1. */
  random(): number;
};

const pausesMs = [1000, 2000, 4000];

/**
 * Repeats `attempt` while its problem is of the kind that passes by itself and the next pause still fits into `budgetMs`.
 * What is thrown in the end is the last problem, with the sender's `retryAfterMs` untouched.
 */
export async function retry<T>(attempt: () => Promise<T>, waiting: Waiting, budgetMs: number): Promise<T> {
  const startedAt = waiting.clock.now();
  for (const ceilingMs of pausesMs) {
    try {
      return await attempt();
    } catch (thrown) {
      const pauseMs = pauseAfter(thrown, waiting.random() * ceilingMs);
      if (pauseMs === undefined || waiting.clock.now() - startedAt + pauseMs > budgetMs) throw thrown;
      await waiting.wait(pauseMs);
    }
  }
  return attempt();
}

/** Undefined: this failure does not pass by itself. Errors that are no problem of ours are faults of the program. */
function pauseAfter(thrown: unknown, jitterMs: number): number | undefined {
  if (!(thrown instanceof ProblemError) || !isRetried(thrown.problem.code)) return undefined;
  return Math.max(jitterMs, thrown.problem.retryAfterMs ?? 0);
}
