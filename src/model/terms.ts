/** Words as comparable terms: figures as numbers, units in one form, endings off, fillers out. Used to hold a note against a transcript. */
import { fillers, isDrug, negations, sides, unitForms, units } from "./clinical-words.ts";
import { spokenNumbers } from "./spoken-numbers.ts";

export type TermKind = "word" | "number" | "side" | "drug" | "unit" | "negation";

/** `from..to` are indexes into the words the term was made of. */
export type Term = { text: string; kind: TermKind; from: number; to: number; negated: boolean };

/** Words that end the reach of a "no" or "not". */
const negationStops = new Set("but i my you your he she take please call and then".split(" "));
const negationReach = 4;

/** Takes written or spoken text apart: "BP 150/90." gives `bp`, `150`, `90`. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(/n['’]t\b/gu, " not")
    .replaceAll("'", " ")
    .replaceAll(/(\d)(mg|mcg|ml|g|kg|%)/gu, "$1 $2")
    .replaceAll("%", " percent ")
    .replaceAll("°", " degree ")
    .split(/[^\p{L}\p{N}.]+/u)
    .map((word) => word.replace(/^\.+|\.+$/gu, ""))
    .filter((word) => word !== "");
}

/** The terms of a run of lower-case words, in order; words marked in `skip` take part in nothing. */
export function termsOf(words: readonly string[], skip: ReadonlySet<number> = new Set()): Term[] {
  const heard = words.map((word, index) => (skip.has(index) ? "" : word));
  const numbers = spokenNumbers(heard);
  const terms: Term[] = numbers.map((n) => ({ text: n.value, kind: "number", from: n.from, to: n.to, negated: false }));
  const inNumber = new Set(numbers.flatMap((n) => range(n.from, n.to)));
  for (const [index, word] of heard.entries()) {
    if (word === "" || inNumber.has(index) || isAllRight(heard, index)) continue;
    const term = toTerm(word, index);
    if (term) terms.push(term);
  }
  terms.sort((a, b) => a.from - b.from);
  return terms.map((term) => ({ ...term, negated: isNegatedAt(heard, term.from) }));
}

/** "All right" names no side. */
function isAllRight(words: readonly string[], index: number): boolean {
  return words[index] === "right" && words[index - 1] === "all";
}

function toTerm(word: string, index: number): Term | undefined {
  const at = { from: index, to: index, negated: false };
  if (negations.has(word)) return { text: "not", kind: "negation", ...at };
  if (sides.has(word)) return { text: word, kind: "side", ...at };
  const stem = stemOf(word);
  const unit = unitForms.get(stem) ?? stem;
  if (units.has(unit)) return { text: unit, kind: "unit", ...at };
  if (isDrug(word) || isDrug(stem)) return { text: isDrug(word) ? word : stem, kind: "drug", ...at };
  return fillers.has(word) || fillers.has(stem) ? undefined : { text: stem, kind: "word", ...at };
}

function isNegatedAt(words: readonly string[], index: number): boolean {
  for (let back = 1; back <= negationReach; back += 1) {
    const word = words[index - back];
    if (word === undefined || negationStops.has(word)) return false;
    if (negations.has(word)) return true;
  }
  return false;
}

/** A crude stem, good enough to bring "weeks" and "week", "hurts" and "hurt" together. */
export function stemOf(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 5 && word.endsWith("ing")) return word.slice(0, -3);
  if (word.length > 4 && word.endsWith("ed")) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/u.test(word)) return word.slice(0, -1);
  return word;
}

/** Do two terms mean the same thing? Long words also match by their first six letters ("allergic", "allergy"). */
export function isSameTerm(a: Term, b: Term): boolean {
  if (a.text === b.text) return true;
  if (a.kind !== "word" || b.kind !== "word") return false;
  return a.text.length >= 6 && b.text.length >= 6 && a.text.slice(0, 6) === b.text.slice(0, 6);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
}
