/** The scribes of a test clinic: its first one and, where a test wants them, others. */
import { createScribes, type ScribeLine, type Scribes } from "#bff/scribes/scribes.ts";
import type { KeptHealth } from "#bff/scribes/kept-health.ts";
import type { BreakerState } from "#bff/upstream/breaker.ts";
import type { Coding } from "#coding/coding.ts";
import type { Clock } from "#model/clock.ts";
import type { Scribe } from "#scribe/scribe.ts";

/** The name of the clinic's first service. */
export const firstService = "127.0.0.1:8400";

/** What the clinic has beside its first scribe, and how long it waits for that one. */
export type Beside = {
  /** The code service. */
  coding?: Coding | undefined;
  others?: ScribeLine[];
  failoverAfterMs?: number;
  breaker?: () => BreakerState;
};

export function scribesOf(beside: Beside, scribe: Scribe, around: { clock: Clock; health: KeptHealth }): Scribes {
  const { others = [], failoverAfterMs = null, breaker = () => "closed" as const } = beside;
  return createScribes([{ name: firstService, scribe, breaker }, ...others], { ...around, failoverAfterMs });
}
