import { expect, test } from "vitest";
import { levelWords } from "./level-words.ts";

test("a level is told in words, from nothing over quiet and good to too loud", () => {
  expect(levelWords(null).words).toBe("Waiting for the microphone");
  expect(levelWords({ rms: -90, peak: -80 })).toEqual({ value: 0, words: "Nothing heard", tone: "quiet" });
  expect(levelWords({ rms: -50, peak: -40 }).words).toBe("Quiet");
  expect(levelWords({ rms: -22, peak: -9 }).words).toBe("Good");
  expect(levelWords({ rms: -6, peak: -0.2 }).words).toContain("Too loud");
});

test("the bar stays within its scale, in steps of one bar of 24", () => {
  expect(levelWords({ rms: -31, peak: -20 })).toEqual(levelWords({ rms: -30.1, peak: -20 }));
  expect(levelWords({ rms: 3, peak: 0 }).value).toBe(1);
  expect(levelWords({ rms: -30, peak: -20 }).value).toBeCloseTo(0.5);
});
