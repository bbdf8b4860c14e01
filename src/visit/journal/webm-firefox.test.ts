/** WebM as Firefox writes it: sizes in eight bytes, packets of 20 ms, a new cluster every three seconds. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BufferSource, EncodedPacketSink, Input, WEBM } from "mediabunny";
import { expect, test } from "vitest";
import { preSkipOf, samplesToMs, withoutPreSkip } from "./opus.ts";
import type { Packet } from "./packet.ts";
import { createWebmReader } from "./read-webm.ts";
import { writeWebm } from "./write-webm.ts";

const fixture = (name: string) => readFileSync(join(import.meta.dirname, "fixtures", name));
/** 5.5 s of a known sound as Firefox 153's MediaRecorder gave it, and the pieces it gave. */
const whole = new Uint8Array(fixture("firefox-5s.webm"));
const sizes: number[] = JSON.parse(fixture("firefox-5s.sizes.json").toString());

function readInPieces(): { packets: Packet[]; head: Uint8Array } {
  const reader = createWebmReader();
  let at = 0;
  const packets = sizes.flatMap((size) => reader.push(whole.subarray(at, (at += size))));
  return { packets, head: reader.head()! };
}

/** By somebody else's code. */
async function readWithMediabunny(bytes: Uint8Array<ArrayBuffer>) {
  const track = (await new Input({ source: new BufferSource(bytes), formats: [WEBM] }).getPrimaryAudioTrack())!;
  const packets: Uint8Array[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet.data);
  return { packets, head: new Uint8Array((await track.getDecoderConfig())!.description as Uint8Array) };
}

const bytesOf = (packets: readonly Packet[]) => packets.map((packet) => packet.bytes);

test("every packet is found from the first on, with the head, as mediabunny finds them", async () => {
  const { packets, head } = readInPieces();
  const theirs = await readWithMediabunny(whole);
  expect(bytesOf(packets)).toEqual(theirs.packets);
  expect(head).toEqual(theirs.head);
  expect(preSkipOf(head)).toBe(312);
  expect(new Set(packets.map(({ samples }) => samplesToMs(samples)))).toEqual(new Set([20]));
});

test("times are the recorder's clock, over the borders of clusters", () => {
  const { packets } = readInPieces();
  const firstMs = packets[0]!.timeMs!;
  expect(packets.map(({ timeMs }) => timeMs! - firstMs)).toEqual(packets.map((_, index) => index * 20));
});

test("reading can begin at any packet", () => {
  const { packets } = readInPieces();
  for (const [index, { readFrom }] of packets.entries()) {
    const rest = createWebmReader(readFrom).push(whole.subarray(readFrom));
    expect(bytesOf(rest)).toEqual(bytesOf(packets.slice(index)));
  }
});

test("chunks of it play alone", async () => {
  const { packets, head } = readInPieces();
  const first = await readWithMediabunny(writeWebm(head, packets.slice(0, 100)));
  const next = await readWithMediabunny(writeWebm(withoutPreSkip(head), packets.slice(100)));
  expect([...first.packets, ...next.packets]).toEqual(bytesOf(packets));
});
