/** Time that was not recorded, and moments that were marked, in words. Pure: the clinic's wall clock is given as `at`. */
import type { Gap, GapReason, Moment } from "#model/recording.ts";
import { durationSpoken, durationWords } from "#app/words.ts";

/** The wall clock of the clinic, `14:05:12`, at an instant in ms. */
export type WallClock = (instantMs: number) => string;

const secondMs = 1000;

const gapTitles: Record<GapReason, string> = {
  paused: "Paused",
  off_record: "Off the record",
  microphone_lost: "Microphone lost",
  microphone_muted: "Microphone muted",
  suspended: "Device asleep",
  interrupted: "Interrupted",
  damaged: "Damaged",
};

/** A busy machine loses a moment of sound as one does that sleeps; but nobody would say that it slept. */
export function gapTitle({ reason, lengthMs }: Gap): string {
  return reason === "suspended" && lengthMs !== null && lengthMs < secondMs ? "Sound dropped out" : gapTitles[reason];
}

/** Whose doing it was: a choice of the clinician needs no alarm. */
const chosen = new Set<GapReason>(["paused", "off_record"]);

export function isChosen({ reason }: Gap): boolean {
  return chosen.has(reason);
}

/** `Off the record 14:03, 0:42`, `Interrupted 14:05:12–14:05:15`, `Paused since 14:10`. */
export function gapWords(gap: Gap, at: WallClock): string {
  return `${gapTitle(gap)} ${gapTimes(gap, at)}`;
}

/** When and how long: to the minute for what was chosen, to the second for what happened. */
export function gapTimes(gap: Gap, at: WallClock): string {
  const { startedAt, lengthMs } = gap;
  if (lengthMs === null) return `since ${minuteOf(at(startedAt))}`;
  if (isChosen(gap)) return `${minuteOf(at(startedAt))}, ${durationWords(lengthMs)}`;
  if (lengthMs < secondMs) return `${at(startedAt)}, less than a second`;
  return `${at(startedAt)}–${at(startedAt + lengthMs)}`;
}

/** The same for a screen reader, which reads colons badly. */
export function gapSpoken(gap: Gap, at: WallClock): string {
  const { startedAt, lengthMs } = gap;
  const length =
    lengthMs === null ? "until now" : lengthMs < secondMs ? "less than a second" : durationSpoken(lengthMs);
  return `${gapTitle(gap)} at ${minuteOf(at(startedAt))}, ${length}`;
}

/** `14:03, at 3:20 of the recording`. */
export function momentTimes(moment: Moment, at: WallClock): string {
  return `${minuteOf(at(moment.at))}, at ${durationWords(moment.atMs)} of the recording`;
}

/** Gaps and moments as one story, the newest first. */
export type Happening = { kind: "gap"; at: number; gap: Gap } | { kind: "moment"; at: number; moment: Moment };

export function happenings(gaps: readonly Gap[], moments: readonly Moment[]): Happening[] {
  return [
    ...gaps.map((gap) => ({ kind: "gap" as const, at: gap.startedAt, gap })),
    ...moments.map((moment) => ({ kind: "moment" as const, at: moment.at, moment })),
  ].toSorted((a, b) => b.at - a.at);
}

/** `2 gaps, 0:57 not recorded`; undefined when all was recorded. */
export function gapSum(gaps: readonly Gap[]): string | undefined {
  if (gaps.length === 0) return undefined;
  const ms = gaps.reduce((sum, gap) => sum + (gap.lengthMs ?? 0), 0);
  const count = `${gaps.length} ${gaps.length === 1 ? "gap" : "gaps"}`;
  const isOpen = gaps.some((gap) => gap.lengthMs === null);
  if (isOpen) return ms < secondMs ? `${count}, not over yet` : `${count}, ${durationWords(ms)} and more not recorded`;
  return `${count}, ${ms < secondMs ? "less than a second" : durationWords(ms)} not recorded`;
}

function minuteOf(time: string): string {
  return time.slice(0, 5);
}
