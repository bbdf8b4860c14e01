/** One line of the proof's table: written down first, judged afterwards, so that a failing row is seen too. */
import { writeProofRow, type ProofRow } from "#commands/proof-table.ts";
import { expect } from "@playwright/test";
import type { Verdict } from "./checker.ts";

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
