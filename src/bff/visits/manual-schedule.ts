/** Timers that go off when a test says so. */
import type { Schedule } from "./schedule.ts";

export type ManualSchedule = Schedule & {
  /** What is to be done later, in ms from when it was asked for. */
  delays(): number[];
  /** Does the one asked for first. */
  runNext(): void;
};

export function createManualSchedule(): ManualSchedule {
  const waiting: { ms: number; work: () => void }[] = [];
  return {
    after: (ms, work) => {
      const entry = { ms, work };
      waiting.push(entry);
      return () => {
        const place = waiting.indexOf(entry);
        if (place >= 0) waiting.splice(place, 1);
      };
    },
    delays: () => waiting.map(({ ms }) => ms),
    runNext: () => waiting.shift()?.work(),
  };
}
