import { expect, test } from "vitest";
import { countDifferences, rightWords } from "./align-words.ts";

const words = (text: string) => text.split(" ");

test("each heard word is held against the word said in its place", () => {
  const said = words("it gets worse when i walk up the stairs");
  const heard = words("it's gets worse when walk up the hilly stairs");
  expect(rightWords(said, heard)).toEqual([false, true, true, true, true, true, true, false, true]);
  expect(countDifferences(said, heard)).toBe(3);
});

test("nothing heard is all missing, nothing said all too much", () => {
  expect(countDifferences(words("a b c"), [])).toBe(3);
  expect(rightWords([], words("a b"))).toEqual([false, false]);
});
