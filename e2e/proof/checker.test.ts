/** The checker is checked: with the bare signal to the sample, and with chunk files that the scribe was sent, whole and damaged. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BufferTarget, EncodedAudioPacketSource, EncodedPacket, Output, WebMOutputFormat } from "mediabunny";
import { expect, test } from "vitest";
import { check, type Verdict } from "./checker.ts";
import { decodeChunks, openChunk } from "./far-end.ts";
import { comparePackets } from "./recorder-in-page.ts";
import { sampleRate, signal } from "./signal.ts";

/** 44 s of the signal as the scribe was sent it: three consecutive chunks of a recorded visit. */
const chunks = [0, 1, 2].map((place) => readFileSync(join(import.meta.dirname, "fixture", `${place}.webm`)));
const [first, second, third] = chunks as [Buffer, Buffer, Buffer];
const whole = { lostMs: 0, duplicatedMs: 0, damagedMs: 0, missingCaptures: 0 };

async function checkChunks(sent: readonly Uint8Array[]): Promise<Verdict> {
  return check(await decodeChunks(sent), [0]);
}

/** The bare signal from 7 s on, with what lies between the two places left out or said twice. */
function bare(upTo: number, from: number): Verdict {
  const said = signal(7 * sampleRate, 20 * sampleRate);
  const samples = new Float32Array([...said.subarray(0, upTo), ...said.subarray(from)]);
  return check({ samples, chunkStarts: [0] }, [0]);
}

test("3 ms left out are found to the sample, and where", () => {
  const verdict = bare(300_000, 300_144);
  expect(verdict).toMatchObject({ ...whole, lostMs: 3 });
  expect(verdict.steps[0]?.atMs).toBeCloseTo(6250, -1);
});

test("60 ms said twice are found to the sample", () => {
  expect(bare(300_000, 300_000 - 2880)).toMatchObject({ ...whole, duplicatedMs: 60 });
});

test("the bare signal is whole", () => {
  expect(bare(300_000, 300_000)).toMatchObject({ ...whole, steps: [], lowestLikeness: expect.closeTo(1, 3) });
});

test("60 ms replaced by silence are damage, though the length is right", () => {
  const samples = signal(7 * sampleRate, 20 * sampleRate);
  samples.fill(0, 300_000, 302_880);
  expect(check({ samples, chunkStarts: [0] }, [0])).toMatchObject({
    lostMs: 0,
    damagedMs: expect.toSatisfy((ms) => Number(ms) >= 50),
  });
});

test("chunks as they were sent are whole, each decoded alone", async () => {
  expect(await checkChunks(chunks)).toMatchObject({ ...whole, steps: [] });
});

test("a missing chunk is lost time of its length", async () => {
  expect((await checkChunks([first, third])).lostMs).toBeCloseTo(13_440, 0);
});

test("one missing packet is 60 ms lost", async () => {
  const verdict = await checkChunks([first, await withoutPacket(second, 100), third]);
  expect(verdict).toMatchObject({ ...whole, lostMs: expect.closeTo(60, 0) });
  expect(verdict.steps[0]?.atMs).toBeCloseTo(15_900 + 6000, -2);
});

test("two chunks in the wrong order are seen", async () => {
  const { lostMs, duplicatedMs } = await checkChunks([second, first, third]);
  expect([lostMs > 10_000, duplicatedMs > 10_000]).toEqual([true, true]);
});

test("a chunk held twice is duplicated time of its length", async () => {
  expect((await checkChunks([first, second, second, third])).duplicatedMs).toBeCloseTo(13_440, 0);
});

test("a capture that was expected and is not there is missed", async () => {
  expect(check(await decodeChunks(chunks), [0, 1_000_000]).missingCaptures).toBe(1);
});

test("captures are told apart: the second heard the signal from another place on", () => {
  const said = [signal(3 * sampleRate, 5 * sampleRate), signal(1001 * sampleRate, 5 * sampleRate)];
  const samples = new Float32Array(said.flatMap((part) => [...part]));
  const verdict = check({ samples, chunkStarts: [0, 5 * sampleRate] }, [0, 1_000_000]);
  expect(verdict).toMatchObject({
    ...whole,
    stretches: [{ saidFromMs: 3000, saidToMs: 8000 }, { saidFromMs: 1_001_000 }],
  });
});

test("packets that are missing, twice or at another place are told from those that were given", async () => {
  const { packets: given } = await openChunk(first);
  const [some, more] = [given.slice(0, 20), given.slice(20)];
  expect(comparePackets(given, given)).toEqual({ lost: 0, extra: 0 });
  expect(comparePackets(given, [...some, ...more.slice(3)])).toEqual({ lost: 3, extra: 0 });
  expect(comparePackets(given, [...some, ...some.slice(-2), ...more])).toEqual({ lost: 0, extra: 2 });
  expect(comparePackets(given, [...more, ...some])).toEqual({ lost: 20, extra: 20 });
});

async function withoutPacket(chunk: Uint8Array, dropped: number): Promise<Uint8Array> {
  const { packets } = await openChunk(chunk);
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const track = new EncodedAudioPacketSource("opus");
  output.addAudioTrack(track);
  await output.start();
  const config = { codec: "opus", sampleRate, numberOfChannels: 1 };
  const kept = packets.filter((_, place) => place !== dropped);
  for (const [place, bytes] of kept.entries()) {
    await track.add(new EncodedPacket(bytes, "key", place * 0.06, 0.06), { decoderConfig: config });
  }
  await output.finalize();
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}
