/** A word list written as plain text, one or more blanks between words. */
export function list(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/u));
}

/** Terms of one or more words, separated by commas or line ends. */
export function terms(text: string): readonly string[] {
  return text
    .split(/[,\n]/u)
    .map((term) => term.trim())
    .filter((term) => term !== "");
}

/** A pattern source that matches any of the terms, the longest first. */
export function anyOf(all: Iterable<string>): string {
  const longestFirst = [...all].sort((a, b) => b.length - a.length);
  return `(${longestFirst.join("|")})`;
}

/** The word at a place, or an empty one beyond the ends. */
export function wordAt(words: readonly string[], at: number): string {
  return words[at] ?? "";
}
