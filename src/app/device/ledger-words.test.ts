import { expect, test } from "vitest";
import { VisitId } from "#model/id.ts";
import type { HeldVisit, LedgerLine } from "#model/recording.ts";
import { placeOf, shortSum, stuckWords, totalsOf, uncutWords, whyHere } from "./ledger-words.ts";

const visit: HeldVisit = {
  visitId: VisitId.parse("3f0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f10"),
  patientName: "Ada Quill",
  patientBirthDate: null,
  recordNumber: "1047",
  clinicianId: "dr-x",
  startedAt: 1000,
  lastSavedAt: 2000,
  durableMs: 60_000,
  receivedMs: 45_000,
  chunksCut: 4,
  chunksReceived: 3,
  finished: true,
  gaps: [],
  moments: [],
  bytesOnDevice: 240_000,
  signedAt: null,
  imported: false,
  recoveredMs: 0,
};
const all = { ...visit, chunksReceived: 4, receivedMs: 60_000 };
const here = { isRunning: false, waiting: null };

test("a visit's place is the first of its obstacles", () => {
  expect(placeOf(visit, { isRunning: true, waiting: "network" })).toEqual({
    tone: "live",
    words: "Being recorded now",
  });
  expect(placeOf({ ...visit, finished: false }, here).words).toMatch(/^Cut off/u);
  expect(placeOf(visit, here)).toEqual({ tone: "info", words: "Sending" });
  expect(placeOf(visit, { ...here, waiting: "scribe" })).toEqual({ tone: "warn", words: "Waiting for the scribe" });
  expect(placeOf(all, { ...here, waiting: "network" })).toEqual({ tone: "good", words: "Received by the scribe" });
  expect(placeOf({ ...all, signedAt: "2026-11-21T10:00:00Z" }, here).words).toBe("Received and signed");
});

test("a visit without a single piece is never called received", () => {
  expect(placeOf({ ...visit, chunksCut: 0, chunksReceived: 0 }, here).words).toBe("Sending");
});

test("why the audio is still here depends on scribe, signature and the clinic's days", () => {
  expect(whyHere(visit, 0)).toContain("until the scribe has all of it and the note is signed");
  expect(whyHere(all, 0)).toContain("until the note is signed");
  const signed = { ...all, signedAt: "2026-11-21T10:00:00Z" };
  expect(whyHere(signed, 0)).toContain("erased now");
  expect(whyHere(signed, 1)).toContain("1 day after");
  expect(whyHere(signed, 7)).toContain("7 days after");
});

test("the piece that holds up the rest is named with its time", () => {
  const line = (sequence: number, receivedAt: string | null): LedgerLine => ({
    sequence,
    sha256: "ab".repeat(32),
    sizeBytes: 1,
    durationMs: 15_000,
    cutAt: Date.parse("2026-11-21T10:41:00Z") + sequence,
    receivedAt,
  });
  const at = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  expect(stuckWords([line(0, "2026-11-21T10:40:00Z"), line(1, null), line(2, null)], at)).toBe(
    "Piece 2 of 3 has waited since 10:41",
  );
  expect(stuckWords([line(0, "2026-11-21T10:40:00Z")], at)).toBeUndefined();
  expect(shortSum("0123456789abcdef".repeat(4))).toBe("01234567…cdef");
});

test("what is on the disk and in no piece yet is said", () => {
  expect(uncutWords({ uncutMs: 4200 })).toContain("newest 0:04");
  expect(uncutWords({ uncutMs: 0 })).toBeUndefined();
});

test("totals never count more as received than there is", () => {
  expect(totalsOf([visit, { ...all, receivedMs: 61_000 }])).toEqual({ visits: 2, bytes: 480_000, unsentMs: 15_000 });
});
