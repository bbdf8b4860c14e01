import { expect, test } from "vitest";
import { recoveredWords } from "./recovered-words.ts";

test("a microphone that came back by itself is said, one that is still away is not", () => {
  expect(recoveredWords("microphone_lost", null)).toMatch(/is back/u);
  expect(recoveredWords("microphone_lost", "microphone_changed")).toMatch(/is back/u);
  expect(recoveredWords("microphone_muted", null)).toMatch(/heard again/u);
  expect(recoveredWords("microphone_muted", "microphone_lost")).toBeUndefined();
  expect(recoveredWords("too_quiet", null)).toBeUndefined();
  expect(recoveredWords(null, null)).toBeUndefined();
});
