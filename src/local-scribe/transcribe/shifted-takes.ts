/**
 * Run by hand: `node src/local-scribe/transcribe/shifted-takes.ts` (needs pocketsphinx and ffmpeg; a quarter of an hour of one core).
 *
 * Which words survive depends on where the engine's frames happen to fall. So every sample visit is heard 20 times, each time with a little more
 * silence before it, once as it is and once through Opus as a browser sends it; half of the latter are heard in several takes at once, as
 * the server does, to learn which words stay clear. Writes e2e/audio/heard.json. A test may rely on a phrase only if it is `always` heard.
 * Same path as the server: file -> decoder -> gate -> engine.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Turn, Word } from "#model/transcript.ts";
import { samplesPerMs } from "#local-scribe/decode/pcm.ts";
import { readWav, writeWav } from "#local-scribe/decode/wav.ts";
import { provideClinicalVocabulary } from "#local-scribe/vocabulary/clinical-vocabulary.ts";
import { createAgreeingEngine, spreadShifts } from "./agreement.ts";
import { countDifferences, rightWords } from "./align-words.ts";
import { hear } from "./hear.ts";
import { createPocketsphinx } from "./pocketsphinx.ts";

const audioDir = process.argv[2] ?? "e2e/audio";
const takes = 20;
const servedTakes = 10;
/** Not a multiple of the engine's 160 samples per frame, so that the takes fall on 20 different places. */
const stepSamples = 41;

const phrases: Record<string, string[]> = {
  "chest-pain": [
    "chest pain",
    "chest pain for two days",
    "left arm",
    "no fever",
    "short of breath",
    "allergic to penicillin",
    "one hundred fifty over ninety",
    "eighty eight",
    "lungs are clear",
    "high blood pressure",
    "take aspirin",
    "aspirin eighty one milligrams",
    "once a day",
    "two weeks",
    "come back in two weeks",
  ],
  "knee-pain": [
    "right knee",
    "right knee is swollen",
    "swollen",
    "broken",
    "not think it is broken",
    "x ray",
    "ibuprofen",
    "ibuprofen four hundred milligrams",
    "three times a day",
    "not run for three weeks",
    "three weeks",
    "four weeks",
    "come back in four weeks",
  ],
};

type Take = { visit: string; way: "plain" | "opus"; isServed: boolean; words: Word[] };

const cacheDir = mkdtempSync(join(tmpdir(), "vocabulary-"));
const alone = createPocketsphinx(provideClinicalVocabulary({ cacheDir }));
const served = createAgreeingEngine(alone, { shiftsInSamples: spreadShifts(3) });

async function listen(visit: string, way: Take["way"], take: number): Promise<Take> {
  const shift = take * stepSamples;
  const isServed = way === "opus" && take < servedTakes;
  const samples = readWav(readFileSync(join(audioDir, `${visit}.wav`)));
  const shifted = new Int16Array(samples.length + shift);
  shifted.set(samples, shift);
  const file = way === "plain" ? writeWav(shifted) : throughOpus(writeWav(shifted));
  const turns: Turn[] = [];
  const chunks = (async function* () {
    yield file;
  })();
  await hear({
    engine: isServed ? served : alone,
    chunks,
    onTurn: (turn) => turns.push(turn),
    stop: new AbortController().signal,
  });
  return { visit, way, isServed, words: turns.flatMap((turn) => turn.words).map(plainWord) };
}

/** 32 kbit/s in packets of 60 ms, as Chromium records. */
function throughOpus(wav: Uint8Array): Uint8Array {
  const options = "-loglevel error -i - -ar 48000 -c:a libopus -b:a 32k -frame_duration 60 -f webm -";
  const run = spawnSync("ffmpeg", options.split(" "), { input: wav, maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error("ffmpeg with libopus is needed for the takes through Opus");
  return run.stdout;
}

/** `x-ray`, `x.` and `X Ray` are compared as letters and spaces. */
function plainWord(word: Word): Word {
  return {
    ...word,
    text: word.text
      .toLowerCase()
      .replaceAll(/[^a-z]+/gu, " ")
      .trim(),
  };
}

function saidIn(visit: string): string[] {
  const script = readFileSync(join(audioDir, `${visit}.txt`), "utf8").replaceAll(/^[DP]: /gmu, "");
  return script
    .toLowerCase()
    .split(/[^a-z]+/u)
    .filter((word) => word !== "");
}

function countPhrase(phrase: string, takesOf: Take[]) {
  const holds = (words: Word[]) => ` ${words.map(({ text }) => text).join(" ")} `.includes(` ${phrase} `);
  const isClear = ({ words }: Take) => holds(words.map((word) => (word.unclear ? { ...word, text: "?" } : word)));
  const count = (way: Take["way"]) => takesOf.filter((take) => take.way === way && holds(take.words)).length;
  const heard = { plain: count("plain"), opus: count("opus") };
  const clear = takesOf.filter((take) => take.isServed && isClear(take)).length;
  return { phrase, heard, clear, always: Math.min(heard.plain, heard.opus) === takes && clear === servedTakes };
}

/** For each tenth of the engine's own confidence: how many words, and how many of them were right. */
function calibrate(all: Take[]) {
  const bins = Array.from({ length: 10 }, (_, bin) => ({ from: bin / 10, words: 0, right: 0 }));
  for (const take of all) {
    const right = rightWords(
      saidIn(take.visit),
      take.words.map(({ text }) => text),
    );
    take.words.forEach((word, at) => {
      const bin = bins[Math.min(9, Math.floor((word.confidence ?? 0) * 10))];
      if (bin === undefined) return;
      bin.words += 1;
      bin.right += Number(right[at]);
    });
  }
  return bins;
}

function wordErrorRate(all: Take[]): number {
  const wrong = all.map((take) =>
    countDifferences(
      saidIn(take.visit),
      take.words.map(({ text }) => text),
    ),
  );
  const said = all.reduce((sum, take) => sum + saidIn(take.visit).length, 0);
  return Number((wrong.reduce((sum, count) => sum + count, 0) / said).toFixed(3));
}

const all: Take[] = [];
for (const visit of Object.keys(phrases)) {
  for (const way of ["plain", "opus"] as const) {
    for (let take = 0; take < takes; take++) all.push(await listen(visit, way, take));
    process.stdout.write(`${visit} ${way}: ${takes} takes\n`);
  }
}
const visits = Object.entries(phrases).map(([visit, list]) => {
  const takesOf = all.filter((take) => take.visit === visit);
  return [visit, list.map((phrase) => countPhrase(phrase, takesOf))];
});
const result = {
  engine: served.name,
  takes,
  servedTakes,
  shiftMs: stepSamples / samplesPerMs,
  wordErrorRate: wordErrorRate(all),
  visits: Object.fromEntries(visits),
  confidence: calibrate(all),
};
writeFileSync(join(audioDir, "heard.json"), `${JSON.stringify(result, null, 2)}\n`);
rmSync(cacheDir, { recursive: true });
