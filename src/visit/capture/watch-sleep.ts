/** Notices that the machine was asleep: no browser says so. A page that was only blocked looks alike, until its sound arrives. */
import type { Clock } from "#model/clock.ts";
import { afterAwake } from "./awake.ts";

const lookMs = 500;
const jumpMs = 2500;
const settleMs = 1000;
/** No browser makes longer packets. */
const packetMs = 60;

export type Sleeper = {
  clock: Clock;
  /** Packets recorded so far; undefined while nothing is recorded. */
  packets(): number | undefined;
  over: AbortSignal;
  onWake(): void;
};

/** After a jump of the clock, sound for most of it comes within a second if the machine was awake. */
export function watchSleep({ clock, packets, over, onWake }: Sleeper): void {
  let lookedAt = clock.now();
  const timer = setInterval(() => {
    const passedMs = clock.now() - lookedAt;
    lookedAt = clock.now();
    const before = packets();
    if (passedMs < jumpMs || before === undefined) return;
    afterAwake(settleMs, () => {
      const came = (packets() ?? before) - before;
      if (!over.aborted && came * packetMs < passedMs / 2) onWake();
    });
  }, lookMs);
  over.addEventListener("abort", () => clearInterval(timer));
}
