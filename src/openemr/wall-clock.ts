/** OpenEMR keeps wall-clock times without a zone; here they meet the clinic's IANA zone, and only here. */
import { Temporal } from "temporal-polyfill";
import { addDays } from "#model/calendar-date.ts";

/** Minutes since midnight of `HH:MM` or `HH:MM:SS`; undefined for anything else. */
export function minuteOf(time: string): number | undefined {
  const match = /^(\d\d):(\d\d)(?::\d\d)?$/.exec(time);
  if (!match) return undefined;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return minute <= 24 * 60 ? minute : undefined;
}

/** `HH:MM` of minutes since midnight. */
export function timeOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** Minutes since midnight, `to` not included. */
type Stretch = { from: number; to: number };

const dayMs = 86_400_000;

/**
 * For one date: the instant at which a stretch of wall-clock time begins, or undefined when the clocks change in it. Such a
 * time does not exist, exists twice, or is longer or shorter than the clock on the wall says, and a calendar of wall-clock
 * times cannot say which is meant.
 */
export function startsOn(date: string, timeZone: string): (stretch: Stretch) => number | undefined {
  const midnight = startOfDate(date, timeZone);
  const isOrdinary = startOfDate(addDays(date, 1), timeZone) - midnight === dayMs;
  if (isOrdinary) return ({ from }) => midnight + from * 60_000;
  return (stretch) => startOnChangedDay(date, stretch, timeZone);
}

function startOnChangedDay(date: string, { from, to }: Stretch, timeZone: string): number | undefined {
  const start = instantOf(date, from, timeZone);
  // The last minute, not the end: an appointment may end just when the clocks change.
  const last = instantOf(date, to - 1, timeZone);
  if (start === undefined || last === undefined) return undefined;
  return last - start === (to - 1 - from) * 60_000 ? start : undefined;
}

/** The first instant of a date in a zone, in ms (where midnight does not exist, the first minute after). */
export function startOfDate(date: string, timeZone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

function instantOf(date: string, minute: number, timeZone: string): number | undefined {
  const wall = Temporal.PlainDate.from(date).toPlainDateTime().add({ minutes: minute });
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  const later = wall.toZonedDateTime(timeZone, { disambiguation: "later" });
  return earlier.equals(later) ? earlier.epochMilliseconds : undefined;
}

/** An instant of FHIR on the clinic's wall clock; undefined for text that is none. */
export function wallTimeOf(text: string, timeZone: string): { date: string; minute: number } | undefined {
  try {
    const wall = Temporal.Instant.from(text).toZonedDateTimeISO(timeZone);
    return { date: wall.toPlainDate().toString(), minute: wall.hour * 60 + wall.minute };
  } catch {
    return undefined;
  }
}

/** A wall-clock time as FHIR wants it, with the offset of its own season: `2027-07-01T09:00:00-04:00`. */
export function instantText(date: string, minute: number, timeZone: string): string {
  const wall = Temporal.PlainDate.from(date).toPlainDateTime().add({ minutes: minute });
  return wall.toZonedDateTime(timeZone).toString({ timeZoneName: "never" });
}
