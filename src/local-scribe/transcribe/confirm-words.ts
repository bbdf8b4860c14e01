import type { Word } from "#model/transcript.ts";

/** How far apart one word may lie in two takes; the same audio at another offset moves words by hundredths of a second, rarely by more. */
export const reachMs = 1000;

/**
 * For each word: did the other take hear it too? By the longest sequence of words that both takes have in the same order, no word further
 * than `reachMs` from its partner. Words without times may be anywhere.
 */
export function confirmWords(words: Word[], take: Word[]): boolean[] {
  const lengths = sequenceLengths(words, take);
  const confirmed = words.map(() => false);
  let [i, j] = [0, 0];
  while (i < words.length && j < take.length) {
    const length = lengthAt(lengths, i, j);
    if (length === lengthAt(lengths, i + 1, j)) i += 1;
    else if (length === lengthAt(lengths, i, j + 1)) j += 1;
    else {
      confirmed[i] = true;
      i += 1;
      j += 1;
    }
  }
  return confirmed;
}

/** For each pair of places: how many words both takes have in common from there on. */
function sequenceLengths(words: Word[], take: Word[]): number[][] {
  const lengths: number[][] = [];
  for (const [i, word] of [...words.entries()].toReversed()) {
    const row: number[] = [];
    lengths[i] = row;
    for (const [j, other] of [...take.entries()].toReversed()) {
      const without = Math.max(lengthAt(lengths, i + 1, j), row[j + 1] ?? 0);
      row[j] = isSame(word, other) ? Math.max(without, 1 + lengthAt(lengths, i + 1, j + 1)) : without;
    }
  }
  return lengths;
}

function lengthAt(lengths: number[][], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}

function isSame(word: Word, other: Word): boolean {
  return word.text === other.text && distance(word, other) <= reachMs;
}

function distance(word: Word, other: Word): number {
  return word.startMs === null || other.startMs === null ? 0 : Math.abs(word.startMs - other.startMs);
}
