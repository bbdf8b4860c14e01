/** The rows that the recording proof measured, as a table. In: one JSON file a row, written by e2e/proof. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/**
 * Milliseconds. `atFault`: lost where the fault cut; `gap`: how far the marked gap is from the true one. `recordedMs` null: this row
 * could not be measured here, `notes` says why. `order` is the row's number, the same in every run.
 */
export const ProofRow = z.object({
  order: z.number().int(),
  measuredOn: z.iso.date(),
  fault: z.string(),
  recordedMs: z.number().nullable(),
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

export function writeProofRow(row: Omit<ProofRow, "measuredOn">): void {
  mkdirSync(folder, { recursive: true });
  const measuredOn = new Date().toISOString().slice(0, 10);
  writeFileSync(join(folder, `${String(row.order).padStart(3, "0")}.json`), JSON.stringify({ ...row, measuredOn }));
}

/** Empty when nothing was measured. */
export function measuredRows(): ProofRow[] {
  try {
    const names = readdirSync(folder).toSorted();
    return names.map((name) => ProofRow.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))));
  } catch {
    return [];
  }
}

const head = [
  "row",
  "measured",
  "fault",
  "recorded s",
  "lost ms",
  "duplicated ms",
  "lost at the fault ms (bound)",
  "gap ms: true, marked",
  "notes",
];

/**
 * `before`: a text that may hold such a table already. Out: the same text with one table: the rows measured now in the place of
 * those with the same number, the others as they were, each with its date.
 */
export function withRows(before: string, rows: readonly ProofRow[]): string {
  const lines = new Map<number, string>();
  const words: string[] = [];
  for (const line of before.split("\n")) {
    const number = /^\| *(\d+) *\|/u.exec(line)?.[1];
    if (number !== undefined) lines.set(Number(number), line);
    else if (!line.startsWith("|")) words.push(line);
  }
  for (const row of rows) lines.set(row.order, lineOf(cellsOf(row)));
  const inOrder = [...lines].toSorted(([a], [b]) => a - b).map(([, line]) => line);
  const table = [lineOf(head), lineOf(head.map(() => "---")), ...inOrder].join("\n");
  return `${words.join("\n").trimEnd()}\n\n${table}\n`;
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cellsOf(row: ProofRow): string[] {
  const { order, measuredOn, fault, recordedMs, atFault, gap, notes } = row;
  const known = [String(order), measuredOn, fault];
  if (recordedMs === null) return [...known, "", "", "", "", "", notes];
  return [
    ...known,
    (recordedMs / 1000).toFixed(1),
    (row.lostMs + row.damagedMs).toFixed(1),
    row.duplicatedMs.toFixed(1),
    atFault === null ? "" : `${atFault.lostMs.toFixed(0)} (${atFault.boundMs.toFixed(0)})`,
    gap === null ? "" : `${gap.trueMs.toFixed(0)}, ${gap.markedMs.toFixed(0)}`,
    notes,
  ];
}
