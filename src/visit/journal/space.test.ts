import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { Journal } from "./journal.ts";
import { createDevice, headerOf, mimeType, secondId, smallPlan, visitId, type Device } from "./test-journal.ts";

const reserved = smallPlan.reservedBytes;
/** With less than this free no visit begins. */
const least = smallPlan.leastBytes + smallPlan.restBytes;
const stream = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const sizes: number[] = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.sizes.json"), "utf8"));
let at = 0;
const pieces = sizes.map((size) => stream.slice(at, (at += size)));

let device: Device;
let journal: Journal;

beforeEach(async () => {
  device = createDevice();
  journal = await device.restart();
});

const names = () => [...device.disk.files.keys()].toSorted();
const sizeOf = (name: string) => device.disk.files.get(name)?.length;

async function begin(id = visitId): Promise<void> {
  await journal.open(headerOf(id));
  await journal.visit(id).beginRecording(mimeType);
}

async function record(count: number, id = visitId): Promise<void> {
  for (const bytes of pieces.slice(0, count)) {
    await journal.visit(id).append({ recording: 0, bytes, capturedAt: 1000, levels: [] });
  }
}

test("space is taken before the visit, and the visit takes it over: from then on it needs none", async () => {
  device.disk.freeBytes = reserved;
  expect(await journal.reserve()).toEqual({ reservedBytes: reserved });
  expect(await journal.reserve()).toEqual({ reservedBytes: reserved });
  expect([names(), device.disk.freeBytes]).toEqual([["spare"], 0]);
  await begin();
  expect(names()).toEqual([`${visitId}.log`]);
  await record(60);
  expect(journal.held()[0]!.durableMs).toBe(17_940);
  expect(sizeOf(`${visitId}.log`)).toBe(reserved);
});

test("a browser that cannot rename gives the spare's space back and takes it again", async () => {
  device.disk.canMove = false;
  device.disk.freeBytes = reserved;
  await journal.reserve();
  await begin();
  expect([names(), sizeOf(`${visitId}.log`)]).toEqual([[`${visitId}.log`], reserved]);
});

test("a disk with less gives what it has without its rest, however often it is asked, and the visit begins in that", async () => {
  for (const canMove of [true, false]) {
    device = createDevice();
    Object.assign(device.disk, { canMove, freeBytes: 100_000 });
    journal = await device.restart();
    expect(await journal.reserve()).toEqual({ reservedBytes: 90_000 });
    expect(await journal.reserve()).toEqual({ reservedBytes: 90_000 });
    expect(device.disk.freeBytes).toBe(smallPlan.restBytes);
    await begin();
    expect([names(), sizeOf(`${visitId}.log`)]).toEqual([[`${visitId}.log`], 90_000]);
    await record(10);
    expect((await device.restart()).held()[0]!.durableMs).toBe(2940);
  }
});

test("space that came free meanwhile is taken with the next asking", async () => {
  device.disk.freeBytes = 100_000;
  await journal.reserve();
  device.disk.freeBytes = 1_000_000;
  expect(await journal.reserve()).toEqual({ reservedBytes: reserved });
});

test("a disk with too little refuses the visit before it begins, and keeps nothing of it", async () => {
  device.disk.freeBytes = least;
  expect(await journal.reserve()).toEqual({ reservedBytes: smallPlan.leastBytes });
  await device.disk.remove("spare");
  device.disk.freeBytes = least - 1;
  await expect(journal.reserve()).rejects.toMatchObject({ problem: { code: "storage_full" } });
  expect([names(), device.disk.freeBytes]).toEqual([[], least - 1]);
  await expect(journal.open(headerOf(visitId))).rejects.toMatchObject({ problem: { code: "storage_full" } });
  expect([names(), device.keys.kept.size, journal.held()]).toEqual([[], 0, []]);
});

test("space runs out, more is taken; the file is trimmed when the visit is closed, and receipts still find room on a full disk", async () => {
  await begin();
  await record(pieces.length);
  expect(sizeOf(`${visitId}.log`)).toBe(reserved + 2 * 65_536);
  expect(device.shortage).toEqual([]);
  device.disk.freeBytes = 0;
  const visit = journal.visit(visitId);
  await visit.close();
  expect(sizeOf(`${visitId}.log`)! - visit.size()).toBeLessThan(6000);
  device.disk.freeBytes = 0;
  for (const { sequence, sha256, durationMs } of visit.state().chunks) {
    await visit.receive({ sequence, sha256, durationMs, receivedAt: "2026-11-21T10:00:00Z" });
  }
  await visit.mark({ mark: "finished", at: 1 });
  await visit.mark({ mark: "signed", at: 1, signedAt: "2026-11-21T11:00:00Z" });
  expect(await (await device.restart()).ledger(visitId)).toMatchObject({ erasable: true, uncutMs: 0 });
});

test("short of space: said once, taken back when there is more", async () => {
  await begin();
  device.disk.freeBytes = 0;
  await record(85);
  expect(device.shortage).toEqual(["storage_full"]);
  device.disk.freeBytes = Number.POSITIVE_INFINITY;
  await record(20);
  expect(device.shortage).toEqual(["storage_full", null]);
});

test("a visit that is recorded on after it was closed gets space again", async () => {
  await begin();
  await record(5);
  await journal.visit(visitId).close();
  const trimmed = sizeOf(`${visitId}.log`)!;
  await journal.visit(visitId).beginRecording(mimeType);
  expect(sizeOf(`${visitId}.log`)).toBe(trimmed + 65_536);
});

test("a crash between space and header leaves nothing, and the space comes back", async () => {
  await journal.reserve();
  await device.keys.make(visitId, null);
  await device.disk.move("spare", `${visitId}.log`);
  device.disk.freeBytes = 0;
  journal = await device.restart();
  expect([names(), device.disk.freeBytes, device.unreadable]).toEqual([[], reserved, []]);
});

test("a power cut that takes the renaming back does not take the visit", async () => {
  await journal.reserve();
  await begin();
  await record(10);
  await device.disk.move(`${visitId}.log`, "spare");
  journal = await device.restart();
  expect(journal.held()[0]).toMatchObject({ visitId, durableMs: 2940 });
  await journal.reserve();
  await begin(secondId);
  expect(names()).toEqual([`${visitId}.log`, `${secondId}.log`]);
});

test("a spare that no key opens is kept beside, not written over", async () => {
  await journal.reserve();
  await begin();
  await device.disk.move(`${visitId}.log`, "spare");
  device.keys.kept.clear();
  journal = await device.restart();
  await journal.reserve();
  expect(names()).toEqual([expect.stringMatching(/\.stray$/u), "spare"]);
});

test("what is locked is listed, is not overwritten, and opens when it can", async () => {
  await begin();
  await record(10);
  const before = journal.held();
  device.keys.locked = true;
  journal = await device.restart();
  expect(journal.held()).toEqual([]);
  expect(journal.locked()).toEqual([{ visitId, bytesOnDevice: reserved }]);
  await expect(journal.open(headerOf(visitId))).rejects.toMatchObject({ problem: { code: "storage_unavailable" } });
  await journal.unlock();
  expect(journal.locked()).toHaveLength(1);
  device.keys.locked = false;
  await journal.unlock();
  expect(journal.locked()).toEqual([]);
  expect(journal.held()[0]!.durableMs).toBe(before[0]!.durableMs);
});
