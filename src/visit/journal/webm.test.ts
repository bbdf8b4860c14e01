import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { BufferSource, EncodedPacketSink, Input, WEBM } from "mediabunny";
import { OpusDecoder } from "opus-decoder";
import { expect, test } from "vitest";
import { packetsToCut } from "./cut.ts";
import { samplesToMs, withoutPreSkip } from "./opus.ts";
import type { Packet } from "./packet.ts";
import { createWebmReader } from "./read-webm.ts";
import { writeWebm } from "./write-webm.ts";

/** 47 s of a spoken visit as Chromium's MediaRecorder gave it, in the pieces it gave. */
const whole = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const sizes: number[] = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.sizes.json"), "utf8"));

function pieces(): Uint8Array[] {
  let at = 0;
  return sizes.map((size) => whole.subarray(at, (at += size)));
}

function readAll(parts: readonly Uint8Array[]): { packets: Packet[]; head: Uint8Array } {
  const reader = createWebmReader();
  const packets = parts.flatMap((part) => reader.push(part));
  return { packets, head: reader.head()! };
}

/** The same file read by somebody else's code. */
async function readWithMediabunny(bytes: Uint8Array) {
  const input = new Input({ source: new BufferSource(bytes), formats: [WEBM] });
  const track = (await input.getPrimaryAudioTrack())!;
  const packets: Uint8Array[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet.data);
  return { packets, track, durationMs: (await input.computeDuration()) * 1000, codec: track.codec };
}

async function decodedSamples(packets: readonly Uint8Array[], head: Uint8Array): Promise<number> {
  const decoder = new OpusDecoder({
    channels: head[9]!,
    streamCount: 1,
    coupledStreamCount: head[9]! - 1,
    channelMappingTable: head[9] === 2 ? [0, 1] : [0],
  });
  await decoder.ready;
  const { samplesDecoded, errors } = decoder.decodeFrames([...packets]);
  decoder.free();
  expect(errors).toEqual([]);
  return samplesDecoded;
}

const bytesOf = (packets: readonly Packet[]) => packets.map((packet) => packet.bytes);

test("every packet is found, as mediabunny finds them", async () => {
  const ours = readAll(pieces());
  const theirs = await readWithMediabunny(whole);
  expect(ours.packets.length).toBe(theirs.packets.length);
  expect(bytesOf(ours.packets)).toEqual(theirs.packets);
  expect(ours.packets.every((packet) => samplesToMs(packet.samples) === 60)).toBe(true);
  expect(new TextDecoder().decode(ours.head.subarray(0, 8))).toBe("OpusHead");
});

test("where the stream is cut into pieces makes no difference", () => {
  const expected = bytesOf(readAll([whole.subarray(0, 20_000)]).packets);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 60 }), (borders) => {
      const at = [0, ...borders.toSorted((a, b) => a - b), 20_000];
      const parts = at.slice(1).map((end, index) => whole.subarray(at[index], end));
      expect(bytesOf(readAll(parts).packets)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test("reading can begin at any packet", () => {
  const { packets } = readAll(pieces());
  for (const index of [1, 4, 5, 100, packets.length - 1]) {
    const reader = createWebmReader(packets[index]!.at);
    const rest = reader.push(whole.subarray(packets[index]!.at));
    expect(bytesOf(rest)).toEqual(bytesOf(packets.slice(index)));
    expect(rest[0]).toMatchObject({ at: packets[index]!.at, timeMs: null }); // the cluster's time was not seen
  }
});

test("a missing piece costs no more than that piece and the rest of its cluster", () => {
  const reader = createWebmReader();
  const all = pieces();
  const before = all.slice(0, 20).flatMap((part) => reader.push(part));
  const missing = all.slice(0, 21).reduce((sum, part) => sum + part.length, 0);
  reader.jump(missing);
  const after = all.slice(21).flatMap((part) => reader.push(part));
  const { packets } = readAll(all);
  expect(packets.length - before.length - after.length).toBeLessThanOrEqual(5 + 5);
  expect(after).toEqual(packets.slice(-after.length));
});

test("a spoilt place does not stop the reading", () => {
  const spoilt = whole.slice();
  spoilt.fill(0, 50_000, 50_200);
  const { packets } = readAll([spoilt]);
  const all = readAll([whole]).packets;
  expect(packets.length).toBeGreaterThan(all.length - 15);
  expect(packets.at(-1)).toEqual(all.at(-1));
});

function cutAll(packets: readonly Packet[], level: (index: number) => number | null): Packet[][] {
  let waiting = packets.map((packet, index) => ({ ...packet, level: level(index) }));
  const chunks: Packet[][] = [];
  for (let end = 1; end <= waiting.length; end += 1) {
    const ended = end === waiting.length;
    for (
      let count = packetsToCut(waiting.slice(0, end), ended);
      count > 0;
      count = packetsToCut(waiting.slice(0, end), ended)
    ) {
      chunks.push(waiting.slice(0, count));
      waiting = waiting.slice(count);
      end -= count;
    }
  }
  return chunks;
}

test("chunks play alone, state their length, and together are every packet once", async () => {
  const { packets, head } = readAll(pieces());
  const chunks = cutAll(packets, () => null);
  expect(chunks.map((chunk) => chunk.length * 60)).toEqual([15_000, 15_000, 15_000, 2460]);
  const again: Uint8Array[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const file = writeWebm(index === 0 ? head : withoutPreSkip(head), chunk);
    const theirs = await readWithMediabunny(file);
    expect(theirs.codec).toBe("opus");
    expect(theirs.durationMs).toBeCloseTo(chunk.length * 60, 3);
    expect(await decodedSamples(theirs.packets, head)).toBe(chunk.length * 60 * 48);
    again.push(...theirs.packets);
  }
  expect(again).toEqual(bytesOf(packets));
});

test("a file of several clusters keeps its packets and its length", async () => {
  const { packets, head } = readAll(pieces());
  const theirs = await readWithMediabunny(writeWebm(head, packets));
  expect(theirs.packets).toEqual(bytesOf(packets));
  expect(theirs.durationMs).toBeCloseTo(packets.length * 60, 3);
});

const packet = { bytes: new Uint8Array(), samples: 2880, at: 0, end: 0, readFrom: 0, timeMs: null };

test("a cut falls into the pause between 12 and 18.2 s", () => {
  const packets = Array.from({ length: 400 }, () => packet);
  const pause = Math.round(14_100 / 60);
  const [first] = cutAll(packets, (index) => (Math.abs(index - pause) < 3 ? -55 : -20));
  expect(Math.abs(first!.length - pause)).toBeLessThanOrEqual(1);
});

test("whatever the levels and the length: at most 19.2 s, no crumb, nothing lost", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 900 }),
      fc.constantFrom(480, 960, 1920, 2880),
      fc.func(fc.oneof(fc.constant(null), fc.float({ min: -90, max: 0, noNaN: true }))),
      (count, samples, level) => {
        const chunks = cutAll(
          Array.from({ length: count }, () => ({ ...packet, samples })),
          level,
        );
        const lengths = chunks.map((chunk) => samplesToMs(chunk.length * samples));
        expect(chunks.flat().length).toBe(count);
        expect(Math.max(...lengths)).toBeLessThan(19_200 + 60);
        if (lengths.length > 1) expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1000);
      },
    ),
    { numRuns: 100 },
  );
});

/** One cluster whose blocks hold these packets, laced as told. */
function lacedWebm(head: Uint8Array, blocks: readonly { flags: number; packets: readonly Uint8Array[] }[]): Uint8Array {
  const file = [...writeWebm(head, []), 0x1f, 0x43, 0xb6, 0x75, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  for (const { flags, packets } of blocks) {
    const body = [0x81, 0, 0, 0x80 | flags, ...laceOf(flags, packets), ...packets.flatMap((bytes) => [...bytes])];
    file.push(0xa3, 0x40 | (body.length >> 8), body.length & 255, ...body);
  }
  return Uint8Array.from(file);
}

function laceOf(flags: number, packets: readonly Uint8Array[]): number[] {
  if (flags === 0) return [];
  const sizes = packets.slice(0, -1).map((bytes) => bytes.length);
  const lace = [packets.length - 1];
  if (flags === 0x02)
    for (const size of sizes) lace.push(...Array<number>(Math.floor(size / 255)).fill(255), size % 255);
  if (flags === 0x06) {
    for (const [index, size] of sizes.entries()) {
      const stored = index === 0 ? size : size - sizes[index - 1]! + 2 ** 13 - 1;
      lace.push(0x40 | (stored >> 8), stored & 255);
    }
  }
  return lace;
}

test("packets laced into one block are found, however they are laced, and reading can begin at each of them", async () => {
  const { packets, head } = readAll(pieces());
  const even = Uint8Array.from([...packets[0]!.bytes, ...packets[0]!.bytes]);
  const some = bytesOf(packets.slice(10, 22));
  const blocks = [
    { flags: 0x02, packets: some.slice(0, 3) },
    { flags: 0x06, packets: some.slice(3, 8) },
    { flags: 0, packets: some.slice(8, 9) },
    { flags: 0x04, packets: [even, even] },
    { flags: 0x02, packets: [even.slice(0, 255), some[9]!, some[10]!] },
  ];
  const file = lacedWebm(head, blocks);
  const all = blocks.flatMap((block) => block.packets);
  const reader = createWebmReader();
  const found = [...file].flatMap((byte) => reader.push(Uint8Array.of(byte)));
  expect(bytesOf(found)).toEqual(all);
  expect((await readWithMediabunny(file)).packets).toEqual(all);
  for (const [index, packet] of found.entries()) {
    expect(packet.end).toBe(found[index + 1]?.at ?? file.length);
    const again = createWebmReader(packet.readFrom).push(file.subarray(packet.readFrom));
    expect(bytesOf(again.filter(({ at }) => at >= packet.at))).toEqual(all.slice(index));
  }
});

test("a lace that does not fit its block costs that block", () => {
  const { packets, head } = readAll(pieces());
  const blocks = [0, 1, 2].map((index) => ({ flags: 0x04, packets: [packets[index]!.bytes, packets[index]!.bytes] }));
  const file = lacedWebm(head, blocks);
  const whole = createWebmReader().push(file);
  file[whole[2]!.at + 7] = 6;
  expect(createWebmReader().push(file)).toEqual([...whole.slice(0, 2), ...whole.slice(4)]);
});
