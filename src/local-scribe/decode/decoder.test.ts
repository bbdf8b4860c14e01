import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { visitChunks } from "#local-scribe/trial.ts";
import { type AudioFile, openAudioFile } from "./audio-file.ts";
import { createSessionDecoder } from "./decoder.ts";
import { opusSamples } from "./opus-packet.ts";
import { writeWav } from "./wav.ts";

async function decodeAll(files: AudioFile[]): Promise<Int16Array> {
  const decoder = await createSessionDecoder();
  const parts = files.flatMap((file) => [...decoder.decode(file)]);
  decoder.close();
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

function power(samples: Int16Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
}

test("the chunks of a visit decode to exactly the length of their packets", async () => {
  const files = await Promise.all(visitChunks().map(openAudioFile));
  expect(files.map((file) => file.durationMs)).toEqual([15_000, 13_800, 18_000, 13_140]);
  const samples = await decodeAll(files);
  expect(Math.abs(samples.length / 16 - 59_940)).toBeLessThanOrEqual(1);
});

test("chunk by chunk gives the very samples of the whole", async () => {
  const files = await Promise.all(visitChunks().map(openAudioFile));
  const packets = files.flatMap((file) => (file.kind === "opus" ? file.packets : []));
  const whole = await decodeAll([{ kind: "opus", packets, preSkip: 0, durationMs: 59_940 }]);
  expect(Buffer.from((await decodeAll(files)).buffer).equals(Buffer.from(whole.buffer))).toBe(true);
  expect(power(whole)).toBeGreaterThan(10_000);
});

test("a fresh decoder per chunk would not", async () => {
  const files = await Promise.all(visitChunks().map(openAudioFile));
  const apart = await Promise.all(files.map((file) => decodeAll([file])));
  const together = await decodeAll(files);
  const second = together.subarray(apart[0]!.length, apart[0]!.length + 960);
  expect(apart[1]!.subarray(0, 960)).not.toEqual(second);
});

test("a packet that cannot be decoded leaves a silence of its own length", async () => {
  const [first] = await Promise.all(visitChunks().map(openAudioFile));
  if (first?.kind !== "opus") throw new Error("not Opus");
  const broken = Uint8Array.from([first.packets[100]![0]!, 3, 0xff]);
  const packets = first.packets.with(100, broken);
  const samples = await decodeAll([{ ...first, packets }]);
  expect(samples.length / 16).toBe(first.durationMs);
});

test("the pre-skip of the first file alone is left out", async () => {
  const [first, second] = await Promise.all(visitChunks().map(openAudioFile));
  if (first?.kind !== "opus" || second?.kind !== "opus") throw new Error("not Opus");
  const samples = await decodeAll([
    { ...first, preSkip: 312 },
    { ...second, preSkip: 312 },
  ]);
  expect(samples.length).toBe((first.durationMs + second.durationMs) * 16 - 104);
});

test("16 kHz mono WAV is taken sample by sample, other WAV is refused", async () => {
  const samples = Int16Array.from({ length: 32_000 }, (_, at) => (at % 200) - 100);
  const wav = writeWav(samples);
  const file = await openAudioFile(wav);
  expect(file.durationMs).toBe(2000);
  expect(await decodeAll([file])).toEqual(samples);
  wav[24] = 0x44;
  await expect(openAudioFile(wav)).rejects.toMatchObject({ code: "invalid_audio_format" });
});

test("what is not audio is refused", async () => {
  const chunk = visitChunks()[0]!;
  const inputs = [Buffer.alloc(0), Buffer.from("hello"), chunk.subarray(0, 40), readFileSync(import.meta.filename)];
  for (const bytes of inputs) {
    await expect(openAudioFile(bytes)).rejects.toMatchObject({ code: "invalid_audio_format", status: 400 });
  }
});

test.each([
  [[0x7f, 1], 960],
  [[0x18], 2880],
  [[0x1b, 2], 5760],
  [[0x08], 960],
  [[0x61], 960],
  [[0xe0], 120],
  [[0x7f, 0xff], 0],
  [[], 0],
])("Opus packet %j holds %i samples", (bytes, samples) => {
  expect(opusSamples(Uint8Array.from(bytes))).toBe(samples);
});
