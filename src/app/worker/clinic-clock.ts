/**
 * The clinic server's time in the worker, which begins before anybody knows it. In: the machine's clock, and how far behind the
 * clinic's it is, as every call of the page tells. Out: one clock for all that is written down and shown beside the server's times.
 */
import type { Clock } from "#model/clock.ts";

export type ClinicClock = Clock & {
  /** From now on this many milliseconds are added to the machine's. */
  follow(offsetMs: number): void;
};

export function createClinicClock(machine: Clock): ClinicClock {
  let offsetMs = 0;
  return {
    now: () => machine.now() + offsetMs,
    follow: (told) => {
      offsetMs = told;
    },
  };
}
