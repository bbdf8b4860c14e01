/** An answer of a service about itself, kept as long as it allows, asked for once however many wait. Lost at a restart. */
import type { Clock } from "#model/clock.ts";

export type Kept<T> = {
  /** `fresh` asks again at once. */
  get(fresh?: boolean): Promise<T>;
  /** The next `get` asks again. */
  forget(): void;
};

export function createKept<T>(clock: Clock, ask: () => Promise<{ value: T; maxAgeMs: number }>): Kept<T> {
  let kept: { value: T; until: number } | undefined;
  let running: Promise<T> | undefined;
  const renew = async (): Promise<T> => {
    const { value, maxAgeMs } = await ask();
    kept = { value, until: clock.now() + maxAgeMs };
    return value;
  };
  return {
    get: (fresh = false) => {
      if (kept && !fresh && clock.now() < kept.until) return Promise.resolve(kept.value);
      running ??= renew().finally(() => {
        running = undefined;
      });
      return running;
    },
    forget: () => {
      kept = undefined;
    },
  };
}

const hourMs = 3_600_000;

/** An hour when Cache-Control says nothing (MedScribeAlliance §4.8). */
export function maxAgeMs(header: string | undefined): number {
  if (header === undefined) return hourMs;
  if (/\bno-(?:store|cache)\b/iu.test(header)) return 0;
  const seconds = /\bmax-age=(\d{1,9})/iu.exec(header)?.[1];
  return seconds === undefined ? hourMs : Number(seconds) * 1000;
}
