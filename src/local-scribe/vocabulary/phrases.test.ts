import { expect, test } from "vitest";
import { leftAfterNewWord, spokenPhrases } from "./phrases.ts";

const phrases = spokenPhrases(["metformin", "losartan"], ["sciatica"]);

test("every medicine and word is known by itself and in turns of phrase", () => {
  const said = new Set(phrases.map(({ words }) => words.join(" ")));
  for (const text of ["metformin", "losartan", "sciatica", "take metformin", "allergic to losartan", "metformin twice"])
    expect(said).toContain(text);
  expect(said).not.toContain("allergic to sciatica");
});

test("what may follow a medicine is at most all there is", () => {
  const after = phrases.filter(({ words }) => words.length === 2 && words[0] === "metformin");
  const sum = after.reduce((total, { probability }) => total + probability, 0);
  expect(sum + leftAfterNewWord).toBeLessThanOrEqual(1);
});

test("no turn of phrase makes medicines likelier than one in five after the words before", () => {
  const sums = new Map<string, number>();
  for (const { words, probability } of phrases.filter(({ words }) =>
    ["metformin", "losartan"].includes(words.at(-1) ?? ""),
  )) {
    const before = words.slice(0, -1).join(" ");
    sums.set(before, (sums.get(before) ?? 0) + probability);
  }
  expect(Math.max(...sums.values())).toBeLessThanOrEqual(0.2001);
  expect(sums.get("")).toBeLessThan(0.01);
});
