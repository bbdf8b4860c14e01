/**
 * Adds words and phrases to a language model: a list of phrases with probabilities in, a new model out. What the model knows already is
 * never made less probable, and every known word keeps its number.
 */
import { keyOf, type LanguageModel, logOf, wordSpan } from "./language-model.ts";
import { createNearest } from "./nearest.ts";

export type Phrase = {
  /** One to three words. Of one word, the word is new or known; the words of longer phrases must be known or be such phrases. */
  words: readonly string[];
  /** Of the last word after those before it, 0 to 1. */
  probability: number;
};

/** `left` (0 to 1) is what a new word leaves for words after it that no phrase names. Throws an error that names an unknown word. */
export function addPhrases(model: LanguageModel, phrases: readonly Phrase[], left: number): LanguageModel {
  const numbers = numberWords(model, phrases);
  const unigrams = addUnigrams(model, { phrases, numbers, left });
  const nearest = { pair: createNearest(model.tables.pair), triple: createNearest(model.tables.triple) };
  const [pairs, triples] = [new Map<number, number>(), new Map<number, number>()];
  for (const { words, probability } of phrases) {
    const key = keyOf(words.map((word) => numberOf(word, numbers)));
    if (words.length === 2) raise(pairs, key, logOf(probability));
    if (words.length === 3) raise(triples, key, logOf(probability));
  }
  for (const key of triples.keys()) makeReachable(pairs, Math.floor(key / wordSpan), unigrams);
  const noBackoff = createNearest(model.tables.backoff)(0);
  const newPairs = merge(model.pairs, { table: model.tables.pair, added: pairs, nearest: nearest.pair });
  const newTriples = merge(model.triples, { table: model.tables.triple, added: triples, nearest: nearest.triple });
  return {
    words: [...numbers.keys()],
    unigrams,
    pairs: {
      key: newPairs.key,
      probability: newPairs.probability,
      backoff: Uint16Array.from(newPairs.from, (from) => (from < 0 ? noBackoff : (model.pairs.backoff[from] ?? 0))),
    },
    triples: { key: newTriples.key, probability: newTriples.probability },
    tables: model.tables,
  };
}

function numberWords(model: LanguageModel, phrases: readonly Phrase[]): Map<string, number> {
  const numbers = new Map(model.words.map((word, number) => [word, number]));
  for (const { words } of phrases)
    for (const word of words) if (words.length === 1 && !numbers.has(word)) numbers.set(word, numbers.size);
  if (numbers.size >= wordSpan) throw new Error("too many words for the language model");
  return numbers;
}

function numberOf(word: string, numbers: ReadonlyMap<string, number>): number {
  const number = numbers.get(word);
  if (number === undefined) throw new Error(`The language model has no word ${word}`);
  return number;
}

type NewWords = { phrases: readonly Phrase[]; numbers: ReadonlyMap<string, number>; left: number };

function addUnigrams(model: LanguageModel, { phrases, numbers, left }: NewWords): LanguageModel["unigrams"] {
  const probability = new Float32Array(numbers.size).fill(Number.NEGATIVE_INFINITY);
  const backoff = new Float32Array(numbers.size).fill(logOf(left));
  probability.set(model.unigrams.probability);
  backoff.set(model.unigrams.backoff);
  for (const phrase of phrases) {
    const [word = "", ...more] = phrase.words;
    const number = numberOf(word, numbers);
    if (more.length === 0) probability[number] = Math.max(probability[number] ?? 0, logOf(phrase.probability));
  }
  return { probability, backoff };
}

function raise(logs: Map<number, number>, key: number, log: number): void {
  logs.set(key, Math.max(log, logs.get(key) ?? Number.NEGATIVE_INFINITY));
}

/** A triple is found only through its pair. A pair that nobody asked for gets what the model would have said without it. */
function makeReachable(pairs: Map<number, number>, key: number, unigrams: LanguageModel["unigrams"]): void {
  const [word, before] = [Math.floor(key / wordSpan), key % wordSpan];
  raise(pairs, key, (unigrams.probability[word] ?? 0) + (unigrams.backoff[before] ?? 0));
}

type Known = { key: Float64Array; probability: Uint16Array };
type Merge = { table: Float32Array; added: ReadonlyMap<number, number>; nearest: (log: number) => number };

/** Both lists in one, sorted; `from` is the place in the known list, -1 for a new entry. */
function merge(known: Known, { table, added, nearest }: Merge) {
  const rest = [...added].toSorted(([a], [b]) => a - b);
  const size = known.key.length + rest.length;
  const [key, probability] = [new Float64Array(size), new Uint16Array(size)];
  const from = new Int32Array(size).fill(-1);
  let [at, count] = [0, 0];

  function put(entry: { key: number; probability: number; from: number }): void {
    key[count] = entry.key;
    probability[count] = entry.probability;
    from[count] = entry.from;
    count += 1;
  }

  function putKnownBelow(end: number): void {
    for (; (known.key[at] ?? Infinity) < end; at++)
      put({ key: known.key[at] ?? 0, probability: known.probability[at] ?? 0, from: at });
  }

  for (const [newKey, log] of rest) {
    putKnownBelow(newKey);
    const index = known.key[at] === newKey ? (known.probability[at] ?? 0) : undefined;
    const isHigher = index === undefined || log > (table[index] ?? 0);
    put({ key: newKey, probability: isHigher ? nearest(log) : index, from: index === undefined ? -1 : at });
    at += Number(index !== undefined);
  }
  putKnownBelow(Infinity);
  return { key: key.subarray(0, count), probability: probability.subarray(0, count), from: from.subarray(0, count) };
}
