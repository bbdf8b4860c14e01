/** Notices that a recorder gives nothing any more, which browsers do without any event (sleep, changed sample rate, driver faults). */
import type { Clock } from "#model/clock.ts";
import type { Recorder } from "./recorder.ts";

const checkMs = 500;
const nudgeMs = 1000;
const lostMs = 2000;

export type Watchdog = { sliceCame(): void; pause(): void; resume(): void; stop(): void };

export function watchRecorder(recorder: Recorder, clock: Clock, onSilent: (isSilent: boolean) => void): Watchdog {
  let lastAt = clock.now();
  let isPaused = false;
  let isSilent = false;

  const say = (silent: boolean): void => {
    if (silent !== isSilent) onSilent((isSilent = silent));
  };
  const check = (): void => {
    if (isPaused) return;
    const quietMs = clock.now() - lastAt;
    if (quietMs >= nudgeMs) recorder.flush();
    if (quietMs >= lostMs) say(true);
  };
  const timer = setInterval(check, checkMs);
  return {
    sliceCame: () => {
      lastAt = clock.now();
      say(false);
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      [isPaused, lastAt] = [false, clock.now()];
    },
    stop: () => clearInterval(timer),
  };
}
