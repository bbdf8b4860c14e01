import { expect, test } from "vitest";
import { cutWords, sinceWords } from "./cut-words.ts";

const at = (ms: number) => new Date(ms).toISOString().slice(11, 19);
const cut = {
  patientName: "Ada Quill",
  durableMs: 702_000,
  lastSavedAt: Date.parse("2026-11-21T10:41:03Z"),
  imported: false,
};

test("a cut-off recording says what it has and how close to the end that is", () => {
  expect(cutWords({ ...cut, recoveredMs: 3000 }, at)).toBe(
    "Visit with Ada Quill, 11:42 recorded, last saved 3 s before it closed, 3 s recovered from the black box",
  );
  expect(cutWords({ ...cut, recoveredMs: 226 }, at)).toContain("last saved less than a second before it closed");
  expect(cutWords(cut, at)).toBe("Visit with Ada Quill, 11:42 recorded, last saved at 10:41:03");
  expect(cutWords({ ...cut, imported: true }, at)).toContain("11:42 taken from the file");
});

test("and how long ago that was", () => {
  expect(sinceWords(cut, cut.lastSavedAt + 130_000)).toBe("It was cut off 2 min ago.");
});
