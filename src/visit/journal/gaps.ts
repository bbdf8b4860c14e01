/**
 * The time that was not recorded, from what is on the disk: marks say why, the recorder's times and the wall clock of the fragments
 * say how long. In: marks, and holes found in the sound, in the order of the log. Out: gaps, precise to one packet (60 ms).
 */
import type { Gap, GapReason } from "#model/recording.ts";

/** Less is the jitter of clocks and of packets. */
export const shortestGapMs = 60;

/**
 * `isOpen`: it lasts, as far as the log says. `isMarked`: its reason was told, not guessed. `isMeasured`: its length is that of
 * the sound around it, not of the telling.
 */
export type KnownGap = Gap & { isOpen: boolean; isMarked: boolean; isMeasured: boolean };

export type ToldGap = { reason: GapReason; startedAt: number; endedAt: number | null };

/** Sound is missing here. `reason` holds when no mark gives another. */
export type Hole = {
  reason: GapReason;
  atMs: number;
  startedAt: number;
  lengthMs: number;
  /** The same recording went on after it: what lasts longer was not this, unless the microphone was muted. */
  isInside?: boolean;
};

/** While these last nothing is stored: all that still arrives was said before. */
const storesNothing = new Set<GapReason>(["paused", "off_record"]);

/** A mark opens a gap, closes the open one of its reason, or tells of a whole one. */
export function markGap(gaps: KnownGap[], told: ToldGap, atMs: number): void {
  const { reason, startedAt, endedAt } = told;
  const open = gaps.findLast((gap) => gap.isOpen && gap.isMarked && gap.reason === reason);
  if (open) {
    if (endedAt !== null) closeGap(open, endedAt);
    return;
  }
  const isKnown = gaps.some((gap) => gap.reason === reason && overlap(gap, startedAt, endedAt ?? startedAt));
  if (isKnown) return;
  const guessed = gaps.findLast((gap) => !gap.isMarked && endedAt !== null && overlap(gap, startedAt, endedAt));
  if (guessed) {
    [guessed.reason, guessed.isMarked] = [reason, true];
    return;
  }
  const lengthMs = endedAt === null ? null : endedAt - startedAt;
  gaps.push({ reason, atMs, startedAt, lengthMs, isOpen: endedAt === null, isMarked: true, isMeasured: false });
}

/** The visit ends here, and what still lasts with it. */
export function closeGaps(gaps: readonly KnownGap[], endedAt: number): void {
  for (const gap of gaps) if (gap.isOpen) closeGap(gap, endedAt);
}

function closeGap(gap: KnownGap, endedAt: number): void {
  gap.isOpen = false;
  if (!gap.isMeasured) gap.lengthMs = Math.max(0, endedAt - gap.startedAt);
}

/** Nobody told that recording ended: it goes on missing until the next recording. What is told already is not told twice. */
export function openInterruption(gaps: KnownGap[], { atMs, startedAt }: Pick<Gap, "atMs" | "startedAt">): void {
  if (gaps.some((gap) => gap.isOpen)) return;
  gaps.push({
    reason: "interrupted",
    atMs,
    startedAt,
    lengthMs: null,
    isOpen: true,
    isMarked: false,
    isMeasured: false,
  });
}

/** It is known now what came after the sound that seemed to be the last. */
export function withoutInterruption(gaps: readonly KnownGap[]): KnownGap[] {
  return gaps.filter((gap) => !(gap.isOpen && gap.reason === "interrupted"));
}

/**
 * A hole in the sound gives the marks that fall into it their true length; without any it is a gap of its own. Sound that follows
 * at once ends what lasts. Answers with the gap before the sound that follows.
 */
export function measureGap(gaps: KnownGap[], { isInside, ...hole }: Hole): KnownGap | undefined {
  const endedAt = hole.startedAt + hole.lengthMs;
  if (hole.lengthMs <= shortestGapMs) {
    closeGaps(gaps, endedAt);
    return undefined;
  }
  const mayBe = (gap: KnownGap): boolean =>
    !isInside || gap.reason === "microphone_muted" || endOf(gap) <= endedAt + shortestGapMs;
  const within = gaps.filter((gap) => !gap.isMeasured && overlap(gap, hole.startedAt, endedAt) && mayBe(gap));
  const last = within.at(-1);
  if (last === undefined) {
    const gap = { ...hole, isOpen: false, isMarked: false, isMeasured: true };
    gaps.push(gap);
    return gap;
  }
  const before = within.slice(0, -1).reduce((sum, gap) => sum + (gap.lengthMs ?? 0), 0);
  for (const gap of within) [gap.isOpen, gap.isMeasured, gap.atMs] = [false, true, hole.atMs];
  last.lengthMs = Math.max(0, hole.lengthMs - before);
  if (within.length === 1) last.startedAt = hole.startedAt;
  return last;
}

/** The sound after this gap proves to have begun earlier by so much. */
export function shortenGap(gaps: KnownGap[], gap: KnownGap | undefined, byMs: number): void {
  if (gap === undefined || gap.lengthMs === null || byMs === 0) return;
  gap.lengthMs = Math.max(0, gap.lengthMs - byMs);
  if (!gap.isMarked && gap.lengthMs <= shortestGapMs) gaps.splice(gaps.indexOf(gap), 1);
}

/** Sound that was on its way when the gap was told belongs before it. */
export function placeGap(gaps: readonly KnownGap[], soundStartedAt: number, atMs: number): void {
  const gap = gaps.at(-1);
  if (gap === undefined || gap.isMeasured) return;
  if ((gap.isOpen && storesNothing.has(gap.reason)) || soundStartedAt < gap.startedAt) gap.atMs = atMs;
}

export function toGap({ reason, atMs, startedAt, lengthMs }: KnownGap): Gap {
  return { reason, atMs, startedAt, lengthMs };
}

function overlap(gap: Gap, from: number, to: number): boolean {
  return gap.startedAt <= to + shortestGapMs && endOf(gap) >= from - shortestGapMs;
}

function endOf(gap: Gap): number {
  return gap.lengthMs === null ? Number.POSITIVE_INFINITY : gap.startedAt + gap.lengthMs;
}
