/** Instants of FHIR and the clinic's wall clock. Unlike OpenEMR's own, each time carries the offset of its own season. */
import { minuteOfDay } from "#sandbox/openemr/minute-of-day.ts";
import { offsetAt, wallClock } from "#sandbox/openemr/site.ts";
import type { Site } from "#sandbox/openemr/site.ts";

export type WallTime = { date: string; /** Of the day. */ minute: number };

/** `2026-07-01T09:00:00-04:00` */
export function instantText({ timeZone }: Site, { date, minute }: WallTime): string {
  const wall = `${date}T${clockText(minute)}:00`;
  const nearby = Date.parse(`${wall}${offsetAt(timeZone, Date.parse(`${wall}Z`))}`);
  return `${wall}${offsetAt(timeZone, nearby)}`;
}

/** `09:00`; a time past midnight stays on its day, as `24:00`. */
export function clockText(minute: number): string {
  const twoDigits = (value: number): string => String(value).padStart(2, "0");
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}

/** The clinic's wall clock at an instant that has an offset; undefined for anything else. */
export function wallTimeOf({ timeZone }: Site, text: unknown): WallTime | undefined {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:Z|[+-]\d\d:\d\d)$/u.test(text)) return undefined;
  const instantMs = Date.parse(text);
  if (Number.isNaN(instantMs)) return undefined;
  const [date = "", time = ""] = wallClock(timeZone, instantMs).split(" ");
  return { date, minute: minuteOfDay(time) };
}
