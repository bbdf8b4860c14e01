import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hear } from "#local-scribe/transcribe/hear.ts";
import { createPocketsphinx } from "#local-scribe/transcribe/pocketsphinx.ts";
import type { SpeechEngine } from "#local-scribe/transcribe/speech-engine.ts";
import { needPocketsphinx } from "#local-scribe/trial.ts";
import { debianModels, provideClinicalVocabulary } from "./clinical-vocabulary.ts";
import { readTrieFile, writeTrieFile } from "./trie-file.ts";

needPocketsphinx();
const cacheDir = mkdtempSync(join(tmpdir(), "chartside-vocabulary-"));
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

/** Synthetic voice: "She takes gabapentin and prednisone. Stop the omeprazole." */
const recording = readFileSync(new URL("fixtures/three-medicines.wav", import.meta.url));

async function wordsHeard(engine: SpeechEngine): Promise<string[]> {
  const words: string[] = [];
  const chunks = (async function* () {
    yield recording;
  })();
  const onTurn = (turn: { words: { text: string }[] }) => words.push(...turn.words.map(({ text }) => text));
  await hear({ engine, chunks, onTurn, stop: new AbortController().signal });
  return words;
}

test("medicines that the installed model cannot hear are heard with our words", { timeout: 60_000 }, async () => {
  const medicines = ["gabapentin", "prednisone", "omeprazole"];
  const plain = await wordsHeard(createPocketsphinx());
  expect(medicines.filter((medicine) => plain.includes(medicine))).toEqual([]);
  const vocabulary = provideClinicalVocabulary({ cacheDir });
  expect(await wordsHeard(createPocketsphinx(vocabulary))).toEqual(expect.arrayContaining(medicines));
});

test("what was built once is used again; other leftovers go, unfinished ones stay", { timeout: 60_000 }, async () => {
  const vocabulary = provideClinicalVocabulary({ cacheDir });
  const built = statSync(vocabulary.languageModel).mtimeMs;
  expect(provideClinicalVocabulary({ cacheDir })).toEqual(vocabulary);
  expect(statSync(vocabulary.languageModel).mtimeMs).toBe(built);
  await rm(dirname(vocabulary.languageModel), { recursive: true });
  await mkdir(join(cacheDir, "0123456789abcdef"));
  await mkdir(join(cacheDir, "0123456789abcdef.other.part"));
  expect(provideClinicalVocabulary({ cacheDir })).toEqual(vocabulary);
  expect((await readdir(cacheDir)).toSorted()).toEqual(
    [dirname(vocabulary.languageModel).slice(cacheDir.length + 1), "0123456789abcdef.other.part"].toSorted(),
  );
});

test("a model in another form is refused and leaves nothing behind", async () => {
  const modelsDir = mkdtempSync(join(cacheDir, "models-"));
  writeFileSync(join(modelsDir, "cmudict-en-us.dict"), "a AH\n");
  writeFileSync(join(modelsDir, "en-us.lm.bin"), "\\data\\\nngram 1=1\n");
  const own = join(modelsDir, "cache");
  expect(() => provideClinicalVocabulary({ modelsDir, cacheDir: own })).toThrow("not a language model");
  expect(await readdir(own)).toEqual([]);
  expect(() => provideClinicalVocabulary({ modelsDir: "/nowhere", cacheDir: own })).toThrow("ENOENT");
});

test("the installed model is read and written without a difference", { timeout: 60_000 }, () => {
  const file = readFileSync(join(debianModels, "en-us.lm.bin"));
  const model = readTrieFile(file);
  const sum = model.unigrams.probability.reduce((total, log) => total + 1.0001 ** log, 0);
  expect(sum).toBeCloseTo(1, 3);
  const written = writeTrieFile(model);
  /** Debian's file counts six pairs (u32 at 24) more than it has and keeps 52 bytes for them, between pairs and triples. */
  const [beforePairsEnd, afterPairsEnd] = [19_600_000, 7_000_000];
  expect(file.length - written.length).toBe(52);
  expect(Buffer.compare(written.subarray(28, beforePairsEnd), file.subarray(28, beforePairsEnd))).toBe(0);
  expect(Buffer.compare(written.subarray(-afterPairsEnd), file.subarray(-afterPairsEnd))).toBe(0);
});
