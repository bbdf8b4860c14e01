import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { Disk } from "./disk.ts";
import { openJournal, type Journal } from "./journal.ts";
import { createDevice, headerOf, mimeType, secondId, visitId, type Device } from "./test-journal.ts";

const stream = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));

let device: Device;
let journal: Journal;

async function visitWithSound(id = visitId): Promise<void> {
  await journal.open(headerOf(id));
  const recording = await journal.visit(id).beginRecording(mimeType);
  await journal.visit(id).append({ recording, bytes: stream.slice(), capturedAt: 1000, levels: [] });
  await journal.visit(id).close();
}

beforeEach(async () => {
  device = createDevice();
  journal = await device.restart();
  await visitWithSound();
});

const names = () => [...device.disk.files.keys()].toSorted();
const tombstone = {
  visitId,
  clinicianId: "dr-x",
  device: "Room 3 PC",
  chunks: 4,
  sizeBytes: expect.any(Number),
  durationMs: 47_460,
  sha256: expect.stringMatching(/^[0-9a-f]{64}$/u),
  startedAt: 1000,
  at: 5000,
  reason: "signed",
};

test("erased: audio, key and names are gone; what the clinic server is to be told stays until it knows", async () => {
  await journal.erase(visitId, "signed");
  expect([journal.held(), journal.toSend(), device.keys.kept.size]).toEqual([[], [], 0]);
  expect(names()).toEqual([`${visitId}.erased`]);
  const left = Buffer.from(device.disk.files.get(`${visitId}.erased`)!).toString();
  for (const word of ["Ada", "Quill", "1047", "1961", "knee", "p1"]) expect(left).not.toContain(word);
  journal = await device.restart();
  expect(journal.tombstones()).toEqual([tombstone]);
  expect(journal.tombstones()[0]!.sizeBytes).toBeGreaterThan(180_000);
  await journal.forget(visitId);
  expect(names()).toEqual([expect.stringMatching(/\.receipts$/u)]);
  expect((await device.restart()).tombstones()).toEqual([]);
});

test("erasing what is not held does nothing, erasing twice tells once", async () => {
  await journal.erase(secondId, "retention");
  expect(journal.tombstones()).toEqual([]);
  await journal.erase(visitId, "signed");
  await journal.erase(visitId, "retention");
  expect(journal.tombstones()).toEqual([tombstone]);
});

test("erasing works on a full disk", async () => {
  device.disk.freeBytes = 0;
  await journal.erase(visitId, "signed");
  expect((await device.restart()).tombstones()).toHaveLength(1);
});

class PowerCut extends Error {}

/** The disk and the keys stop after so many changes, as they do when the machine dies. */
function dying(changes: number): { disk: Disk; keys: Device["keys"] } {
  let left = changes;
  const spend = (): void => {
    if (left === 0) throw new PowerCut();
    left -= 1;
  };
  const { disk, keys } = device;
  return {
    keys: { ...keys, remove: async (id) => (spend(), keys.remove(id)) },
    disk: {
      ...disk,
      remove: async (name) => (spend(), disk.remove(name)),
      open: async (name) => {
        const file = await disk.open(name);
        return {
          ...file,
          truncate: (size) => (spend(), file.truncate(size)),
          flush: () => (spend(), file.flush()),
          write: (at, bytes) => {
            if (left === 0) file.write(at, bytes.slice(0, bytes.length / 2)); // torn
            spend();
            file.write(at, bytes);
          },
        };
      },
    },
  };
}

test("the machine dies at any write of an erasing: the visit is all there, or erased and told", async () => {
  const outcomes: string[] = [];
  for (let changes = 0; ; changes += 1) {
    device = createDevice();
    journal = await device.restart();
    await visitWithSound();
    const { disk, keys } = dying(changes);
    const parts = { disk, keys, clock: { now: () => 5000 }, onChange: () => undefined };
    const told = { onUnreadable: () => undefined, onShort: () => undefined };
    const before = journal.held();
    // Opening the journal wipes and flushes nothing in a log that is whole.
    const doomed = await openJournal({ ...parts, ...told });
    const died = await doomed.erase(visitId, "signed").then(
      () => false,
      (thrown: unknown) => thrown instanceof PowerCut,
    );
    journal = await device.restart();
    const [held, tombstones] = [journal.held(), journal.tombstones()];
    if (held.length > 0) expect([held, tombstones]).toEqual([before, []]);
    else expect([tombstones, names(), device.keys.kept.size]).toEqual([[tombstone], [`${visitId}.erased`], 0]);
    outcomes.push(held.length > 0 ? "kept" : "erased");
    if (!died) break;
  }
  expect(outcomes).toEqual(["kept", "kept", "erased", "erased", "erased", "erased"]);
});
