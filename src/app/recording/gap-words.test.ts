import { expect, test } from "vitest";
import type { Gap } from "#model/recording.ts";
import { gapSpoken, gapSum, gapWords, happenings, momentTimes } from "./gap-words.ts";

const at = (ms: number) => new Date(ms).toISOString().slice(11, 19);
const start = Date.parse("2026-11-21T14:03:00Z");
const gap = (more: Partial<Gap>): Gap => ({
  reason: "off_record",
  atMs: 180_000,
  startedAt: start,
  lengthMs: 42_000,
  ...more,
});

test("what was chosen is told to the minute with its length", () => {
  expect(gapWords(gap({}), at)).toBe("Off the record 14:03, 0:42");
  expect(gapWords(gap({ reason: "paused", lengthMs: 61_000 }), at)).toBe("Paused 14:03, 1:01");
});

test("what happened by itself is told to the second", () => {
  const cut = gap({ reason: "interrupted", startedAt: start + 132_000, lengthMs: 3000 });
  expect(gapWords(cut, at)).toBe("Interrupted 14:05:12–14:05:15");
  expect(gapWords(gap({ reason: "microphone_lost", lengthMs: 90 }), at)).toBe(
    "Microphone lost 14:03:00, less than a second",
  );
});

test("a machine that lost a moment of sound did not sleep", () => {
  expect(gapWords(gap({ reason: "suspended", lengthMs: 120 }), at)).toBe(
    "Sound dropped out 14:03:00, less than a second",
  );
  expect(gapSpoken(gap({ reason: "suspended", lengthMs: 20_000 }), at)).toBe("Device asleep at 14:03, 20 seconds");
});

test("a gap that lasts says since when, aloud too", () => {
  expect(gapWords(gap({ lengthMs: null }), at)).toBe("Off the record since 14:03");
  expect(gapSpoken(gap({ lengthMs: null }), at)).toBe("Off the record at 14:03, until now");
  expect(gapSpoken(gap({}), at)).toBe("Off the record at 14:03, 42 seconds");
});

test("gaps and moments are one story, the newest first", () => {
  const moment = { atMs: 5000, at: start - 1000, text: null };
  const later = { atMs: 9000, at: start + 99_000, text: "Mole on the left arm" };
  expect(happenings([gap({})], [moment, later]).map(({ at: when }) => when)).toEqual([
    start + 99_000,
    start,
    start - 1000,
  ]);
  expect(momentTimes(later, at)).toBe("14:04, at 0:09 of the recording");
});

test("the sum counts what is over, and says what is not", () => {
  expect(gapSum([])).toBeUndefined();
  expect(gapSum([gap({})])).toBe("1 gap, 0:42 not recorded");
  expect(gapSum([gap({}), gap({ lengthMs: 15_000 })])).toBe("2 gaps, 0:57 not recorded");
  expect(gapSum([gap({}), gap({ lengthMs: null })])).toBe("2 gaps, 0:42 and more not recorded");
  expect(gapSum([gap({ lengthMs: null })])).toBe("1 gap, not over yet");
  expect(gapSum([gap({ lengthMs: 90 })])).toBe("1 gap, less than a second not recorded");
});
