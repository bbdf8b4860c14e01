/** A sandbox scribe's ears: the local scribe listens, over HTTP. Its counting engine, one word a second, stands for what is said. */
import { rm } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { createLocalScribe } from "#local-scribe/local-scribe.ts";
import { createCountingEngine, quotingWriter, temporaryDirectory, visitChunks } from "#local-scribe/trial.ts";
import { createHearing, type Hear } from "./hearing.ts";

async function openEars(): Promise<Hear> {
  const dataDir = temporaryDirectory();
  const local = await createLocalScribe({ dataDir, speech: createCountingEngine("word"), writer: quotingWriter });
  onTestFinished(async () => {
    await local.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return createHearing({ url: local.url, key: "sk_test_chartside" });
}

const audio = visitChunks().map((bytes) => ({ bytes, type: "audio/webm;codecs=opus" }));

async function wordsIn(hear: Hear, files: typeof audio): Promise<number> {
  const heard = await hear(files);
  if (heard.is === "failed") throw new Error(heard.code);
  return heard.note.transcript.match(/word/gu)?.length ?? 0;
}

test("chunks are heard whole and in their order, one file alone too", async () => {
  const hear = await openEars();
  expect(await wordsIn(hear, audio)).toBe(59);
  expect(await wordsIn(hear, audio.slice(0, 1))).toBe(15);
});

test("what cannot be heard is told apart: nothing said, and a scribe that refuses", async () => {
  const dataDir = temporaryDirectory();
  const local = await createLocalScribe({ dataDir, speech: createCountingEngine(), writer: quotingWriter });
  onTestFinished(async () => {
    await local.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  await expect(createHearing({ url: local.url, key: "sk_test_other" })(audio)).rejects.toThrow("answered 401 to POST");
  const hear = createHearing({ url: local.url, key: "sk_test_chartside" });
  expect(await hear([])).toMatchObject({ is: "failed" });
});
