import { expect, test } from "vitest";
import { withFigures } from "./figures.ts";
import { transcriptOf } from "./visits/read-visit.ts";
import { textOf, tokensOf } from "./words.ts";

/** `word~10` was heard with a posterior of 0.10, and below 0.3 is unclear; `|` is a pause. */
function figures(said: string): string {
  return transcriptOf([said], 0.3)
    .turns.map((turn) => textOf(withFigures(tokensOf(turn))))
    .join(" ");
}

test.each([
  ["blood pressure is one hundred fifty over ninety", "blood pressure is 150/90"],
  ["blood pressure one fifty over ninety", "blood pressure 150/90"],
  ["one twenty eight over seventy six", "128/76"],
  ["aspirin eighty one milligrams once a day", "aspirin 81 mg once a day"],
  ["heart rate is eighty eight", "heart rate is 88"],
  ["oxygen is ninety six percent", "oxygen is 96%"],
  ["three times a day", "3 times a day"],
  ["in two weeks", "in 2 weeks"],
  ["one tablet or one to two puffs", "1 tablet or 1 to 2 puffs"],
  ["one and a half tablets", "one and a half tablets"],
  ["this one and one of them", "this one and one of them"],
  ["one day i fell", "one day i fell"],
  ["for one day", "for 1 day"],
  ["ten over two weeks", "10 over 2 weeks"],
  ["call nine one one", "call 9-1-1"],
  ["take two fifty milligram tablets", "take 2 50 mg tablets"],
  ["two hundred fifty milligram tablets", "250 mg tablets"],
  ["at seven thirty in the morning", "at 7:30 in the morning"],
  ["on the twenty first", "on the 21st"],
  ["81mg twice a day", "81 mg twice a day"],
  ["forty-five minutes", "45 minutes"],
  ["1,200 units", "1200 units"],
])("%s", (said, written) => {
  expect(figures(said)).toBe(written);
});

test.each([
  ["part of a number was not understood", "one hundred fifty~10 over ninety", "[unclear] [unclear] over 90"],
  ["its front was not understood", "take two~10 hundred fifty milligrams", "take [unclear] [unclear] milligrams"],
  ["what follows may be a part of it", "one hundred and fife~10 over ninety", "[unclear] and [unclear] over 90"],
  ["a neighbour sounds like no number", "for~10 three weeks", "[unclear] 3 weeks"],
  ["it may have been four fifty", "for~10 fifty milligrams", "[unclear] [unclear] milligrams"],
  ["a pause parts them", "is eighty eight | lumps~10 are clear", "is 88 [unclear] are clear"],
  ["the unit was not understood", "eighty one milligrams~10", "81 [unclear]"],
  ["the decimal was misheard", "one hundred point for your oxygen", "100 point [unclear] your oxygen"],
  ["the decimal is missing", "one hundred point your oxygen", "100 point [unclear] your oxygen"],
])("never a part for the whole: %s", (_, said, written) => {
  expect(figures(said)).toBe(written);
});
