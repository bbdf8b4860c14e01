/** Real files, the real browser's decoders and encoder. */
import { expect, test, vi } from "vitest";
import { problem } from "#model/problem.ts";
import { createWebmReader } from "#visit/journal/read-webm.ts";
import { openAudio } from "./open-audio.ts";
import flacUrl from "./fixtures/three-seconds.flac?url";
import m4aUrl from "./fixtures/three-seconds.m4a?url";
import mp3Url from "./fixtures/three-seconds.mp3?url";
import oggUrl from "./fixtures/three-seconds.ogg?url";
import wavUrl from "./fixtures/three-seconds.wav?url";
import webmUrl from "./fixtures/three-seconds.webm?url";
import filmUrl from "./fixtures/silent-film.webm?url";

vi.setConfig({ testTimeout: 60_000 }); // decoders are slow on a busy machine

const blobOf = async (url: string): Promise<Blob> => (await fetch(url)).blob();

async function read(file: Blob) {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const shares: number[] = [];
  const run = await openAudio(file);
  await run({
    onPiece: async (bytes) => void pieces.push(bytes),
    onProgress: (share) => shares.push(share),
    signal: new AbortController().signal,
  });
  const reader = createWebmReader();
  const packets = pieces.flatMap((piece) => reader.push(piece));
  return { stream: new Blob(pieces), shares, packets, head: reader.head()! };
}

async function samplesOf(file: Blob): Promise<Float32Array> {
  const context = new OfflineAudioContext(1, 1, 48_000);
  return (await context.decodeAudioData(await file.arrayBuffer())).getChannelData(0);
}

/** 1 when they are the same but for loudness, at the best shift within 100 ms. */
function likeness(ours: Float32Array, theirs: Float32Array): number {
  const [from, to] = [9600, 9600 + 48_000];
  let best = 0;
  for (let shift = -4800; shift <= 4800; shift += 8) {
    let [both, mine, other] = [0, 0, 0];
    for (let index = from; index < to; index += 5) {
      const [a, b] = [ours[index + shift]!, theirs[index]!];
      [both, mine, other] = [both + a * b, mine + a * a, other + b * b];
    }
    best = Math.max(best, both / Math.sqrt(mine * other));
  }
  return best;
}

const files = { wav: wavUrl, mp3: mp3Url, m4a: m4aUrl, ogg: oggUrl, webm: webmUrl, flac: flacUrl };

test.each(Object.entries(files))("%s becomes a stream of the same length and the same sound", async (_, url) => {
  const source = await samplesOf(await blobOf(wavUrl));
  const { stream, packets, shares } = await read(await blobOf(url));
  const packetsMs = packets.reduce((sum, packet) => sum + packet.samples / 48, 0);
  const allowedMs = url === mp3Url ? 130 : 60; // MP3 does not say how much of its first and last frame is padding
  expect(Math.abs(packetsMs - 3000)).toBeLessThanOrEqual(allowedMs);
  const decoded = await samplesOf(stream);
  expect(Math.abs(decoded.length - source.length) / 48).toBeLessThanOrEqual(allowedMs);
  expect(likeness(decoded, source)).toBeGreaterThan(0.8);
  expect(shares.at(-1)).toBe(1);
});

test("what was Opus is copied, packet by packet; the rest is mono", async () => {
  const copied = await read(await blobOf(webmUrl));
  const reader = createWebmReader();
  const original = reader.push(new Uint8Array(await (await blobOf(webmUrl)).arrayBuffer()));
  expect(copied.packets.map((packet) => packet.bytes)).toEqual(original.map((packet) => packet.bytes));
  expect(copied.head).toEqual(reader.head());
  const encoded = await read(await blobOf(wavUrl));
  expect(encoded.head[9]).toBe(1);
  expect(encoded.stream.size).toBeLessThan(16_000);
});

test.each([
  ["a film without sound", () => blobOf(filmUrl), "file_without_audio"],
  ["an empty file", async () => new Blob([]), "file_unreadable"],
  ["a text", async () => new Blob(["Dear Dr. Quill, the knee is better."]), "file_unreadable"],
  ["half a second", async () => (await blobOf(wavUrl)).slice(0, 44 + 16_000), "file_too_short"],
  ["a head and nothing else", async () => (await blobOf(mp3Url)).slice(0, 40), "file_unreadable"],
])("%s is refused, and the field named", async (_, file, code) => {
  await expect(openAudio(await file())).rejects.toMatchObject({ problem: { code, field: "file" } });
});

test("a file that ends in the middle gives what it has", async () => {
  const whole = await blobOf(mp3Url);
  const { packets } = await read(whole.slice(0, whole.size * 0.7));
  expect(packets.length * 20).toBeGreaterThan(1900);
});

test("what the journal refuses ends the reading, with its own words", async () => {
  const run = await openAudio(await blobOf(wavUrl));
  const onPiece = () => Promise.reject(problem("storage_full"));
  await expect(
    run({ onPiece, onProgress: () => undefined, signal: new AbortController().signal }),
  ).rejects.toMatchObject({ problem: { code: "storage_full" } });
});

test("cancelled before or meanwhile", async () => {
  const gone = await openAudio(await blobOf(wavUrl));
  const reading = { onPiece: async () => undefined, onProgress: () => undefined };
  await expect(gone({ ...reading, signal: AbortSignal.abort() })).rejects.toMatchObject({
    problem: { code: "cancelled" },
  });
  const stop = new AbortController();
  const run = await openAudio(await blobOf(wavUrl));
  const running = run({ ...reading, onProgress: () => stop.abort(), signal: stop.signal });
  await expect(running).rejects.toMatchObject({ problem: { code: "cancelled" } });
});
