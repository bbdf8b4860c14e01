/** The rows that the recording proof measured, as a table. In: one JSON file a row, written by e2e/proof. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Milliseconds. `atFault`: lost where the fault cut; `gap`: how far the marked gap is from the true one. */
export const ProofRow = z.object({
  order: z.number(),
  fault: z.string(),
  recordedMs: z.number(),
  lostMs: z.number(),
  duplicatedMs: z.number(),
  damagedMs: z.number(),
  atFault: z.object({ lostMs: z.number(), boundMs: z.number() }).nullable(),
  gap: z.object({ trueMs: z.number(), markedMs: z.number() }).nullable(),
  notes: z.string(),
});
export type ProofRow = z.infer<typeof ProofRow>;

/** Emptied by Playwright when a run begins. */
const folder = "test-results/proof";

export function writeProofRow(row: ProofRow): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${String(row.order).padStart(3, "0")}.json`), JSON.stringify(row));
}

/** Undefined when nothing was measured. */
export function proofTable(): string | undefined {
  const rows = readRows();
  if (rows.length === 0) return undefined;
  const head = [
    "fault",
    "recorded s",
    "lost ms",
    "duplicated ms",
    "lost at the fault ms (bound)",
    "gap ms: true, marked",
    "notes",
  ];
  const lines = [head, head.map(() => "---"), ...rows.map(cellsOf)];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function readRows(): ProofRow[] {
  try {
    const names = readdirSync(folder).toSorted();
    return names.map((name) => ProofRow.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))));
  } catch {
    return [];
  }
}

function cellsOf(row: ProofRow): string[] {
  const lost = row.lostMs + row.damagedMs;
  return [
    row.fault,
    (row.recordedMs / 1000).toFixed(1),
    lost.toFixed(1),
    row.duplicatedMs.toFixed(1),
    row.atFault === null ? "" : `${row.atFault.lostMs.toFixed(0)} (${row.atFault.boundMs.toFixed(0)})`,
    row.gap === null ? "" : `${row.gap.trueMs.toFixed(0)}, ${row.gap.markedMs.toFixed(0)}`,
    row.notes,
  ];
}
