import { expect, test } from "vitest";
import { extendDictionary, readDictionary } from "./dictionary.ts";

test("new words and new ways to say known words are added, known ways are not repeated", () => {
  const base = "a AH\na(2) EY\nsulfa S UH L F AH\n";
  const added = readDictionary(
    "metformin M EH T F AO R M IH N\na EY\nsulfa S AH L F AH\nsulfa S UH L F AH\nsulfa S OW L F AH\n",
  );
  expect(extendDictionary(base, added)).toBe(
    `${base}metformin M EH T F AO R M IH N\nsulfa(2) S AH L F AH\nsulfa(3) S OW L F AH\n`,
  );
});

test("a word said in several ways needs no numbers in a list of ours", () => {
  expect(extendDictionary("", readDictionary("either IY DH ER\neither AY DH ER"))).toBe(
    "\neither IY DH ER\neither(2) AY DH ER\n",
  );
});
