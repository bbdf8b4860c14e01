import { expect, test } from "vitest";
import { failedWords, readingWords } from "./import-words.ts";

test("progress names the file and how far it is read", () => {
  expect(readingWords({ name: "dictation.m4a", sizeBytes: 4_200_000, share: 0.409 })).toBe(
    "dictation.m4a (4.2 MB): 40 % read",
  );
  expect(readingWords({ name: "a.wav", sizeBytes: 900, share: 1.2 })).toBe("a.wav (1 kB): 100 % read");
});

test("a failure names the file, its reason, and that it is unchanged", () => {
  const { title, text } = failedWords({ name: "letter.pdf", code: "file_unreadable" });
  expect(title).toBe("“letter.pdf” could not be used");
  expect(text).toMatch(/^This file cannot be read\. .*unchanged\.$/u);
  expect(failedWords({ name: "film.webm", code: "file_without_audio" }).text).toContain("no sound in this file");
});
