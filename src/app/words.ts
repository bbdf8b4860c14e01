/** Figures as people read them. Pure; times are given, never taken. */

/** `754_000` → `12:34`; from an hour on `1:02:34`. */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const tail = `${String(m).padStart(h > 0 ? 2 : 1, "0")}:${String(s).padStart(2, "0")}`;
  return h > 0 ? `${h}:${tail}` : tail;
}

/** The same for a screen reader: `12 minutes 34 seconds`. */
export function durationSpoken(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor((seconds % 3600) / 60), "minute"],
    [seconds % 60, "second"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return said.length === 0 ? "0 seconds" : said.join(" ");
}

/** A short age as the status chip says it: `now`, `0:04 ago`, `3:20 ago`. */
export function ageWords(ms: number): string {
  return ms < 2000 ? "now" : `${durationWords(ms)} ago`;
}

/** Bytes as people read them: `640 kB`, `4.2 MB`, `1.3 GB`. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(Math.max(0, bytes) / 1000)} kB`;
  const [scaled, unit] = bytes < 1_000_000_000 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${scaled.toFixed(scaled < 10 ? 1 : 0)} ${unit}`;
}

/** How long ago: `just now`, `4 min ago`, `2 h ago`, `3 days ago`. */
export function agoWords(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${Math.floor(hours / 24)} days ago`;
}

/** Whole years between two `YYYY-MM-DD` dates. */
export function ageAt(birthDate: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** `2026-03-09` → `Mon 9 Mar 2026`: a calendar date, the same in every zone. */
export function dateWords(date: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  }).format(Date.parse(`${date}T00:00:00Z`));
}

/** `1957-03-09` → `9 Mar 1957`. */
export function birthDateWords(date: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" }).format(
    Date.parse(`${date}T00:00:00Z`),
  );
}

/** The calendar date `days` after another. */
export function shiftDate(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
