/**
 * The calendar as OpenEMR told it in the last five minutes, for screens that only look. Booking never reads it. In memory: a
 * restart asks again. Every change of ours forgets all of it.
 */
import type { Clock } from "#model/clock.ts";
import type { AvailabilityQuestion } from "#openemr/availability.ts";

export type KeptCalendar = { question: AvailabilityQuestion; at: number };

export type CalendarCache = {
  /** `read` runs when nothing young enough is kept, or when asked for afresh; a failure is not kept. */
  of(key: string, fresh: boolean, read: () => Promise<AvailabilityQuestion>): Promise<KeptCalendar>;
  forget(): void;
};

const lifeMs = 5 * 60_000;
const mostKept = 200;

export function createCalendarCache(clock: Clock): CalendarCache {
  const kept = new Map<string, { calendar: Promise<KeptCalendar>; at: number }>();
  return {
    of: (key, fresh, read) => {
      const known = kept.get(key);
      const at = clock.now();
      if (!fresh && known !== undefined && at - known.at < lifeMs) return known.calendar;
      if (kept.size >= mostKept) kept.clear();
      const calendar = read().then((question) => ({ question, at }));
      const entry = { calendar, at };
      kept.set(key, entry);
      calendar.catch(() => {
        if (kept.get(key) === entry) kept.delete(key);
      });
      return calendar;
    },
    forget: () => kept.clear(),
  };
}
