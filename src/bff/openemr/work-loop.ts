/** Rounds of background work: one at a time, again at once when woken meanwhile, else when the round says so. Keeps only a timer. */
import type { Schedule } from "#bff/visits/schedule.ts";

export type WorkLoop = {
  wake(): void;
  /** Resolves when the round under way has ended; none begins after. */
  stop(): Promise<void>;
};

export type LoopParts = {
  schedule: Schedule;
  /** Does what is due; says in how many ms to come again, or undefined to wait until woken. */
  round(isStopped: () => boolean): Promise<number | undefined>;
  /** A round broke; says in how many ms to come again. */
  broke(thrown: unknown): number;
};

/** Starts at once. */
export function createWorkLoop(parts: LoopParts): WorkLoop {
  let isStopped = false;
  let isWoken = false;
  let running: Promise<void> | undefined;
  let callOff = (): void => {};

  const run = async (): Promise<void> => {
    isWoken = false;
    const delayMs = await parts.round(() => isStopped).catch(parts.broke);
    running = undefined;
    if (isStopped) return;
    if (isWoken) start();
    else if (delayMs !== undefined) callOff = parts.schedule.after(delayMs, wake);
  };

  const start = (): void => {
    running = run();
  };

  const wake = (): void => {
    if (isStopped) return;
    callOff();
    isWoken = true;
    if (running === undefined) start();
  };

  start();
  return {
    wake,
    stop: async () => {
      isStopped = true;
      callOff();
      await running;
    },
  };
}
