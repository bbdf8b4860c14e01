/**
 * Patterns over spoken words that can be read aloud. A blank parts words; `~3` is up to three words of any kind; `...` any
 * words; `<name>` a word list; `(a|b)` and `?` as in a regular expression. A pattern begins and ends at a word's edge.
 */
import { anyOf } from "./list.ts";

export type WordLists = Readonly<Record<string, Iterable<string>>>;

/** Makes the compiler for patterns that use these lists. An unknown list name throws at once. */
export function createPatterns(lists: WordLists): (source: string) => RegExp {
  const sources = new Map(Object.entries(lists).map(([name, words]) => [name, anyOf(words)]));
  return (source) => {
    const named = source.replaceAll(/<(\w+)>/gu, (_, name: string) => {
      const words = sources.get(name);
      if (words === undefined) throw new RangeError(`no word list ${name}`);
      return words;
    });
    const spaced = named
      .replaceAll(" ... ", String.raw`\b.*\b`)
      .replaceAll(/~(\d) /gu, String.raw`(?:\S+\s+){0,$1}`)
      .replaceAll("(", "(?:")
      .replaceAll("(?:?", "(?")
      .replaceAll(" ", String.raw`\s+`);
    return new RegExp(spaced.startsWith("^") ? `${spaced}\\b` : `\\b${spaced}\\b`, "u");
  };
}
