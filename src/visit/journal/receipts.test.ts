import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { VisitId } from "#model/id.ts";
import type { DeletionReceipt } from "#model/recording.ts";
import type { Journal } from "./journal.ts";
import { newest, putReceipt, readReceipts } from "./receipts.ts";
import { createDevice, headerOf, mimeType, secondId, visitId, type Device } from "./test-journal.ts";

const stream = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const dayMs = 86_400_000;

let device: Device;
let journal: Journal;

beforeEach(async () => {
  device = createDevice();
  journal = await device.restart();
  for (const id of [visitId, secondId]) {
    await journal.open(headerOf(id));
    const recording = await journal.visit(id).beginRecording(mimeType);
    await journal.visit(id).append({ recording, bytes: stream.slice(), capturedAt: 1000, levels: [] });
    await journal.visit(id).close();
  }
});

/** What anybody can work out of the list of pieces. */
async function sumOf(id: VisitId): Promise<string> {
  const lines = (await journal.ledger(id)).lines.map(({ sha256 }) => `${sha256}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}

const figures = { chunks: 4, durationMs: 47_460 };

test("erased or discarded: how much it was, when and why is told, first without and then with the clinic server's knowledge", async () => {
  const [signed, discarded] = [
    { ...figures, visitId, startedAt: 1000, sha256: await sumOf(visitId), at: 6000, reason: "signed" },
    { ...figures, visitId: secondId, startedAt: 2000, sha256: await sumOf(secondId), at: 5000, reason: "withdrawn" },
  ];
  expect(await journal.receipts()).toEqual([]);
  await journal.visit(secondId).discard("withdrawn");
  device.nowMs = 6000;
  await journal.erase(visitId, "signed");
  const untold = [signed, discarded].map((receipt) => ({ ...receipt, isTold: false }));
  expect(await journal.receipts()).toEqual(untold);
  journal = await device.restart();
  expect(await journal.receipts()).toEqual(untold);
  await journal.forget(secondId);
  await journal.forget(visitId);
  journal = await device.restart();
  expect(await journal.receipts()).toEqual([signed, discarded].map((receipt) => ({ ...receipt, isTold: true })));
});

test("what was discarded twice is told as it was the first time", async () => {
  const sha256 = sumOf(visitId);
  await journal.visit(visitId).discard("discarded");
  await journal.visit(visitId).discard("withdrawn");
  expect(await journal.receipts()).toMatchObject([{ visitId, ...figures, sha256, reason: "withdrawn" }]);
});

test("no receipt names anybody, and one small file is all that is left", async () => {
  for (const id of [visitId, secondId]) {
    await journal.erase(id, "retention");
    await journal.forget(id);
  }
  const [[name, bytes] = ["", new Uint8Array()], ...others] = device.disk.files;
  expect([name, others]).toEqual([expect.stringMatching(/\.receipts$/u), []]);
  const left = Buffer.from(bytes).toString();
  for (const word of ["Ada", "Quill", "1047", "1961", "knee", "p1", "dr-x"]) expect(left).not.toContain(word);
});

const receipt = (number: number, at: number): DeletionReceipt => {
  const id = VisitId.parse(`3f0c6a52-9a1b-4c0e-8a53-${String(number).padStart(12, "0")}`);
  return { visitId: id, startedAt: 0, ...figures, sha256: "ab", at, reason: "signed", isTold: true };
};

test("receipts go after 90 days, and there are never more than 500", async () => {
  const many = Array.from({ length: 600 }, (_, number) => receipt(number, number * 1000));
  const kept = newest(many, 600_000);
  expect([kept.length, kept[0]?.at, kept.at(-1)?.at]).toEqual([500, 599_000, 100_000]);
  expect(newest(kept, 90 * dayMs + 599_000)).toEqual([]);
  expect(newest(kept, 90 * dayMs + 598_500)).toHaveLength(1);
  await putReceipt(device.disk, receipt(1, dayMs));
  await putReceipt(device.disk, receipt(2, 92 * dayMs));
  expect(await readReceipts(device.disk)).toEqual([receipt(2, 92 * dayMs)]);
});

test("the machine dies while receipts are written: those before are there, and nothing twice", async () => {
  await putReceipt(device.disk, receipt(1, 1000));
  const [before] = device.disk.files.values();
  device.disk.files.set("torn.receipts", before!.slice(0, 40));
  device.disk.files.set("doubled.receipts", before!.slice());
  device.disk.files.set("foreign.receipts", new TextEncoder().encode('[{"visitId":"x"},7]'));
  expect(newest(await readReceipts(device.disk), 2000)).toEqual([receipt(1, 1000)]);
  await putReceipt(device.disk, receipt(2, 2000));
  const names = [...device.disk.files.keys()].filter((name) => name.endsWith(".receipts"));
  expect(names).toHaveLength(1);
  expect(await readReceipts(device.disk)).toEqual([receipt(2, 2000), receipt(1, 1000)]);
});

test("a disk too full for a receipt keeps the tombstone instead, and the receipt comes with the next try", async () => {
  await journal.erase(visitId, "signed");
  device.disk.freeBytes = 0;
  await expect(journal.forget(visitId)).rejects.toMatchObject({ problem: { code: "storage_full" } });
  expect(await journal.receipts()).toMatchObject([{ visitId, isTold: false }]);
  device.disk.freeBytes = Number.POSITIVE_INFINITY;
  await journal.forget(visitId);
  expect([journal.tombstones(), await journal.receipts()]).toMatchObject([[], [{ visitId, isTold: true }]]);
});
