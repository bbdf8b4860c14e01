/** One line of the proof's table: written down first, judged afterwards, so that a failing row is seen too. */
import { writeProofRow, type ProofRow } from "#commands/proof-table.ts";
import { expect } from "@playwright/test";
import type { Gap } from "#model/recording.ts";
import { type Step, type Stretch, sumOf, type Verdict } from "./checker.ts";
import { isSoak } from "./fixtures.ts";
import { markedMs } from "./marks.ts";
import type { Span } from "./visit.ts";

type Measured = { order: number; fault: string; verdict: Verdict } & Partial<
  Pick<ProofRow, "atFault" | "gap" | "notes">
>;

/** Nothing lost, doubled or damaged anywhere but at the fault; there, no more than its bound. */
export function judge({ order, fault, verdict, atFault = null, gap = null, notes = "" }: Measured): void {
  const { lostMs, duplicatedMs, damagedMs, stretches } = verdict;
  const recordedMs = stretches.reduce((sum, stretch) => sum + stretch.heldToMs - stretch.heldFromMs, 0);
  writeProofRow({ order, fault, recordedMs, lostMs, duplicatedMs, damagedMs, atFault, gap, notes });
  expect(verdict, JSON.stringify(verdict)).toMatchObject({
    lostMs: 0,
    duplicatedMs: 0,
    damagedMs: 0,
    missingCaptures: 0,
  });
  if (atFault) expect(atFault.lostMs).toBeLessThanOrEqual(atFault.boundMs);
  if (gap) expect(Math.abs(gap.markedMs - gap.trueMs)).toBeLessThanOrEqual(gapToleranceMs);
}

/** One recording, several faults one after the other: each row has what is wrong inside its span, the last what is wrong elsewhere. */
export function judgeSpans(order: number, verdict: Verdict, spans: readonly (Span & { notes?: string })[]): void {
  const isIn = (span: Span, atMs: number): boolean => atMs >= span.fromMs - slackMs && atMs <= span.toMs + slackMs;
  const sum = (span: Span, kind: Step["kind"]): number =>
    sumOf(
      verdict.steps.filter((step) => isIn(span, step.atMs)),
      kind,
    );
  for (const [index, span] of spans.entries()) {
    writeProofRow({
      ...emptyRow,
      order: order + index,
      fault: span.fault,
      recordedMs: span.toMs - span.fromMs,
      lostMs: sum(span, "lost"),
      duplicatedMs: sum(span, "duplicated"),
      notes: span.notes ?? "",
    });
  }
  judge({ order: order + spans.length, fault: "all of these, in one recording", verdict });
}

/** The timer on the screen shows whole seconds, and what was said up to a third of a second before. */
const slackMs = 1500;
const emptyRow = { damagedMs: 0, atFault: null, gap: null };

/** Compared with what the browser's recorder gave: all of that is held, and nothing else where nothing was cut. */
export function judgePackets(row: Omit<ProofRow, "measuredOn" | "damagedMs" | "atFault" | "gap">): void {
  writeProofRow({ ...emptyRow, ...row });
  expect(row.recordedMs).toBeGreaterThan(0);
  expect({ lostMs: row.lostMs, duplicatedMs: row.duplicatedMs }).toEqual({ lostMs: 0, duplicatedMs: 0 });
}

/** This machine cannot measure the row; the table says why. */
export function writeAbsentRow({ order, fault }: { order: number; fault: string }, why: string): void {
  const figures = { recordedMs: null, lostMs: 0, duplicatedMs: 0, ...emptyRow };
  writeProofRow({ order, fault, ...figures, notes: why });
}

/**
 * `heardMs`: the place in the signal that had been heard when the recording was cut. `tailMs`: how much before the cut may have come
 * by the second way, which may repeat `repeatedMs` of the first, so that no error of two clocks leaves a hole.
 */
export type Cut = {
  fault: string;
  heardMs: number;
  boundMs: number;
  repeatedMs: number;
  tailMs: number;
  notes: string;
};

/** One visit, cut several times: the stretch before each cut must reach up to it, and nothing may be wrong inside any. */
export function judgeCuts(order: number, verdict: Verdict, cuts: readonly Cut[]): void {
  const measured = cuts.map((cut, index) => measureCut(cut, verdict, index));
  for (const [index, { cut, lostMs, duplicatedMs, recordedMs }] of measured.entries()) {
    const atFault = { lostMs, boundMs: cut.boundMs };
    const place = { order: order + index, fault: cut.fault, notes: cut.notes };
    writeProofRow({ ...emptyRow, ...place, recordedMs, lostMs: 0, duplicatedMs, atFault });
  }
  const atCuts = measured.flatMap(({ steps }) => steps);
  const steps = verdict.steps.filter((step) => !atCuts.includes(step));
  const inside = { ...verdict, steps, lostMs: sumOf(steps, "lost"), duplicatedMs: sumOf(steps, "duplicated") };
  judge({ order: order + cuts.length, fault: "between these cuts", verdict: inside });
  for (const { cut, lostMs, duplicatedMs } of measured) {
    expect(lostMs, cut.fault).toBeLessThanOrEqual(cut.boundMs);
    expect(duplicatedMs, cut.fault).toBeLessThanOrEqual(cut.repeatedMs);
  }
}

function measureCut(cut: Cut, verdict: Verdict, index: number) {
  const stretch = verdict.stretches[index] ?? { heldFromMs: 0, heldToMs: 0, saidToMs: 0 };
  const { heldFromMs, heldToMs, saidToMs } = stretch;
  const steps = verdict.steps.filter(({ atMs }) => atMs > heldToMs - cut.tailMs && atMs <= heldToMs);
  const lostMs = cut.heardMs - saidToMs + sumOf(steps, "lost");
  return { cut, steps, lostMs, duplicatedMs: sumOf(steps, "duplicated"), recordedMs: heldToMs - heldFromMs };
}

/**
 * Time in which nothing could be recorded. `before`, `after`: the captures' leads over the clock on both sides of it (heard-at.ts).
 * `stoodStillFromMs`: the sound stood still and went on, it did not begin anew; the place in the recorded sound it did so after.
 */
export type Silence = { fault: string; before: number; after: number; stoodStillFromMs?: number };

/** Gaps are marked to this; beside other tests a machine is too busy to measure so well. */
const gapToleranceMs = isSoak ? 60 : 250;
/** A mark stands where the sound before it ends, to a few packets. */
const placeToleranceMs = 200;

/** One visit with gaps: each must be marked at its place, with its reason and true length, and nothing may be wrong outside them. */
export function judgeSilences(
  order: number,
  verdict: Verdict,
  { silences, gaps }: { silences: readonly Silence[]; gaps: readonly Gap[] },
): void {
  let stretch = 0;
  const measured = silences.map(({ fault, before, after, stoodStillFromMs }) => {
    const earlier = stretchOf(verdict, stretch);
    if (stoodStillFromMs !== undefined) {
      const place = { fromMs: stoodStillFromMs, toMs: earlier.heldToMs };
      const gap = { trueMs: before - after, markedMs: markedMs(gaps, { reason: "suspended", ...place }) };
      return { fault, gap };
    }
    const later = stretchOf(verdict, (stretch += 1));
    const place = { fromMs: later.heldFromMs - placeToleranceMs, toMs: later.heldFromMs + placeToleranceMs };
    const trueMs = later.saidFromMs - after - (earlier.saidToMs - before);
    return { fault, gap: { trueMs, markedMs: markedMs(gaps, { reason: "microphone_lost", ...place }) } };
  });
  for (const [index, { fault, gap }] of measured.entries()) {
    const figures = { recordedMs: 0, lostMs: 0, duplicatedMs: 0, gap, notes: "" };
    writeProofRow({ ...emptyRow, order: order + index, fault, ...figures });
  }
  judge({ order: order + silences.length, fault: "outside these gaps", verdict });
  for (const { fault, gap } of measured) {
    const isMarked = Math.abs(gap.markedMs - Math.max(0, gap.trueMs)) <= gapToleranceMs;
    expect(isMarked, `${fault}: ${gap.trueMs} ms, marked ${gap.markedMs} ms; all: ${JSON.stringify(gaps)}`).toBe(true);
  }
}

function stretchOf({ stretches }: Verdict, index: number): Stretch {
  const stretch = stretches[index];
  if (stretch === undefined) throw new Error(`only ${stretches.length} captures were found in the held sound`);
  return stretch;
}
