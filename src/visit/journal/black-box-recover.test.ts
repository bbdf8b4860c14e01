/** A recording is cut off; what the next start finds in journal and black box together. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { problem } from "#model/problem.ts";
import { beforeEach, expect, test, vi } from "vitest";
import { createBoxFile } from "./black-box-file.ts";
import type { BoxRecord } from "./black-box-records.ts";
import { openJournal, type Journal } from "./journal.ts";
import { makeKey, type Keys } from "./keys.ts";
import { createMemoryDisk, type MemoryDisk } from "./memory-disk.ts";
import { samplesToMs } from "./opus.ts";
import { createWebmReader } from "./read-webm.ts";
import { headerOf, mimeType, visitId } from "./test-journal.ts";

const boxName = `${visitId}.box`;
const stream = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const sizes: number[] = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.sizes.json"), "utf8"));
let at = 0;
const pieces = sizes.map((size) => stream.slice(at, (at += size)));

const header = headerOf(visitId);

vi.setConfig({ testTimeout: 60_000 });

/** The recorder began then; its events are 55 ms older than the tap of the same sound. */
const beganAt = 100_000;
const delayMs = 55;

let disk: MemoryDisk;
let packetBytes: number;
let key: CryptoKey;
let keys: Keys;

beforeEach(async () => {
  [disk, packetBytes] = [createMemoryDisk(), 40];
  key = await makeKey();
  keys = { make: async () => key, read: async () => key, remove: async () => undefined, visits: async () => [visitId] };
});

function restart(): Promise<Journal> {
  return openJournal({
    disk,
    keys,
    clock: { now: () => 500_000 },
    onChange: () => undefined,
    onUnreadable: () => undefined,
    onShort: () => undefined,
    plan: { reservedBytes: 131_072, leastBytes: 1, restBytes: 1, growBytes: 65_536, lowBytes: 32_768 },
  });
}

/** A visit of so many slices; resolves to its length in ms. */
async function record(slices: number): Promise<number> {
  const journal = await restart();
  await journal.open(header);
  const visit = journal.visit(visitId);
  const recording = await visit.beginRecording(mimeType);
  for (const bytes of pieces.slice(0, slices)) {
    const endMs = visit.state().durableMs + 300;
    await visit.append({ recording, bytes, capturedAt: beganAt + endMs + delayMs, levels: [] });
  }
  return visit.state().durableMs;
}

/** Opus says itself that it is 20 ms long; the rest says which one it is. */
const packet = (number: number) =>
  Uint8Array.of(0xf8, number >> 8, number & 255, ...Array<number>(packetBytes).fill(1));

/** The tap's sound `fromMs..toMs` of the recording. */
async function fillBox(fromMs: number, toMs: number, recording = 0): Promise<void> {
  const records: BoxRecord[] = [
    { type: "tapped", tapped: { recording, codec: "opus", sampleRate: 48_000 } },
    { type: "saved", saved: { recording, originAt: beganAt + delayMs } },
  ];
  for (let number = fromMs / 20; number < toMs / 20; number += 1) {
    const sound = { at: 7000 + number * 20, wall: beganAt + (number + 1) * 20, bytes: packet(number) };
    records.push({ type: "sound", sound });
  }
  await createBoxFile({ name: boxName, file: await disk.open(boxName), key }).append(records);
}

/** Numbers of the recovered packets, as the chunks that are sent give them. */
async function recovered(journal: Journal): Promise<number[]> {
  const visit = journal.visit(visitId);
  const numbers: number[] = [];
  for (const { sequence, recording } of visit.state().chunks) {
    if (visit.state().recordings[recording]?.recovers === null) continue;
    const packets = createWebmReader().push(await visit.chunk(sequence));
    for (const { bytes, samples } of packets) {
      expect(samplesToMs(samples)).toBe(20);
      numbers.push(bytes[1]! * 256 + bytes[2]!);
    }
  }
  return numbers;
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test("what the page never gave is there, from just before the cut to the last packet, and the box is gone", async () => {
  const endMs = await record(40);
  await fillBox(endMs - 4000, endMs + 5200);
  const journal = await restart();
  const found = await recovered(journal);
  expect(found).toEqual(numbers(found[0]!, (endMs + 5200) / 20));
  expect(endMs - found[0]! * 20).toBeGreaterThanOrEqual(0);
  expect(endMs - found[0]! * 20).toBeLessThanOrEqual(60);
  expect(journal.held()[0]).toMatchObject({ finished: false, durableMs: endMs + found.length * 20 });
  expect(journal.held()[0]!.recoveredMs).toBe(found.length * 20);
  expect(disk.files.has(boxName)).toBe(false);
  expect(await recovered(await restart())).toEqual(found);
});

test("what is missing begins after what was recovered", async () => {
  const endMs = await record(40);
  await fillBox(endMs - 4000, endMs + 5200);
  const journal = await restart();
  expect(journal.held()[0]!.gaps).toMatchObject([
    { reason: "interrupted", startedAt: beganAt + endMs + 5200, atMs: journal.held()[0]!.durableMs, lengthMs: null },
  ]);
  const visit = journal.visit(visitId);
  const recording = await visit.beginRecording(mimeType);
  const resumedAt = beganAt + endMs + 65_200;
  await visit.append({ recording, bytes: pieces[0]!, capturedAt: resumedAt + 240, levels: [] });
  const [gap, ...others] = journal.held()[0]!.gaps;
  expect(others).toEqual([]);
  expect(Math.abs(gap!.lengthMs! - 60_000)).toBeLessThanOrEqual(300);
});

test("the chunks are in the order of the sound, without a hole in the numbers, and are not cut anew", async () => {
  const endMs = await record(70);
  await fillBox(endMs - 4000, endMs + 30_000);
  const journal = await restart();
  const { chunks } = journal.visit(visitId).state();
  expect(chunks.map(({ sequence }) => sequence)).toEqual(chunks.map((_, index) => index));
  expect(chunks.map(({ recording }) => recording)).toEqual([0, 0, 1, 1, 1].slice(0, chunks.length));
  await journal.visit(visitId).close();
  expect(journal.visit(visitId).state().chunks).toEqual(chunks);
  expect((await restart()).visit(visitId).state().chunks).toEqual(chunks);
});

test("killed at any write of the recovery, the next one ends with the same", async () => {
  const endMs = await record(40);
  await fillBox(endMs - 4000, endMs + 20_000);
  const before = new Map([...disk.files].map(([name, bytes]) => [name, bytes.slice()]));
  const states: Map<string, Uint8Array<ArrayBuffer>>[] = [];
  const { open } = disk;
  disk.open = async (name) => {
    const file = await open(name);
    const write: typeof file.write = (at, bytes) => {
      file.write(at, bytes);
      states.push(new Map([...disk.files].map(([name, bytes]) => [name, bytes.slice()])));
    };
    return { ...file, write };
  };
  const expected = await restart();
  const found = await recovered(expected);
  const held = expected.held();
  expect(states.length).toBeGreaterThan(8);
  for (const state of [before, ...states]) {
    disk = createMemoryDisk();
    disk.files = state;
    const again = await restart();
    expect(await recovered(again)).toEqual(found);
    const [visit] = again.held();
    expect({ ...visit, bytesOnDevice: 0 }).toEqual({ ...held[0], bytesOnDevice: 0 });
    expect(disk.files.has(boxName)).toBe(false);
  }
}, 30_000);

test("a full disk: the box waits for the next time", async () => {
  packetBytes = 400;
  const endMs = await record(40);
  await fillBox(endMs - 1000, endMs + 20_000);
  disk.freeBytes = 0;
  const full = await restart();
  expect(full.held()[0]!.durableMs).toBeGreaterThanOrEqual(endMs);
  expect(disk.files.has(boxName)).toBe(true);
  await full.closeFiles();
  disk.freeBytes = Number.POSITIVE_INFINITY;
  const found = await recovered(await restart());
  expect(found.at(-1)).toBe((endMs + 20_000) / 20 - 1);
  expect(disk.files.has(boxName)).toBe(false);
});

test("a recording that ended by itself is not recovered, its box is removed", async () => {
  const endMs = await record(40);
  const first = await restart();
  await first.visit(visitId).beginRecording(mimeType);
  await first.visit(visitId).endRecording(1);
  await fillBox(0, 1000, 1);
  const { durableMs } = (await restart()).held()[0]!;
  expect(durableMs).toBe(endMs);
  expect(disk.files.has(boxName)).toBe(false);
});

test("withdrawn, erased or forgotten: the box goes too", async () => {
  packetBytes = 400;
  const endMs = await record(40);
  await fillBox(endMs, endMs + 20_000);
  disk.freeBytes = 0;
  const journal = await restart();
  await journal.visit(visitId).discard("withdrawn");
  expect(disk.files.has(boxName)).toBe(false);
  await fillBox(0, 20);
  disk.freeBytes = Number.POSITIVE_INFINITY;
  await journal.erase(visitId, "retention");
  expect(disk.files.has(boxName)).toBe(false);
});

test("a box that cannot be removed, because it could not be closed, keeps no visit from ending; the next start removes it", async () => {
  await record(40);
  await fillBox(0, 1000);
  const journal = await restart();
  await fillBox(0, 20);
  const { remove } = disk;
  disk.remove = (name) => (name === boxName ? Promise.reject(problem("storage_unavailable")) : remove(name));
  await journal.erase(visitId, "retention");
  await journal.forget(visitId);
  expect(disk.files.has(boxName)).toBe(true);
  disk.remove = remove;
  expect((await restart()).held()).toEqual([]);
  expect(disk.files.has(boxName)).toBe(false);
});

test("half an imported file is gone at the next start", async () => {
  const journal = await restart();
  await journal.open({ ...header, imported: true });
  const recording = await journal.visit(visitId).beginRecording(mimeType);
  await journal.visit(visitId).append({ recording, bytes: pieces[0]!, capturedAt: 1, levels: [] });
  const again = await restart();
  expect(again.held()).toEqual([]);
  expect(again.toSend()[0]).toMatchObject({ discarded: "discarded", chunks: [] });
});
