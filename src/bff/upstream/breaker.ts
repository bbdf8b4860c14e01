/** The circuit breaker in front of an upstream: five failures in a row open it, and one call tries again after 2 s. */
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from "cockatiel";
import { problem, ProblemError, type ProblemCode } from "#model/problem.ts";

/** `half_open`: one call is under way to find out. */
export type BreakerState = "closed" | "half_open" | "open";

export type Breaker<Answer> = {
  /** `down` at once while it is open. Neither a refusal nor an answer in words opens it. */
  run(work: () => Promise<Answer>): Promise<Answer>;
  state(): BreakerState;
};

export type BreakerOptions<Answer> = {
  /** The problem when it is open. */
  down: ProblemCode;
  /** Answers that somebody else gives in place of an upstream that is away. */
  isAway?(answer: Answer): boolean;
};

const failuresThatOpen = 5;
export const breakerPauseMs = 2000;

export function createBreaker<Answer>({ down, isAway }: BreakerOptions<Answer>): Breaker<Answer> {
  const breaker = circuitBreaker(
    handleWhen(isOutage).orWhenResult((answer) => isAway?.(answer as Answer) ?? false),
    { halfOpenAfter: breakerPauseMs, breaker: new ConsecutiveBreaker(failuresThatOpen) },
  );
  return {
    run: async (work) => {
      try {
        return await breaker.execute(work);
      } catch (thrown) {
        if (thrown instanceof BrokenCircuitError) throw problem(down, { retryAfterMs: breakerPauseMs });
        throw thrown;
      }
    },
    state: () => words[breaker.state],
  };
}

const words: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.HalfOpen]: "half_open",
  [CircuitState.Open]: "open",
  [CircuitState.Isolated]: "open",
};

const outages: readonly ProblemCode[] = ["openemr_down", "scribe_down", "coding_down", "timed_out"];

/** Nobody answered, or not in time. */
export function isOutage(thrown: unknown): boolean {
  return thrown instanceof ProblemError && outages.includes(thrown.problem.code);
}
