import { expect, test } from "vitest";
import { confidenceWords } from "./confidence-words.ts";

test.each([
  [95.2, "Very sure (95 %)"],
  [90, "Very sure (90 %)"],
  [75, "Fairly sure (75 %)"],
  [50.4, "Not very sure (50 %)"],
  [0, "Unsure (0 %)"],
  [null, "It does not say how sure it is"],
])("%s reads %s", (percent, words) => {
  expect(confidenceWords(percent)).toBe(words);
});
