import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readWav } from "#local-scribe/decode/wav.ts";
import { createPocketsphinxReader } from "./pocketsphinx-lines.ts";
import { createPocketsphinx } from "./pocketsphinx.ts";
import type { Heard } from "./speech-engine.ts";

function readLines(text: string): Heard[] {
  const heard: Heard[] = [];
  const reader = createPocketsphinxReader((one) => heard.push(one));
  text.split("\n").forEach(reader.line);
  reader.end();
  return heard;
}

test("words, times and posteriors are read, fillers and variants are not words", () => {
  const heard = readLines(`for two days
<s> 3.820 3.930 1.000500
for(2) 5.060 5.220 0.514182
two 5.230 5.450 0.108592
<sil> 5.460 5.500 0.075774
[NOISE] 5.500 5.600 0.5
++COUGH++ 5.500 5.600 0.5
days 5.610 6.030 1.000200
</s> 8.420 8.820 1.000000`);
  expect(heard).toEqual([
    {
      startMs: 5060,
      endMs: 6030,
      words: [
        { text: "for", startMs: 5060, endMs: 5220, confidence: 0.514182, unclear: false },
        { text: "two", startMs: 5230, endMs: 5450, confidence: 0.108592, unclear: false },
        { text: "days", startMs: 5610, endMs: 6030, confidence: 1, unclear: false },
      ],
    },
  ]);
});

test("an utterance ends at its end mark, at the next text, or with the stream", () => {
  const heard = readLines("one\none 0.1 0.2 1.0\n</s> 0.3 0.4 1.0\ntwo\ntwo 1.1 1.2 1.0\nthree\nthree 2.1 2.2 1.0");
  expect(heard.map(({ words }) => words.map(({ text }) => text))).toEqual([["one"], ["two"], ["three"]]);
});

test("the dictionary's dot after a letter or a short form is no part of the word", () => {
  const heard = readLines("x.(2) 0.1 0.2 1.0\nray 0.2 0.3 1.0\ndr. 0.4 0.5 1.0\na.m. 0.6 0.7 1.0");
  expect(heard[0]?.words.map(({ text }) => text)).toEqual(["x", "ray", "dr", "a.m."]);
});

test("an utterance without words is none", () => {
  expect(readLines("\n<s> 0.000 0.310 1.0\n</s> 0.320 0.660 1.0\n")).toEqual([]);
});

test("a run that is closed fails, and does not hang", async () => {
  const run = createPocketsphinx().open(() => undefined);
  const finished = run.finish();
  run.close();
  await expect(finished).rejects.toMatchObject({ problem: { code: "processing_failed" } });
});

test(
  "another dictionary and language model are used, and missed when they are not there",
  { timeout: 30_000 },
  async () => {
    const visit = readWav(readFileSync("e2e/audio/chest-pain.wav")).subarray(0, 16_000 * 4);
    const directory = "/usr/share/pocketsphinx/model/en-us";
    const words = async (dictionary: string) => {
      const heard: Heard[] = [];
      const vocabulary = { dictionary, languageModel: `${directory}/en-us.lm.bin` };
      const run = createPocketsphinx(vocabulary).open((one) => heard.push(one));
      await run.write(visit);
      await run.finish();
      return heard.flatMap((one) => one.words.map(({ text }) => text));
    };
    expect(await words(`${directory}/cmudict-en-us.dict`)).toContain("morning");
    await expect(words("/nowhere/words.dict")).rejects.toMatchObject({ problem: { code: "processing_failed" } });
  },
);
