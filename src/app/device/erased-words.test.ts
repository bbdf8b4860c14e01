import { expect, test } from "vitest";
import { VisitId } from "#model/id.ts";
import { lengthWords, reasonWords, shortVisit, toldWords } from "./erased-words.ts";

test("a receipt tells length, pieces and whose number it was", () => {
  expect(lengthWords({ durationMs: 754_000, chunks: 47 })).toBe("12:34 in 47 pieces");
  expect(lengthWords({ durationMs: 9_000, chunks: 1 })).toBe("0:09 in 1 piece");
  expect(lengthWords({ durationMs: 9_000, chunks: 0 })).toBe("0:09");
  expect(lengthWords({ durationMs: 0, chunks: 0 })).toBe("No sound");
  expect(shortVisit(VisitId.parse("3f0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f10"))).toBe("3f0c6a52");
});

test("why it was erased, and whether the clinic server knows, are words of their own", () => {
  expect(new Set(Object.values(reasonWords)).size).toBe(4);
  expect(reasonWords.withdrawn).toBe("Consent was withdrawn");
  expect([toldWords({ isTold: true }), toldWords({ isTold: false })]).toEqual(["Knows of it", "Not told yet"]);
});
