/**
 * Notices that a recorder gives no sound any more, which browsers do without any event (sleep, changed sample rate, driver faults).
 * It counts packets, not events: some recorders go on giving slices with nothing in them.
 */
import { lookWhileAwake } from "./awake.ts";

/** Slices without a packet until the recorder is asked, and milliseconds until it is given up. */
const nudgeSlices = 3;
const lostMs = 2000;
const lostSlices = 4;

export type Watchdog = {
  packetsCame(): void;
  /** Looks away: the system has muted the microphone and says so itself. */
  rest(): void;
  /** Looks again, from now. */
  watch(): void;
  stop(): void;
};

export type Watched = {
  sliceMs: number;
  /** Bytes are on their way to the disk, and their packets not counted yet: a slow disk is not a silent microphone. */
  isBusy(): boolean;
  onQuiet(): void;
  /** Said once. */
  onLost(): void;
};

export function watchPackets({ sliceMs, isBusy, onQuiet, onLost }: Watched): Watchdog {
  let quietMs = 0;
  let isResting = false;
  const stop = lookWhileAwake((seenMs) => {
    if (isResting || isBusy()) return;
    quietMs += seenMs;
    if (quietMs >= nudgeSlices * sliceMs) onQuiet();
    if (quietMs < Math.max(lostMs, lostSlices * sliceMs)) return;
    stop();
    onLost();
  });
  return {
    packetsCame: () => {
      quietMs = 0;
    },
    rest: () => {
      isResting = true;
    },
    watch: () => {
      [isResting, quietMs] = [false, 0];
    },
    stop,
  };
}
