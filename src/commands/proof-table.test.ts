import { expect, test } from "vitest";
import { type ProofRow, withRows } from "./proof-table.ts";

const row = (order: number, measuredOn: string, fault: string): ProofRow => ({
  order,
  measuredOn,
  fault,
  recordedMs: 60_000,
  lostMs: 0,
  duplicatedMs: 0,
  damagedMs: 0,
  atFault: null,
  gap: null,
  notes: "",
});

const first = [row(0, "2026-11-20", "none"), row(30, "2026-11-20", "reload"), row(31, "2026-11-20", "closed")];

test("a run of some rows replaces those and keeps the others with their dates, in order", () => {
  const before = withRows("# Proof\n\nTwo cores.", first);
  const text = withRows(before, [{ ...row(30, "2026-11-25", "reload"), atFault: { lostMs: 12.4, boundMs: 50 } }]);
  expect(text.split("\n")).toEqual([
    "# Proof",
    "",
    "Two cores.",
    "",
    expect.stringMatching(/^\| row \| measured \| fault/u),
    expect.stringMatching(/^\| --- /u),
    "| 0 | 2026-11-20 | none | 60.0 | 0.0 | 0.0 |  |  |  |",
    "| 30 | 2026-11-25 | reload | 60.0 | 0.0 | 0.0 | 12 (50) |  |  |",
    "| 31 | 2026-11-20 | closed | 60.0 | 0.0 | 0.0 |  |  |  |",
    "",
  ]);
});

test("damage counts as lost, a gap shows both lengths, and what could not be measured shows no figures", () => {
  const [damaged, gap] = [
    { ...row(1, "2026-11-25", "a"), damagedMs: 50 },
    { ...row(2, "2026-11-25", "b"), gap: { trueMs: 19_999.6, markedMs: 20_040 } },
  ];
  const absent = { ...row(3, "2026-11-25", "power cut"), recordedMs: null, notes: "not run: needs root" };
  expect(withRows("", [absent, gap, damaged]).split("\n").slice(-4)).toEqual([
    "| 1 | 2026-11-25 | a | 60.0 | 50.0 | 0.0 |  |  |  |",
    "| 2 | 2026-11-25 | b | 60.0 | 0.0 | 0.0 |  | 20000, 20040 |  |",
    "| 3 | 2026-11-25 | power cut |  |  |  |  |  | not run: needs root |",
    "",
  ]);
});
