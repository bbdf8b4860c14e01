/** Chunks of a real recording, cut at packets, as the browser sends them. */
import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { createWavConverter } from "./wav-converter.ts";

function setUp() {
  const converter = createWavConverter();
  onTestFinished(() => converter.close());
  const bytes = (place: number): Uint8Array =>
    readFileSync(new URL(`../../local-scribe/fixtures/chest-pain/audio_${place}.webm`, import.meta.url));
  const wav = (sequence: number, jobId = "ses_1") => {
    const chunk = { sequence, bytes: bytes(sequence), mimeType: "audio/webm;codecs=opus", sha256: "" };
    return converter.toWav(chunk, jobId);
  };
  return { converter, wav };
}

const samplesOf = (wav: Uint8Array): Int16Array => new Int16Array(wav.slice(44).buffer);

test("a chunk becomes 16 kHz mono WAV of the length that its packets have", async () => {
  const { wav } = setUp();
  const made = await wav(1);
  const view = new DataView(made.buffer, made.byteOffset, made.byteLength);
  expect(Buffer.from(made.subarray(0, 4)).toString()).toBe("RIFF");
  expect([view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)]).toEqual([1, 16_000, 16]);
  expect(view.getUint32(40, true)).toBe(made.length - 44);
  // 230 packets of 60 ms.
  expect(samplesOf(made)).toHaveLength(230 * 960);
  const loudest = samplesOf(made).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(loudest).toBeGreaterThan(3000);
});

test("after the chunk in front of it a chunk begins as it was spoken; sent again it is the same", async () => {
  const { wav } = setUp();
  const alone = await wav(1, "ses_without");
  for (const sequence of [0, 1]) await wav(sequence, "ses_other");
  await wav(0);
  const warm = await wav(1);
  expect(Buffer.from(await wav(1)).equals(warm)).toBe(true);
  expect(Buffer.from(await wav(1, "ses_other")).equals(warm)).toBe(true);
  // A cold decoder's first tenth of a second is far from it, and the rest of the second is near.
  expect(likeness(samplesOf(alone), samplesOf(warm), [0, 1600])).toBeLessThan(15);
  expect(likeness(samplesOf(alone), samplesOf(warm), [1600, 16_000])).toBeGreaterThan(30);
});

test("what holds no Opus is refused, and the thread goes on", async () => {
  const { converter, wav } = setUp();
  const nonsense = { sequence: 0, bytes: new Uint8Array([1, 2, 3]), mimeType: "audio/mp4", sha256: "" };
  await expect(converter.toWav(nonsense, "ses_1")).rejects.toMatchObject({ problem: { code: "scribe_refused" } });
  expect((await wav(0)).length).toBeGreaterThan(100_000);
});

/** Decibels of the wanted samples over what differs, from sample to sample. */
function likeness(given: Int16Array, wanted: Int16Array, [from, to]: [number, number]): number {
  let [signal, error] = [0, 1e-9];
  for (let at = from; at < to; at += 1) {
    signal += wanted[at]! ** 2;
    error += (wanted[at]! - given[at]!) ** 2;
  }
  return 10 * Math.log10(signal / error);
}
