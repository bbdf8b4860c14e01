/** A bell: everyone who took `next()` before a ring is woken by it. */
export type Signal = { next(): Promise<void>; ring(): void };

export function createSignal(): Signal {
  let waiting = Promise.withResolvers<void>();
  return {
    next: () => waiting.promise,
    ring() {
      waiting.resolve();
      waiting = Promise.withResolvers<void>();
    },
  };
}
