/**
 * The engine's words and this project's together. In: the dictionary and language model installed with pocketsphinx, our word lists and turns of
 * phrase. Out: the paths of an extended dictionary and language model, built in about a second, kept in `cacheDir` under a name made from
 * all that went in. They appear there whole or not at all, so a crash costs only building again.
 */
import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PocketsphinxVocabulary } from "#local-scribe/transcribe/pocketsphinx.ts";
import { addPhrases } from "./add-phrases.ts";
import { extendDictionary, type Pronunciation, readDictionary } from "./dictionary.ts";
import { leftAfterNewWord, spokenPhrases } from "./phrases.ts";
import { readTrieFile, writeTrieFile } from "./trie-file.ts";

/** Where the Debian package pocketsphinx-en-us puts its files. */
export const debianModels = "/usr/share/pocketsphinx/model/en-us";

/** Changes when the same words and phrases come to be written differently. */
const edition = 1;

export type VocabularyPlaces = { modelsDir?: string; cacheDir: string };

/** The vocabulary, from the cache or built now. Throws an error that says why it cannot be built. */
export function provideClinicalVocabulary({
  modelsDir = debianModels,
  cacheDir,
}: VocabularyPlaces): PocketsphinxVocabulary {
  const base = {
    dictionary: readFileSync(join(modelsDir, "cmudict-en-us.dict")),
    languageModel: readFileSync(join(modelsDir, "en-us.lm.bin")),
  };
  const [medicines, words] = [readOurs("medicines.dict"), readOurs("clinical-words.dict")];
  const phrases = spokenPhrases(spelled(medicines), spelled(words));
  const added = [...medicines, ...words];
  const name = digest([
    base.dictionary,
    base.languageModel,
    JSON.stringify([edition, leftAfterNewWord, phrases, added]),
  ]);
  const dir = join(cacheDir, name);
  if (existsSync(dir)) return pathsIn(dir);
  const parts = join(cacheDir, `${name}.${randomUUID()}.part`);
  mkdirSync(parts, { recursive: true });
  try {
    const { dictionary, languageModel } = pathsIn(parts);
    writeFileSync(dictionary, extendDictionary(base.dictionary.toString("utf8"), added));
    const model = addPhrases(readTrieFile(base.languageModel), phrases, leftAfterNewWord);
    writeFileSync(languageModel, writeTrieFile(model));
    tryOut({ dictionary, languageModel });
    settle(parts, dir);
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
  removeOthers(cacheDir, name);
  return pathsIn(dir);
}

function pathsIn(dir: string): PocketsphinxVocabulary {
  return { dictionary: join(dir, "words.dict"), languageModel: join(dir, "words.lm.bin") };
}

function readOurs(file: string): Pronunciation[] {
  return readDictionary(readFileSync(new URL(file, import.meta.url), "utf8"));
}

function spelled(list: readonly Pronunciation[]): string[] {
  return [...new Set(list.map(({ word }) => word))];
}

function digest(contents: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return hash.digest("hex").slice(0, 16);
}

/** The program itself must be able to load what was built. */
function tryOut({ dictionary, languageModel }: PocketsphinxVocabulary): void {
  const options = ["-infile", "/dev/null", "-logfn", "/dev/null", "-dict", dictionary, "-lm", languageModel];
  if (spawnSync("pocketsphinx_continuous", options).status !== 0)
    throw new Error("pocketsphinx does not load the extended vocabulary");
}

/** Another server may have finished the same files first; then those stay. */
function settle(parts: string, dir: string): void {
  try {
    renameSync(parts, dir);
  } catch (thrown) {
    if (!existsSync(dir)) throw thrown;
  }
}

/** Vocabularies of earlier versions. Parts may still be in the making. */
function removeOthers(cacheDir: string, name: string): void {
  for (const other of readdirSync(cacheDir))
    if (/^[\da-f]{16}$/u.test(other) && other !== name) rmSync(join(cacheDir, other), { recursive: true, force: true });
}
