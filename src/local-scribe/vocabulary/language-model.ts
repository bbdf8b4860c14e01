/**
 * A language model of up to three words, as tables in memory. Pairs and triples are known by a key: the numbers of their words, LAST word first,
 * as digits to the base `wordSpan`. Sorted by key they lie in the order of the file that pocketsphinx loads.
 */

export type LanguageModel = {
  /** A word's number is its place here. */
  words: string[];
  unigrams: { probability: Float32Array; backoff: Float32Array };
  /** Sorted by key. Probability and backoff are places in `tables`. */
  pairs: { key: Float64Array; probability: Uint16Array; backoff: Uint16Array };
  triples: { key: Float64Array; probability: Uint16Array };
  /** The values that probabilities and backoffs of pairs, and probabilities of triples, can take: 65,536 each, about ascending. */
  tables: { pair: Float32Array; backoff: Float32Array; triple: Float32Array };
};

/** More words than a model may have; three digits of it stay an exact number. */
export const wordSpan = 2 ** 17;

/** The key of a pair or triple from the numbers of its words in the order they are said. */
export function keyOf(numbers: readonly number[]): number {
  return numbers.toReversed().reduce((key, number) => key * wordSpan + number, 0);
}

/** The logarithm, to the base 1.0001, in which a model keeps its probabilities. */
export function logOf(probability: number): number {
  return Math.log(probability) / Math.log(1.0001);
}
