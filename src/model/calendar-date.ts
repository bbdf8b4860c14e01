/** Calendar dates `YYYY-MM-DD` without a time and without a zone: plain counting of days. */

const dayMs = 86_400_000;

function toUtc(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

function toText(utc: Date): string {
  return utc.toISOString().slice(0, 10);
}

/** The date `days` later (earlier when negative). */
export function addDays(date: string, days: number): string {
  return toText(new Date(toUtc(date).getTime() + days * dayMs));
}

/** The same day of a later month; the last day of that month when it is shorter (31 January + 1 month is 28 February). */
export function addMonths(date: string, months: number): string {
  const utc = toUtc(date);
  const day = utc.getUTCDate();
  utc.setUTCDate(1);
  utc.setUTCMonth(utc.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(utc.getUTCFullYear(), utc.getUTCMonth() + 1, 0)).getUTCDate();
  utc.setUTCDate(Math.min(day, lastDay));
  return toText(utc);
}

export const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
export type Weekday = (typeof weekdays)[number];

/** The weekday of a date. */
export function weekdayOf(date: string): Weekday {
  return weekdays[toUtc(date).getUTCDay()] ?? "sunday";
}

/** Every date from the first to the last, both included; none when the last is earlier. */
export function datesBetween(first: string, last: string): string[] {
  const dates: string[] = [];
  for (let date = first; date <= last; date = addDays(date, 1)) dates.push(date);
  return dates;
}
