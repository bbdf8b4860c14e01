import * as fc from "fast-check";
import { BufferSource, Input, WAVE } from "mediabunny";
import { expect, test } from "vitest";
import type { Packet } from "./packet.ts";
import { packetBytes, wav } from "./wav.ts";

const count = 12;
const stream = Uint8Array.from({ length: count * packetBytes }, (_, index) => (index * 7 + (index >> 8)) & 255);
const bytesOf = (packets: readonly Packet[]) => packets.map(({ bytes }) => bytes);
const all = wav.createReader(0).push(stream);

test("packets of 20 ms, wherever the stream is cut into pieces", () => {
  expect(all).toHaveLength(count);
  expect(all[3]).toMatchObject({ samples: 960, at: 3 * packetBytes, end: 4 * packetBytes, timeMs: 60 });
  const border = fc.integer({ min: 0, max: stream.length });
  fc.assert(
    fc.property(fc.array(border, { maxLength: 10 }), (borders) => {
      const at = [0, ...borders.toSorted((a, b) => a - b), stream.length];
      const reader = wav.createReader(0);
      expect(at.slice(1).flatMap((end, index) => reader.push(stream.subarray(at[index], end)))).toEqual(all);
    }),
  );
});

test("read on from any packet, and past a damaged place at the next whole packet", () => {
  expect(wav.createReader(all[5]!.readFrom).push(stream.subarray(all[5]!.at))).toEqual(all.slice(5));
  const reader = wav.createReader(0);
  const before = reader.push(stream.subarray(0, 2 * packetBytes + 100));
  reader.jump(4 * packetBytes + 10);
  expect([...before, ...reader.push(stream.subarray(4 * packetBytes + 10))]).toEqual([
    ...all.slice(0, 2),
    ...all.slice(5),
  ]);
});

test("what leaves is WAV of one channel at 16 kHz, 16 bit, the samples unchanged", async () => {
  const file = wav.writeChunk(new Uint8Array(), all, true);
  const input = new Input({ source: new BufferSource(file), formats: [WAVE] });
  const track = (await input.getPrimaryAudioTrack())!;
  expect([track.codec, track.numberOfChannels, track.sampleRate]).toEqual(["pcm-s16", 1, 16_000]);
  expect((await input.computeDuration()) * 1000).toBe(count * 20);
  expect(file.slice(44)).toEqual(stream);
  expect(wav.writeWhole(new Uint8Array(), all)).toEqual(file);
  expect(bytesOf(all).every(({ length }) => length === packetBytes)).toBe(true);
});
