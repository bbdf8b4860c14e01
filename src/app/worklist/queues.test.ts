import { expect, test } from "vitest";
import { problem } from "#model/problem.ts";
import type { HeldVisit } from "#model/recording.ts";
import { VisitView, WorklistRow } from "#protocol/bff.ts";
import { filterRows, isAllSent, queuesOf } from "./queues.ts";

const nowMs = Date.parse("2026-11-21T12:00:00Z");
let last = 0;

function visit(state: string, startedAt = "2026-11-21T10:00:00Z", more: object = {}): VisitView {
  last += 1;
  return VisitView.parse({
    id: `6b1f7c1e-6f0b-4a53-9c3e-0d3e5c1f2a${String(last).padStart(2, "0")}`,
    state,
    patient: { id: "p", name: "Ada Quill", birthDate: null, recordNumber: "1", sex: null },
    appointmentId: null,
    reason: "",
    clinician: { id: "u", name: "Dr. Hale" },
    startedAt,
    updatedAt: startedAt,
    device: "",
    received: { chunks: 0, durationMs: 0 },
    declared: null,
    step: null,
    problem: null,
    signedAt: null,
    filing: null,
    ...more,
  });
}

const held = (more: Partial<HeldVisit>): HeldVisit => ({
  visitId: visit("recording").id,
  patientName: "Ada Quill",
  patientBirthDate: null,
  recordNumber: "1",
  clinicianId: "u",
  startedAt: nowMs,
  lastSavedAt: nowMs,
  durableMs: 10_000,
  receivedMs: 0,
  chunksCut: 2,
  chunksReceived: 1,
  finished: true,
  gaps: [],
  moments: [],
  bytesOnDevice: 0,
  signedAt: null,
  imported: false,
  recoveredMs: 0,
  ...more,
});

test("what failed, also in filing, and what stays unsigned for a day needs attention", () => {
  const failed = visit("failed");
  const old = visit("draft_ready", "2026-11-20T11:59:00Z");
  const fresh = visit("draft_ready");
  const unfiled = visit("signed", undefined, {
    filing: { state: "failed", encounter: null, noteId: null, verifiedAt: null, problem: null },
  });
  const unanswered = visit("processing", undefined, { problem: problem("scribe_down").problem });
  const written = visit("processing");
  const visits = [failed, old, fresh, unfiled, unanswered, written];
  const queues = queuesOf({ visits, held: [], clinicianId: "u", nowMs });
  expect(queues.attention).toEqual([failed, old, unfiled, unanswered]);
  expect(queues.drafts).toEqual([old, fresh]);
});

test("only this clinician's unsent audio waits", () => {
  const mine = held({});
  const queues = queuesOf({ visits: [], held: [mine, held({ clinicianId: "other" })], clinicianId: "u", nowMs });
  expect(queues.waiting).toEqual([mine]);
});

test("a recording is sent when it is closed and the scribe has every chunk", () => {
  expect(isAllSent(held({ chunksReceived: 2 }))).toBe(true);
  expect(isAllSent(held({ chunksReceived: 2, finished: false }))).toBe(false);
  expect(isAllSent(held({ chunksCut: 0, chunksReceived: 0 }))).toBe(false);
});

type RowWords = { startTime: string; name: string; reason: string; state: string | null };

function row({ startTime, name, reason, state }: RowWords): WorklistRow {
  return WorklistRow.parse({
    appointmentId: String((last += 1)),
    date: "2026-11-21",
    startTime,
    durationMinutes: 15,
    reason,
    patient: { id: name, name, birthDate: null, recordNumber: "R-7", sex: null },
    clinician: { id: "u", name: "Dr. Hale" },
    visit: state === null ? null : { id: visit("failed").id, state, updatedAt: "2026-11-21T10:00:00Z" },
  });
}

test("rows are found by name, record number or reason, and stand in the order of the day", () => {
  const rows = [
    row({ startTime: "10:00", name: "Ada Quill", reason: "Knee", state: null }),
    row({ startTime: "09:00", name: "Ben Oak", reason: "Chest pain", state: "failed" }),
  ];
  expect(filterRows(rows, { text: "", state: "any" }).map((r) => r.startTime)).toEqual(["09:00", "10:00"]);
  expect(filterRows(rows, { text: "knee", state: "any" }).map((r) => r.patient.name)).toEqual(["Ada Quill"]);
  expect(filterRows(rows, { text: "r-7", state: "failed" }).map((r) => r.patient.name)).toEqual(["Ben Oak"]);
  expect(filterRows(rows, { text: "", state: "scheduled" }).map((r) => r.patient.name)).toEqual(["Ada Quill"]);
});
