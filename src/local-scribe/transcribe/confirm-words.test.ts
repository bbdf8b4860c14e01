import { expect, test } from "vitest";
import type { Word } from "#model/transcript.ts";
import { confirmWords, reachMs } from "./confirm-words.ts";

function words(text: string, startMs: number | null = 0): Word[] {
  return text.split(" ").map((word, place) => {
    const start = startMs === null ? null : startMs + place * 300;
    return { text: word, startMs: start, endMs: start === null ? null : start + 290, confidence: 0.9, unclear: false };
  });
}

/** The words with brackets around those that the take does not confirm. */
function marked(main: Word[], take: Word[]): string {
  const confirmed = confirmWords(main, take);
  return main.map(({ text }, at) => (confirmed[at] ? text : `(${text})`)).join(" ");
}

test("words heard in the same order are confirmed, whatever stands between them", () => {
  expect(marked(words("it gets worse when i walk"), words("it's gets much worse when walk"))).toBe(
    "(it) gets worse when (i) walk",
  );
});

test("one word of the take confirms one word", () => {
  expect(marked(words("no no fever"), words("no fever"))).toMatch(/^(\(no\) no|no \(no\)) fever$/u);
});

test("the order counts", () => {
  expect(marked(words("left knee"), words("knee left"))).toMatch(/^(\(left\) knee|left \(knee\))$/u);
});

test("a word too far away confirms nothing, words without times may be anywhere", () => {
  expect(marked(words("fever"), words("fever", reachMs))).toBe("fever");
  expect(marked(words("fever"), words("fever", reachMs + 1))).toBe("(fever)");
  expect(marked(words("fever"), words("fever", null))).toBe("fever");
});

test("a take that heard nothing confirms nothing", () => {
  expect(confirmWords(words("no fever"), [])).toEqual([false, false]);
  expect(confirmWords([], words("no fever"))).toEqual([]);
});
