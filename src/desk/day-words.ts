/** Clinic dates and times in words. Dates are `YYYY-MM-DD`, wall clock of the clinic; no zone is applied to them. */

function format(date: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
}

/** "Tue 22 Dec". */
export function shortDay(date: string): string {
  return format(date, { weekday: "short", day: "numeric", month: "short" });
}

/** "Tuesday 22 December 2026", with the comma that the locale puts. */
export function longDay(date: string): string {
  return format(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

/** "2:30 pm" from "14:30" or "14:30:00". */
export function timeWords(time: string): string {
  const [hour = "0", minute = "00"] = time.split(":");
  const value = Number(hour);
  return `${String(value % 12 === 0 ? 12 : value % 12)}:${minute} ${value < 12 ? "am" : "pm"}`;
}

/** The Monday of the week that a date is in. */
export function weekOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  const sinceMonday = (day.getUTCDay() + 6) % 7;
  day.setUTCDate(day.getUTCDate() - sinceMonday);
  return day.toISOString().slice(0, 10);
}
