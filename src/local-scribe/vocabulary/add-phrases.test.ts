import { expect, test } from "vitest";
import { addPhrases } from "./add-phrases.ts";
import { keyOf, type LanguageModel, logOf, wordSpan } from "./language-model.ts";
import { readTrieFile, writeTrieFile } from "./trie-file.ts";

const table = Float32Array.from({ length: 65_536 }, (_, place) => -65_535 + place);

/** `<s> take the`, `take the train` and `the train`, each 1 in 10. */
function createSmallModel(): LanguageModel {
  const words = ["<s>", "take", "the", "train"];
  const [start, take, the, train] = [0, 1, 2, 3];
  const tenth = 65_535 + Math.round(logOf(0.1));
  const keys = (lists: number[][]) => Float64Array.from(lists.map(keyOf)).sort();
  const pairs = keys([
    [start, take],
    [take, the],
    [the, train],
  ]);
  const triples = keys([
    [start, take, the],
    [take, the, train],
  ]);
  return {
    words,
    unigrams: {
      probability: Float32Array.from(words, () => logOf(0.25)),
      backoff: Float32Array.from(words, () => logOf(0.5)),
    },
    pairs: {
      key: pairs,
      probability: Uint16Array.from(pairs, () => tenth),
      backoff: Uint16Array.from(pairs, () => 65_000),
    },
    triples: { key: triples, probability: Uint16Array.from(triples, () => tenth) },
    tables: { pair: table, backoff: table, triple: table },
  };
}

/** What the model says of the last word after the others, by its own entries alone. */
function probabilityOf(model: LanguageModel, text: string): number | undefined {
  const numbers = text.split(" ").map((word) => model.words.indexOf(word));
  const { key, probability } = numbers.length === 2 ? model.pairs : model.triples;
  const at = key.indexOf(keyOf(numbers));
  return at < 0 ? undefined : 1.0001 ** (table[probability[at] ?? 0] ?? 0);
}

const phrase = (text: string, probability: number) => ({ words: text.split(" "), probability });

test("new words get numbers after the known ones, and only they get the new backoff", () => {
  const model = addPhrases(createSmallModel(), [phrase("metformin", 0.001), phrase("train", 0.001)], 0.3);
  expect(model.words).toEqual(["<s>", "take", "the", "train", "metformin"]);
  expect(model.unigrams.probability[4]).toBeCloseTo(logOf(0.001), 1);
  expect(model.unigrams.probability[3]).toBeCloseTo(logOf(0.25), 1);
  expect(model.unigrams.backoff[4]).toBeCloseTo(logOf(0.3), 1);
  expect(model.unigrams.backoff[3]).toBeCloseTo(logOf(0.5), 1);
});

test("phrases are found where they belong and what was there stays", () => {
  const phrases = [phrase("metformin", 0.001), phrase("take metformin", 0.02), phrase("metformin the", 0.03)];
  const model = addPhrases(
    createSmallModel(),
    [...phrases, phrase("stop", 0.001), phrase("stop take metformin", 0.2)],
    1,
  );
  expect(probabilityOf(model, "take metformin")).toBeCloseTo(0.02, 4);
  expect(probabilityOf(model, "metformin the")).toBeCloseTo(0.03, 4);
  expect(probabilityOf(model, "stop take metformin")).toBeCloseTo(0.2, 4);
  for (const known of ["<s> take", "take the", "the train", "<s> take the", "take the train"])
    expect(probabilityOf(model, known)).toBeCloseTo(0.1, 4);
  expect([...model.pairs.key]).toEqual([...model.pairs.key].toSorted((a, b) => a - b));
});

test("nothing known becomes less probable, what is said more often becomes more", () => {
  const model = addPhrases(createSmallModel(), [phrase("the train", 0.01), phrase("take the", 0.3)], 1);
  expect(probabilityOf(model, "the train")).toBeCloseTo(0.1, 4);
  expect(probabilityOf(model, "take the")).toBeCloseTo(0.3, 4);
  expect(model.pairs.key).toHaveLength(3);
});

test("a phrase of three words whose last two are unknown as a pair brings that pair, as improbable as it was", () => {
  const model = addPhrases(createSmallModel(), [phrase("<s> the take", 0.2)], 1);
  expect(probabilityOf(model, "<s> the take")).toBeCloseTo(0.2, 4);
  expect(probabilityOf(model, "the take")).toBeCloseTo(0.125, 3);
});

test("a word that nobody knows is named", () => {
  expect(() => addPhrases(createSmallModel(), [phrase("take zorblax", 0.1)], 1)).toThrow("zorblax");
});

test("an extended model comes back from its file as it was", () => {
  const phrases = [phrase("metformin", 0.001), phrase("take metformin", 0.02), phrase("<s> take metformin", 0.2)];
  const model = addPhrases(createSmallModel(), phrases, 0.3);
  expect(readTrieFile(writeTrieFile(model))).toEqual(model);
  expect(wordSpan ** 3).toBeLessThan(Number.MAX_SAFE_INTEGER);
});

test("what is not such a file is refused in words", () => {
  const file = writeTrieFile(createSmallModel());
  expect(() => readTrieFile(new Uint8Array(10))).toThrow("not a language model");
  expect(() => readTrieFile(file.subarray(0, file.length - 1))).toThrow("another length");
  const ofTwo = file.slice();
  ofTwo[19] = 2;
  expect(() => readTrieFile(ofTwo)).toThrow("of three words");
});
