/** Time as a replaceable object: one clock in browser, clinic server and sandbox. */
export type Clock = {
  /** Milliseconds since 1970, UTC. */
  now(): number;
};

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that runs `offsetMs` ahead of the machine's. */
export function createOffsetClock(offsetMs: number): Clock {
  return { now: () => Date.now() + offsetMs };
}

/** The calendar date `YYYY-MM-DD` at an instant in an IANA zone. */
export function dateIn(timeZone: string, instantMs: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    instantMs,
  );
}

/** The wall-clock time `HH:MM` at an instant in an IANA zone. */
export function timeIn(timeZone: string, instantMs: number): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hour12: false }).format(
    instantMs,
  );
}
