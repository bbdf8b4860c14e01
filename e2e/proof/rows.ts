/** One line of the proof's table: written down first, judged afterwards, so that a failing row is seen too. */
import { writeProofRow, type ProofRow } from "#commands/proof-table.ts";
import { expect } from "@playwright/test";
import type { Verdict } from "./checker.ts";
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
  if (gap) expect(Math.abs(gap.markedMs - gap.trueMs)).toBeLessThanOrEqual(60);
}

/** One recording, several faults one after the other: each row has what is wrong inside its span, the last what is wrong elsewhere. */
export function judgeSpans(order: number, verdict: Verdict, spans: readonly (Span & { notes?: string })[]): void {
  const isIn = (span: Span, atMs: number): boolean => atMs >= span.fromMs - slackMs && atMs <= span.toMs + slackMs;
  const sum = (span: Span, kind: string): number =>
    verdict.steps.reduce((ms, step) => ms + (step.kind === kind && isIn(span, step.atMs) ? step.ms : 0), 0);
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

/** `heardMs`: the place in the signal that had been heard when the recording was cut. */
export type Cut = { fault: string; heardMs: number; boundMs: number; notes: string };

/** One visit, cut several times: the stretch before each cut must reach up to it, and nothing may be wrong inside any. */
export function judgeCuts(order: number, verdict: Verdict, cuts: readonly Cut[]): void {
  for (const [index, cut] of cuts.entries()) {
    const { saidFromMs, saidToMs } = verdict.stretches[index] ?? { saidFromMs: 0, saidToMs: 0 };
    writeProofRow({
      ...emptyRow,
      order: order + index,
      fault: cut.fault,
      recordedMs: saidToMs - saidFromMs,
      lostMs: 0,
      duplicatedMs: 0,
      atFault: { lostMs: cut.heardMs - saidToMs, boundMs: cut.boundMs },
      notes: cut.notes,
    });
  }
  judge({ order: order + cuts.length, fault: "inside the stretches between these", verdict });
  for (const [index, cut] of cuts.entries()) {
    const lostMs = cut.heardMs - (verdict.stretches[index]?.saidToMs ?? 0);
    expect(lostMs, cut.fault).toBeLessThanOrEqual(cut.boundMs);
  }
}

/**
 * Time in which nothing could be recorded. `before`, `after`: the captures' leads over the clock on both sides of it (heard-at.ts).
 * `isSameCapture`: the sound stood still and went on, it did not begin anew.
 */
export type Silence = { fault: string; before: number; after: number; isSameCapture: boolean };

/** Gaps are marked to this. */
const gapToleranceMs = 60;

/** One visit with gaps: each must be marked at its true length, and nothing may be wrong outside them. */
export function judgeSilences(
  order: number,
  verdict: Verdict,
  silences: readonly (Silence & { markedMs: number })[],
): void {
  let stretch = 0;
  const gaps = silences.map(({ before, after, isSameCapture, markedMs }) => {
    if (isSameCapture) return { trueMs: before - after, markedMs };
    const [earlier, later] = [verdict.stretches[stretch], verdict.stretches[stretch + 1]];
    stretch += 1;
    return { trueMs: (later?.saidFromMs ?? 0) - after - ((earlier?.saidToMs ?? 0) - before), markedMs };
  });
  for (const [index, { fault }] of silences.entries()) {
    const gap = gaps[index] ?? null;
    writeProofRow({
      ...emptyRow,
      order: order + index,
      fault,
      recordedMs: 0,
      lostMs: 0,
      duplicatedMs: 0,
      gap,
      notes: "",
    });
  }
  judge({ order: order + silences.length, fault: "outside these gaps", verdict });
  for (const [index, { trueMs, markedMs }] of gaps.entries()) {
    const isMarked = Math.abs(markedMs - Math.max(0, trueMs)) <= gapToleranceMs;
    expect(isMarked, `${silences[index]?.fault}: ${trueMs} ms, marked ${markedMs} ms`).toBe(true);
  }
}
