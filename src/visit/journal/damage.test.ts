import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { magic } from "./frame.ts";
import type { Journal } from "./journal.ts";
import { createWebmReader } from "./read-webm.ts";
import { kinds } from "./records.ts";
import { createDevice, headerOf, mimeType, visitId, type Device } from "./test-journal.ts";

const stream = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const sizes: number[] = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.sizes.json"), "utf8"));
let at = 0;
const pieces = sizes.map((size) => stream.slice(at, (at += size)));
const packetsIn = (bytes: Uint8Array) =>
  createWebmReader()
    .push(bytes)
    .map((packet) => packet.bytes);
const expectedPackets = packetsIn(stream);

let device: Device;
let journal: Journal;
/** Where the log ended after each piece. */
let ends: number[];

beforeEach(async () => {
  device = createDevice();
  journal = await device.restart();
  await journal.open(headerOf(visitId));
  await visit().beginRecording(mimeType);
  ends = [];
  for (const [index, bytes] of pieces.entries()) {
    await visit().append({ recording: 0, bytes, capturedAt: 1000 + index * 300, levels: [] });
    ends.push(visit().size());
  }
  await visit().close();
});

const visit = () => journal.visit(visitId);
const chunks = () => visit().state().chunks;
const log = () => device.disk.files.get(`${visitId}.log`)!;

async function receive(sequence: number): Promise<void> {
  const { sha256, durationMs } = chunks()[sequence]!;
  await visit().receive({ sequence, sha256, durationMs, receivedAt: "2026-11-21T10:00:00Z" });
}

async function chunkPackets(): Promise<Uint8Array[][]> {
  const all: Uint8Array[][] = [];
  for (const { sequence } of chunks()) all.push(packetsIn(await visit().chunk(sequence)));
  return all;
}

async function damage(offset: number): Promise<void> {
  log()[offset]! ^= 1;
  journal = await device.restart();
}

/** The first record after this one. */
function nextRecord(offset: number): number {
  return Buffer.from(log()).indexOf("CSR1", offset + 1);
}

function firstOf(kind: number): number {
  let offset = 0;
  while (log()[offset + magic.length] !== kind) offset = nextRecord(offset);
  return offset;
}

test("a chunk that is too large becomes two, those after it move up, and a restart finds the same", async () => {
  await receive(0);
  const before = await chunkPackets();
  await visit().split(1);
  const half = before[1]!.length / 2;
  expect((await chunkPackets()).map((packets) => packets.length)).toEqual([250, half, half, 250, before[3]!.length]);
  expect(chunks().map((chunk) => chunk.sequence)).toEqual([0, 1, 2, 3, 4]);
  expect((await chunkPackets()).flat()).toEqual(expectedPackets);
  const split = structuredClone(chunks());
  journal = await device.restart();
  expect(chunks()).toEqual(split);
  await visit().split(2);
  expect((await chunkPackets()).flat()).toEqual(expectedPackets);
  expect(
    chunks()
      .map((chunk) => chunk.sizeBytes)
      .every((size) => size < 60_000),
  ).toBe(true);
});

test("what the scribe holds is not split, nor what comes before it", async () => {
  await receive(0);
  await receive(1);
  for (const sequence of [0, 1]) {
    await expect(visit().split(sequence)).rejects.toMatchObject({ problem: { code: "conflict" } });
  }
  await expect(visit().split(9)).rejects.toMatchObject({ problem: { code: "not_found" } });
});

test("the pre-skip stays with the first half of a first chunk, and one packet cannot be split", async () => {
  const first = await visit().chunk(0);
  await visit().split(0);
  const again = createWebmReader();
  again.push(await visit().chunk(0));
  const whole = createWebmReader();
  whole.push(first);
  expect(again.head()).toEqual(whole.head());
  let sequence = chunks().length - 1;
  while (packetsIn(await visit().chunk(sequence)).length > 1) {
    await visit().split(sequence);
    sequence = chunks().length - 1;
  }
  await expect(visit().split(sequence)).rejects.toMatchObject({ problem: { code: "too_large" } });
});

test("a chunk whose sound is damaged is cut anew, so that it can still be sent", async () => {
  await damage(ends[70]! + 60);
  expect(device.unreadable.map(([, told]) => told.detail)).toEqual(["damaged"]);
  const lengths = (await chunkPackets()).map((packets) => packets.length);
  expect(lengths).toEqual([250, lengths[1], 250, 41]);
  expect(lengths[1]).toBeGreaterThanOrEqual(240);
  expect(lengths[1]).toBeLessThan(250);
  const repaired = structuredClone(chunks());
  journal = await device.restart();
  expect(chunks()).toEqual(repaired);
});

test("a damaged cut is made again as it was: nothing is lost, and no number is left out", async () => {
  const before = structuredClone(chunks());
  await damage(firstOf(kinds.cut) + 60);
  expect(device.unreadable).toHaveLength(1);
  expect(chunks().map(({ sequence, sha256 }) => [sequence, sha256])).toEqual(
    before.map(({ sequence, sha256 }) => [sequence, sha256]),
  );
  expect((await chunkPackets()).flat()).toEqual(expectedPackets);
});

test("the last cut damaged: cut again from what waits", async () => {
  const before = structuredClone(chunks());
  await receive(0);
  await damage(nextRecord(ends.at(-1)!) + 60); // the recording's end, then its last cut
  expect(chunks().map((chunk) => chunk.sha256)).toEqual(before.map((chunk) => chunk.sha256));
});

test("the stream's head damaged costs its fragment, not the recording", async () => {
  const recordingStart = nextRecord(0);
  await damage(nextRecord(recordingStart) + 60);
  const packets = (await chunkPackets()).flat();
  expect(packets.length).toBeGreaterThan(expectedPackets.length - 12);
  expect(packets).toEqual(expectedPackets.slice(-packets.length));
});
