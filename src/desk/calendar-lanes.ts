/** Where entries of a calendar column stand: minutes of the day, and side by side where they overlap. */
import type { CalendarEntry } from "#protocol/bff-desk.ts";

export type Placed = { entry: CalendarEntry; from: number; to: number; lane: number; lanes: number };

/** Shown at least this long, so that its words can be read; also what has no end in OpenEMR. */
const shortestMinutes = 15;

/** Entries of one column in order of time; those that overlap, directly or through others, share its width. */
export function placed(entries: readonly CalendarEntry[]): Placed[] {
  const spans = entries
    .map((entry) => ({ entry, ...spanOf(entry) }))
    .sort((one, other) => one.from - other.from || other.to - one.to);
  const result: Placed[] = [];
  let group: Placed[] = [];
  let groupEnd = -1;
  const close = (): void => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane + 1));
    result.push(...group.map((one) => ({ ...one, lanes })));
    group = [];
  };
  for (const span of spans) {
    if (span.from >= groupEnd) close();
    const busy = new Set(group.filter(({ to }) => to > span.from).map(({ lane }) => lane));
    let lane = 0;
    while (busy.has(lane)) lane += 1;
    group.push({ ...span, lane, lanes: 1 });
    groupEnd = Math.max(groupEnd, span.to);
  }
  close();
  return result;
}

/** The hours to draw: eight to five, more where something lies outside. */
export function hoursOf(entries: readonly CalendarEntry[]): { from: number; to: number } {
  const spans = entries.filter(({ kind }) => kind === "appointment").map(spanOf);
  const from = Math.min(8 * 60, ...spans.map((span) => span.from));
  const to = Math.max(17 * 60, ...spans.map((span) => span.to));
  return { from: Math.floor(from / 60), to: Math.ceil(to / 60) };
}

function spanOf({ startTime, endTime, kind }: CalendarEntry): { from: number; to: number } {
  const from = minuteOf(startTime);
  const wholeDay = kind !== "appointment" && endTime === null && from === 0;
  const to = wholeDay ? 24 * 60 : minuteOf(endTime ?? startTime);
  return { from, to: Math.max(to, from + shortestMinutes) };
}

function minuteOf(time: string): number {
  const [hour = "0", minute = "0"] = time.split(":");
  return Number(hour) * 60 + Number(minute);
}
