/** FHIR date values against a calendar date of the clinic: `2027`, `2027-03`, `2027-03-02`, times, and ge gt le lt ne before them. */
import { dateIn } from "#model/clock.ts";

/** False for what cannot be read. A time with a zone is first moved to the clinic's, so `T00:00:00Z` is the day before. */
export function fitsDate(date: string, value: string, timeZone: string): boolean {
  const match = /^(eq|ne|ge|gt|le|lt)?(\d{4}(?:-\d\d(?:-\d\d)?)?)(T.*)?$/u.exec(value);
  if (!match) return false;
  const [, prefix = "eq", day = "", time = ""] = match;
  const wanted = hasZone(time) ? localDate(`${day}${time}`, timeZone) : day;
  return wanted !== undefined && comparisons[prefix]?.(date, wanted) === true;
}

/** A shorter date stands for its whole month or year. */
const comparisons: Record<string, (date: string, wanted: string) => boolean> = {
  eq: (date, wanted) => date.startsWith(wanted),
  ne: (date, wanted) => !date.startsWith(wanted),
  ge: (date, wanted) => date >= wanted,
  gt: (date, wanted) => date > wanted && !date.startsWith(wanted),
  le: (date, wanted) => date <= wanted || date.startsWith(wanted),
  lt: (date, wanted) => date < wanted,
};

function hasZone(time: string): boolean {
  return /(?:Z|[+-]\d\d:\d\d)$/u.test(time);
}

function localDate(time: string, timeZone: string): string | undefined {
  const instantMs = Date.parse(time);
  return Number.isNaN(instantMs) ? undefined : dateIn(timeZone, instantMs);
}
