import { expect, test } from "vitest";
import { missingWords } from "./missing-words.ts";

test.each([
  [[], "The service could not finish a part of it."],
  [["medications"], "The service could not finish the medicines."],
  [["soap", "medications"], "The service could not finish the note itself and the medicines."],
  [
    ["audio_3.webm", "audio_4.webm", "referral_letter", "unnamed"],
    "The service could not finish a piece of the recording, referral letter and a part of it.",
  ],
])("%j", (missing, words) => {
  expect(missingWords(missing)).toBe(words);
});
