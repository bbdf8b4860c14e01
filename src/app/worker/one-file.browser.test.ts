/** A visit in two formats for a service that takes one file: the browser decodes both, and nothing of either is missing. */
import { expect, test } from "vitest";
import type { WholeFile } from "#visit/journal/whole.ts";
import aacUrl from "#visit/journal/fixtures/aac-3s.mp4?url";
import opusUrl from "#visit/journal/fixtures/chromium-47s.webm?url";
import { plainHead } from "#visit/journal/opus.ts";
import { createWebmReader } from "#visit/journal/read-webm.ts";
import { writeWebm } from "#visit/journal/write-webm.ts";
import { writeWav } from "#visit/journal/write-wav.ts";
import { oneFile } from "./one-file.ts";

const fetched = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer());
const stream = (await fetched(opusUrl)).slice(0, 40_000);
const packets = createWebmReader().push(stream);
const opus: WholeFile = {
  mimeType: "audio/webm;codecs=opus",
  bytes: writeWebm(plainHead, packets),
  durationMs: packets.length * 60,
};
const aac: WholeFile = { mimeType: "audio/mp4", bytes: await fetched(aacUrl), durationMs: 3000 };
const tone = Int16Array.from({ length: 16_000 }, (_, index) => Math.sin((2 * Math.PI * 440 * index) / 16_000) * 9000);
const wav: WholeFile = {
  mimeType: "audio/wav",
  bytes: writeWav([new Uint8Array(tone.buffer)]),
  durationMs: 1000,
};

/** By the browser's own reader, at 16 kHz. */
async function decoded(bytes: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
  const sound = await new OfflineAudioContext(1, 1, 16_000).decodeAudioData(bytes.slice().buffer);
  const planes = Array.from({ length: sound.numberOfChannels }, (_, channel) => sound.getChannelData(channel));
  return planes[0]!.map((_, index) => planes.reduce((sum, plane) => sum + plane[index]!, 0) / planes.length);
}

/** Likeness of two sounds, and how many samples the second lies behind the first. */
function compare(given: Float32Array, wanted: Float32Array): { likeness: number; shift: number } {
  let best = { likeness: 0, shift: 0 };
  for (let shift = -400; shift <= 400; shift += 2) {
    let [both, mine, other] = [0, 1e-9, 1e-9];
    for (let index = 400; index < Math.min(given.length, wanted.length) - 400; index += 9) {
      const [a, b] = [given[index + shift]!, wanted[index]!];
      [both, mine, other] = [both + a * b, mine + a * a, other + b * b];
    }
    const likeness = both / Math.sqrt(mine * other);
    if (likeness > best.likeness) best = { likeness, shift };
  }
  return best;
}

test.each([
  ["Opus, then AAC", [opus, aac]],
  ["AAC, then Opus", [aac, opus]],
  ["Opus, what a black box kept as samples, Opus", [opus, wav, opus]],
])("%s: one WAV, as long as all parts, each part where it belongs", async (_, files) => {
  const one = await oneFile(files);
  expect(one.mimeType).toBe("audio/wav");
  const whole = await decoded(one.bytes);
  const parts = await Promise.all(files.map(({ bytes }) => decoded(bytes)));
  const lengthOfAll = parts.reduce((sum, { length }) => sum + length, 0);
  expect(Math.abs(whole.length - lengthOfAll)).toBeLessThanOrEqual(320 * files.length);
  let from = 0;
  for (const part of parts) {
    const { likeness, shift } = compare(whole.subarray(from, from + part.length), part);
    expect(likeness).toBeGreaterThan(0.99);
    expect(Math.abs(shift)).toBeLessThanOrEqual(320);
    from += part.length;
  }
});

test("one file stays what it is", async () => {
  expect(await oneFile([aac])).toBe(aac);
});

test("a part that cannot be decoded is not left out: there is no file", async () => {
  const torn = { ...aac, bytes: aac.bytes.slice(0, 200) };
  const half = { ...opus, bytes: writeWebm(plainHead, packets.slice(0, packets.length / 2)) };
  for (const broken of [torn, half]) {
    await expect(oneFile([wav, broken])).rejects.toMatchObject({ problem: { code: "formats_differ" } });
  }
});
