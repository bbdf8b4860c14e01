/**
 * The file that pocketsphinx loads (`*.lm.bin`, "Trie Language Model"): bytes in, tables out, and back. Format as in sphinxbase,
 * src/libsphinxbase/lm/{ngram_model_trie,lm_trie,lm_trie_quant}.c, little-endian:
 *
 * - the title, one byte for the order (3), a u32 count for each order, one u32 that nobody reads (1);
 * - three tables of 65,536 floats: probability and backoff of pairs, probability of triples;
 * - for each word, and once more as the end: probability, backoff (floats), place of its first pair (u32);
 * - the pairs that END with each word, bit-packed: word before, backoff, probability, place of its first triple;
 * - the triples of each pair, bit-packed: word before the pair, probability;
 * - how long the words are together, and the words, each with a zero byte.
 *
 * Each packed block has room for one entry more, which holds the end of the last range, and eight bytes.
 */
import { bitsFor, readBits, writeBits } from "./bit-fields.ts";
import { type LanguageModel, wordSpan } from "./language-model.ts";

const title = "Trie Language Model";
const countsAt = title.length + 1;
const tablesAt = countsAt + 4 * 4;
const tableSize = 65_536;
const unigramsAt = tablesAt + 3 * tableSize * 4;
const unigramBytes = 12;

type Layout = ReturnType<typeof layOut>;

/** Where everything lies in a file with these counts. */
function layOut([words = 0, pairs = 0, triples = 0]: readonly number[]) {
  const wordBits = bitsFor(words);
  const pairBits = wordBits + 32 + bitsFor(triples);
  const tripleBits = wordBits + 16;
  const pairsAt = unigramsAt + (words + 1) * unigramBytes;
  const triplesAt = pairsAt + packedBytes(pairs, pairBits);
  const wordsAt = triplesAt + packedBytes(triples, tripleBits);
  return { words, triples, wordBits, pairBits, tripleBits, pairsAt, triplesAt, wordsAt };
}

function packedBytes(entries: number, bits: number): number {
  return Math.floor(((entries + 1) * bits + 7) / 8) + 8;
}

/** Reads the file's bytes; throws an error that says what is not as described above. */
export function readTrieFile(bytes: Uint8Array): LanguageModel {
  const view = viewFrom(bytes, 0);
  if (bytes.length < unigramsAt || Buffer.from(bytes.subarray(0, title.length)).toString("latin1") !== title)
    throw new Error("not a language model in sphinx trie form");
  if (bytes[title.length] !== 3) throw new Error("not a language model of three words");
  const at = layOut([0, 4, 8].map((offset) => view.getUint32(countsAt + offset, true)));
  if (at.words >= wordSpan) throw new Error("a language model of too many words");
  if (bytes.length < at.wordsAt + 4 || bytes.length !== at.wordsAt + 4 + view.getUint32(at.wordsAt, true))
    throw new Error("a language model of another length than its counts say");
  const { unigrams, firstPair } = readUnigrams(viewFrom(bytes, unigramsAt), at.words);
  const { pairs, firstTriple } = readPairs(viewFrom(bytes, at.pairsAt), firstPair, at);
  return {
    words: Buffer.from(bytes.subarray(at.wordsAt + 4, -1))
      .toString("latin1")
      .split("\0"),
    unigrams,
    pairs,
    triples: readTriples(viewFrom(bytes, at.triplesAt), { firstTriple, pairKeys: pairs.key }, at),
    tables: {
      pair: readTable(viewFrom(bytes, tablesAt)),
      backoff: readTable(viewFrom(bytes, tablesAt + tableSize * 4)),
      triple: readTable(viewFrom(bytes, tablesAt + tableSize * 8)),
    },
  };
}

/** The same model as a file's bytes. */
export function writeTrieFile(model: LanguageModel): Uint8Array {
  const counts = [model.words.length, model.pairs.key.length, model.triples.key.length];
  const at = layOut(counts);
  const spelled = Buffer.from(`${model.words.join("\0")}\0`, "latin1");
  const bytes = new Uint8Array(at.wordsAt + 4 + spelled.length);
  const view = viewFrom(bytes, 0);
  bytes.set(Buffer.from(title, "latin1"));
  bytes[title.length] = counts.length;
  [...counts, 1].forEach((count, order) => view.setUint32(countsAt + order * 4, count, true));
  [model.tables.pair, model.tables.backoff, model.tables.triple].forEach((table, nth) =>
    table.forEach((value, index) => view.setFloat32(tablesAt + (nth * tableSize + index) * 4, value, true)),
  );
  writeUnigrams(viewFrom(bytes, unigramsAt), model);
  writePairs(viewFrom(bytes, at.pairsAt), model, at);
  writeTriples(viewFrom(bytes, at.triplesAt), model, at);
  view.setUint32(at.wordsAt, spelled.length, true);
  bytes.set(spelled, at.wordsAt + 4);
  return bytes;
}

function viewFrom(bytes: Uint8Array, at: number): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + at, bytes.byteLength - at);
}

function readTable(view: DataView): Float32Array {
  return Float32Array.from({ length: tableSize }, (_, index) => view.getFloat32(index * 4, true));
}

function readUnigrams(view: DataView, words: number) {
  const [probability, backoff] = [new Float32Array(words), new Float32Array(words)];
  const firstPair = new Uint32Array(words + 1);
  for (let word = 0; word <= words; word++) {
    if (word < words) {
      probability[word] = view.getFloat32(word * unigramBytes, true);
      backoff[word] = view.getFloat32(word * unigramBytes + 4, true);
    }
    firstPair[word] = view.getUint32(word * unigramBytes + 8, true);
  }
  return { unigrams: { probability, backoff }, firstPair };
}

/** The count in the head may be larger than what the words point to; only that is read. */
function readPairs(view: DataView, firstPair: Uint32Array, { words, triples, wordBits, pairBits }: Layout) {
  const count = firstPair[words] ?? 0;
  const key = new Float64Array(count);
  const [probability, backoff] = [new Uint16Array(count), new Uint16Array(count)];
  const firstTriple = new Uint32Array(count + 1).fill(triples);
  let word = 0;
  for (let pair = 0; pair < count; pair++) {
    const at = pair * pairBits;
    while (pair >= (firstPair[word + 1] ?? Infinity)) word += 1;
    key[pair] = word * wordSpan + readBits(view, at, wordBits);
    backoff[pair] = readBits(view, at + wordBits, 16);
    probability[pair] = readBits(view, at + wordBits + 16, 16);
    firstTriple[pair] = readBits(view, at + wordBits + 32, pairBits - wordBits - 32);
  }
  return { pairs: { key, probability, backoff }, firstTriple };
}

type Parents = { firstTriple: Uint32Array; pairKeys: Float64Array };

function readTriples(view: DataView, { firstTriple, pairKeys }: Parents, { triples, wordBits, tripleBits }: Layout) {
  const [key, probability] = [new Float64Array(triples), new Uint16Array(triples)];
  let pair = 0;
  for (let triple = 0; triple < triples; triple++) {
    const at = triple * tripleBits;
    while (triple >= (firstTriple[pair + 1] ?? Infinity)) pair += 1;
    key[triple] = (pairKeys[pair] ?? 0) * wordSpan + readBits(view, at, wordBits);
    probability[triple] = readBits(view, at + wordBits, 16);
  }
  return { key, probability };
}

function writeUnigrams(view: DataView, { words, unigrams, pairs }: LanguageModel): void {
  let pair = 0;
  for (let word = 0; word <= words.length; word++) {
    while (pair < pairs.key.length && (pairs.key[pair] ?? 0) < word * wordSpan) pair += 1;
    view.setFloat32(word * unigramBytes, unigrams.probability[word] ?? 0, true);
    view.setFloat32(word * unigramBytes + 4, unigrams.backoff[word] ?? 0, true);
    view.setUint32(word * unigramBytes + 8, pair, true);
  }
}

function writePairs(view: DataView, { pairs, triples }: LanguageModel, { wordBits, pairBits }: Layout): void {
  let triple = 0;
  for (let pair = 0; pair <= pairs.key.length; pair++) {
    const at = pair * pairBits;
    const key = pairs.key[pair] ?? Infinity;
    while (triple < triples.key.length && (triples.key[triple] ?? 0) < key * wordSpan) triple += 1;
    writeBits(view, at, key === Infinity ? 0 : key % wordSpan);
    writeBits(view, at + wordBits, pairs.backoff[pair] ?? 0);
    writeBits(view, at + wordBits + 16, pairs.probability[pair] ?? 0);
    writeBits(view, at + wordBits + 32, triple);
  }
}

function writeTriples(view: DataView, { triples }: LanguageModel, { wordBits, tripleBits }: Layout): void {
  for (let triple = 0; triple < triples.key.length; triple++) {
    writeBits(view, triple * tripleBits, (triples.key[triple] ?? 0) % wordSpan);
    writeBits(view, triple * tripleBits + wordBits, triples.probability[triple] ?? 0);
  }
}
