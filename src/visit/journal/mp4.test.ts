import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from "mediabunny";
import { expect, test } from "vitest";
import { aacFormatOf } from "./aac.ts";
import { samplesToMs } from "./opus.ts";
import type { Packet } from "./packet.ts";
import { createMp4Reader } from "./read-mp4.ts";
import { writeMp4 } from "./write-mp4.ts";
import { writeWebm } from "./write-webm.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures", name)));
/** 6 s of a spoken visit as Chromium's MediaRecorder gave it as "audio/mp4;codecs=opus". */
const opus = fixture("chromium-6s.mp4");
const sizes: number[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures/chromium-6s-mp4.sizes.json"), "utf8"),
);
/** 3 s of the same as AAC, 44.1 kHz mono, in fragments of half a second. */
const aac = fixture("aac-3s.mp4");
/** 5.3 s of a known sound as WebKitGTK 2.50's MediaRecorder gave it: each fragment announced twice, a head in the wrong byte order. */
const webkit = fixture("webkitgtk-5s.mp4");
const streams = { opus, aac, webkit };

function readAll(bytes: Uint8Array): { packets: Packet[]; head: Uint8Array } {
  const reader = createMp4Reader();
  return { packets: reader.push(bytes), head: reader.head()! };
}

async function readWithMediabunny(bytes: Uint8Array) {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = (await input.getPrimaryAudioTrack())!;
  const packets: Uint8Array[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet.data);
  const config = (await track.getDecoderConfig())!;
  return { packets, codec: track.codec, config, durationMs: (await input.computeDuration()) * 1000 };
}

const bytesOf = (packets: readonly Packet[]) => packets.map((packet) => packet.bytes);

test.each(Object.entries({ opus, aac }))(
  "%s: every packet is found, as mediabunny finds them",
  async (codec, stream) => {
    const ours = readAll(stream);
    const theirs = await readWithMediabunny(stream);
    expect(theirs.codec).toBe(codec);
    expect(ours.packets.length).toBeGreaterThan(90);
    expect(bytesOf(ours.packets)).toEqual(theirs.packets);
    expect(ours.head).toEqual(new Uint8Array(theirs.config.description as Uint8Array));
    for (const { bytes, at, end } of ours.packets) expect(stream.subarray(at, end)).toEqual(bytes);
  },
);

test("of fragments that are announced twice every packet is found once, and the head's fields are what they mean", async () => {
  const { packets, head } = readAll(webkit);
  expect(packets.length).toBe(265);
  for (const { bytes, at, end, samples } of packets) {
    expect(webkit.subarray(at, end)).toEqual(bytes);
    expect(samples).toBe(960);
  }
  const times = packets.slice(1).map(({ timeMs }) => timeMs! - packets[1]!.timeMs!);
  for (const [index, time] of times.entries()) expect(Math.abs(time - index * 20)).toBeLessThan(1);
  const view = new DataView(head.buffer);
  expect({ preSkip: view.getUint16(10, true), rate: view.getUint32(12, true) }).toEqual({ preSkip: 312, rate: 48_000 });
  expect((await readWithMediabunny(writeWebm(head, packets))).packets).toEqual(bytesOf(packets));
});

test("lengths are the codec's own, not the recorder's guess", () => {
  expect(new Set(readAll(opus).packets.map((packet) => samplesToMs(packet.samples)))).toEqual(new Set([60]));
  expect(aacFormatOf(readAll(aac).head)).toEqual({ sampleRate: 44_100, channels: 1, frameSamples: 1024 });
  const totalMs = readAll(aac).packets.reduce((sum, packet) => sum + samplesToMs(packet.samples), 0);
  expect(Math.abs(totalMs - 3000)).toBeLessThan(60);
});

test("times are the recorder's clock", () => {
  const { packets } = readAll(opus);
  for (const [index, { timeMs }] of packets.entries()) expect(Math.abs(timeMs! - index * 60)).toBeLessThan(61);
  for (const [index, { timeMs }] of readAll(aac).packets.entries()) {
    expect(timeMs).toBeCloseTo((index * 1024) / 44.1, 3);
  }
});

test.each(Object.entries(streams))("%s: where the stream is cut into pieces makes no difference", (_, stream) => {
  const expected = readAll(stream).packets;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: stream.length }), { maxLength: 60 }), (borders) => {
      const at = [0, ...borders.toSorted((a, b) => a - b), stream.length];
      const reader = createMp4Reader();
      const found = at.slice(1).flatMap((end, index) => reader.push(stream.subarray(at[index], end)));
      expect(found).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test.each(Object.entries(streams))("%s: a torn tail costs the packets that are not whole", (_, stream) => {
  const { packets } = readAll(stream);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: stream.length }), (length) => {
      const found = createMp4Reader().push(stream.subarray(0, length));
      expect(found).toEqual(packets.filter((packet) => packet.end <= length));
    }),
    { numRuns: 200 },
  );
});

test.each(Object.entries(streams))("%s: reading can begin again for any packet", (_, stream) => {
  const { packets } = readAll(stream);
  for (const [index, { readFrom, at }] of packets.entries()) {
    const rest = createMp4Reader(readFrom).push(stream.subarray(readFrom));
    expect(bytesOf(rest.filter((packet) => packet.at >= at))).toEqual(bytesOf(packets.slice(index)));
  }
});

test.each(Object.entries(streams))(
  "%s: a missing piece costs itself and at most the rest of its fragment",
  (_, stream) => {
    const { packets } = readAll(stream);
    const fragments = [...new Set(packets.map((packet) => packet.readFrom))];
    fc.assert(
      fc.property(
        fc.integer({ min: 800, max: stream.length - 3000 }),
        fc.integer({ min: 1, max: 2000 }),
        (from, length) => {
          const to = from + length;
          const reader = createMp4Reader();
          const found = reader.push(stream.subarray(0, from));
          reader.jump(to);
          found.push(...reader.push(stream.subarray(to)));
          const again = fragments.find((start) => start >= to)!;
          const certain = packets.filter((packet) => packet.end <= from || packet.at >= again);
          const places = new Set(found.map((packet) => packet.at));
          expect(certain.every((packet) => places.has(packet.at))).toBe(true);
          for (const { bytes, at, end } of found) expect(stream.subarray(at, end)).toEqual(bytes);
        },
      ),
      { numRuns: 200 },
    );
  },
);

test("a fragment whose head is spoilt costs itself", () => {
  const { packets } = readAll(opus);
  const start = packets[40]!.readFrom;
  for (const at of [4, 8 + 4, 24 + 4, packets[40]!.at - start - 1]) {
    const spoilt = opus.slice();
    spoilt[start + at]! ^= 0x55;
    const lost = packets.filter((packet) => packet.readFrom === start).length;
    const found = bytesOf(createMp4Reader().push(spoilt));
    expect(found.slice(-50)).toEqual(bytesOf(packets.slice(-50)));
    expect(found.length).toBeGreaterThanOrEqual(packets.length - lost);
  }
});

test("the recorder's own pieces give packets as they come", () => {
  let at = 0;
  const reader = createMp4Reader();
  const counts = sizes.map((size) => reader.push(opus.subarray(at, (at += size))).length);
  expect(counts[0]).toBe(0); // only the header
  expect(Math.min(...counts.slice(1))).toBeGreaterThanOrEqual(2);
});

test("Opus out of MP4 goes into WebM as it is", async () => {
  const { packets, head } = readAll(opus);
  const theirs = await readWithMediabunny(writeWebm(head, packets));
  expect(theirs.codec).toBe("opus");
  expect(theirs.packets).toEqual(bytesOf(packets));
  expect(theirs.durationMs).toBeCloseTo(packets.length * 60, 3);
});

test("AAC is written as MP4 that others read: same packets, same format, its length stated", async () => {
  const { packets, head } = readAll(aac);
  for (const some of [packets, packets.slice(10, 11), Array.from({ length: 20 }, () => packets).flat()]) {
    const file = writeMp4(head, some);
    const theirs = await readWithMediabunny(file);
    expect(theirs.packets).toEqual(bytesOf(some));
    expect(theirs.config).toMatchObject({ codec: "mp4a.40.2", sampleRate: 44_100, numberOfChannels: 1 });
    expect(theirs.durationMs).toBeCloseTo((some.length * 1024) / 44.1, 0);
    expect(bytesOf(readAll(file).packets)).toEqual(bytesOf(some));
    expect(readAll(file).head).toEqual(head);
  }
});

test("a movie without Opus and AAC is refused", () => {
  const other = opus.slice();
  other.set(new TextEncoder().encode("alac"), 641 - 40 - 91 + 20);
  expect(() => createMp4Reader().push(other)).toThrow("recorder_unsupported");
});
