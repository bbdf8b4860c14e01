/** Tells what was asked from what was said: a question names a finding without claiming it. */
import { wordsOf } from "./terms.ts";
import type { Turn } from "./transcript.ts";

const openers = new Set("do does did are is was were have has had can could will would".split(" "));
const subjects = new Set("you your the it this that there he she they any anyone".split(" "));
const reachWords = 12;

/** Does a question begin at most twelve words before this one, in the same stretch of speech? */
export function isAskedAt(words: readonly string[], index: number): boolean {
  for (let at = index - 1; at >= Math.max(0, index - reachWords); at -= 1) {
    if (isOpening(words, at)) return true;
  }
  return false;
}

/** "Do you ...", at the start or after another sentence; "I think you have" is no question. */
function isOpening(words: readonly string[], at: number): boolean {
  return openers.has(words[at] ?? "") && subjects.has(words[at + 1] ?? "") && !subjects.has(words[at - 1] ?? "");
}

/** Does this turn answer no? */
export function saysNo(turn: Turn | undefined): boolean {
  const first = turn?.words.slice(0, 2).flatMap((word) => wordsOf(word.text)) ?? [];
  return first.some((word) => word === "no" || word === "never" || word === "not");
}
