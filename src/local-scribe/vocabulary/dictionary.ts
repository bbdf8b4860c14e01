/** A dictionary says how words are pronounced: one line `word PHONE PHONE ...`, further ways as `word(2) ...`, phones as in cmudict. */

export type Pronunciation = { word: string; phones: string };

/** Reads lines; a word may stand on several, with or without a number. */
export function readDictionary(text: string): Pronunciation[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [spelled = "", ...phones] = line.split(/\s+/u);
      return { word: spelled.replace(/\(\d+\)$/u, ""), phones: phones.join(" ") };
    });
}

/** The dictionary's text with the ways to say a word that it does not have yet. */
export function extendDictionary(text: string, added: readonly Pronunciation[]): string {
  const ways = new Map(added.map(({ word }) => [word, new Set<string>()]));
  for (const { word, phones } of readDictionary(text)) ways.get(word)?.add(phones);
  const lines = added.flatMap(({ word, phones }) => {
    const known = ways.get(word);
    if (known === undefined || known.has(phones)) return [];
    known.add(phones);
    return [`${word}${known.size === 1 ? "" : `(${known.size})`} ${phones}`];
  });
  return [text.trimEnd(), ...lines, ""].join("\n");
}
