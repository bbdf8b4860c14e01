/**
 * How fast an upstream may be asked: at most `startsPerSecond` starts within any second and `atOnce` running, those who
 * wait for an answer on screen before background work. A sliding window, because a counter that refills lets bursts through.
 */
import { setTimeout as waitMs } from "node:timers/promises";
import type { Clock } from "#model/clock.ts";

export type Urgency = "interactive" | "background";
export type Pace = <T>(urgency: Urgency, work: () => Promise<T>) => Promise<T>;
export type PaceOptions = {
  startsPerSecond: number;
  atOnce: number;
  /** Counts on, whatever happens to the clock on the wall. */
  clock?: Clock;
  wait?: (ms: number) => Promise<unknown>;
};

const monotonic: Clock = { now: () => performance.now() };

export function createPace(options: PaceOptions): Pace {
  const { startsPerSecond, atOnce, clock = monotonic, wait = waitMs } = options;
  const queues: Record<Urgency, (() => void)[]> = { interactive: [], background: [] };
  let starts: number[] = [];
  let running = 0;
  let waiting = false;

  const startNext = (): void => {
    if (waiting) return;
    const now = clock.now();
    starts = starts.filter((at) => now - at < 1000);
    while (running < atOnce && queues.interactive.length + queues.background.length > 0) {
      const [oldest] = starts;
      if (starts.length >= startsPerSecond && oldest !== undefined) return startLater(oldest + 1000 - now);
      starts.push(now);
      running += 1;
      (queues.interactive.shift() ?? queues.background.shift())?.();
    }
  };
  const startLater = (ms: number): void => {
    waiting = true;
    void wait(ms).then(() => {
      waiting = false;
      startNext();
    });
  };
  return async (urgency, work) => {
    await new Promise<void>((resolve) => {
      queues[urgency].push(resolve);
      startNext();
    });
    try {
      return await work();
    } finally {
      running -= 1;
      startNext();
    }
  };
}
