import { readFileSync } from "node:fs";
import { join } from "node:path";
import { array, assert, asyncProperty, constantFrom, integer, tuple } from "fast-check";
import { expect, test } from "vitest";
import { glimpseHeld } from "./glimpse.ts";
import type { Journal } from "./journal.ts";
import { kinds } from "./records.ts";
import { createDevice, headerOf, mimeType, secondId, visitId, type Device } from "./test-journal.ts";

const stream = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const sizes: number[] = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.sizes.json"), "utf8"));
let at = 0;
const pieces = sizes.map((size) => stream.slice(at, (at += size)));

/** A device on which one visit is recorded, piece after piece. */
type Desk = { device: Device; journal: Journal; spoken: number };

async function openDesk(): Promise<Desk> {
  const device = createDevice();
  const journal = await device.restart();
  await journal.open(headerOf(visitId));
  await journal.visit(visitId).beginRecording(mimeType);
  return { device, journal, spoken: 0 };
}

const visitOf = ({ journal }: Desk) => journal.visit(visitId);
const logOf = ({ device }: Desk) => device.disk.files.get(`${visitId}.log`)!;

async function speak(desk: Desk, fragments: number): Promise<void> {
  const { recordings } = visitOf(desk).state();
  if (recordings.at(-1)!.ended || recordings.at(-1)!.interrupted) await visitOf(desk).beginRecording(mimeType);
  const recording = visitOf(desk).state().recordings.length - 1;
  for (const end = desk.spoken + fragments; desk.spoken < end; desk.spoken += 1) {
    const bytes = pieces[desk.spoken % pieces.length]!;
    desk.device.nowMs += 300;
    await visitOf(desk).append({ recording, bytes, capturedAt: desk.device.nowMs, levels: [] });
  }
}

async function receiveNext(desk: Desk): Promise<void> {
  const { chunks, receipts } = visitOf(desk).state();
  const next = chunks.find(({ sequence }) => !receipts.has(sequence));
  if (!next) return;
  const { sequence, sha256, durationMs } = next;
  await visitOf(desk).receive({ sequence, sha256, durationMs, receivedAt: new Date(desk.device.nowMs).toISOString() });
}

/** The last bytes of what is written are lost, as in a crash while they were written. */
async function tear(desk: Desk, bytes: number): Promise<void> {
  const end = visitOf(desk).size();
  logOf(desk).fill(0, end - bytes, end);
  desk.journal = await desk.device.restart();
}

const steps: Record<string, (desk: Desk, size: number) => Promise<void>> = {
  speak,
  speakLong: (desk, size) => speak(desk, 3 * size),
  receive: receiveNext,
  lose: async (desk) => {
    const [first] = visitOf(desk).state().receipts.keys();
    if (first !== undefined) await visitOf(desk).mark({ mark: "lost", at: desk.device.nowMs, sequences: [first] });
  },
  pause: async (desk, size) => {
    const last = visitOf(desk).state().recordings.at(-1);
    if (last === undefined || last.ended || last.interrupted) return; // only what records can be paused
    const startedAt = desk.device.nowMs;
    await visitOf(desk).gap({ reason: "paused", startedAt, endedAt: null });
    await visitOf(desk).endRecording(visitOf(desk).state().recordings.length - 1);
    desk.device.nowMs += size * 100;
    await visitOf(desk).gap({ reason: "paused", startedAt, endedAt: desk.device.nowMs });
  },
  moment: (desk) => visitOf(desk).mark({ mark: "moment", at: desk.device.nowMs, text: "knee" }),
  sleep: async (desk, size) => void (desk.device.nowMs += size * 1000),
  split: async (desk) => {
    const { chunks, receipts } = visitOf(desk).state();
    if (chunks.length > receipts.size) await visitOf(desk).split(chunks.length - 1);
  },
  restart: async (desk, size) => {
    desk.journal = await desk.device.restart();
    desk.device.nowMs += size * 500;
  },
  tear,
  close: (desk) => visitOf(desk).close(),
};

test("the glimpse says of any log what reading all of it says", { timeout: 120_000 }, async () => {
  const step = tuple(constantFrom(...Object.keys(steps)), integer({ min: 1, max: 40 }));
  await assert(
    asyncProperty(array(step, { minLength: 4, maxLength: 14 }), async (script) => {
      const desk = await openDesk();
      await speak(desk, 50);
      for (const [name, size] of script) {
        await steps[name]!(desk, size);
        const glimpsed = await glimpseHeld(desk.device);
        const { device } = desk;
        const files = new Map([...device.disk.files].map(([name, bytes]) => [name, bytes.slice()]));
        const again = await device.restart();
        expect(glimpsed).toEqual(again.held());
        device.disk.files = files;
      }
    }),
    { numRuns: 25 },
  );
});

test("sound before the last digest is not read", async () => {
  const desk = await openDesk();
  await speak(desk, 150);
  const held = await glimpseHeld(desk.device);
  const log = logOf(desk);
  // Not one fragment of the first 30 s could be opened now.
  const untouched = Buffer.from(log).indexOf("CSR1", Math.floor(visitOf(desk).size() * 0.4));
  for (let at = Buffer.from(log).indexOf("CSR1", 60); at < untouched; at += 1) log[at] = 7;
  const spoiled = await glimpseHeld(desk.device);
  expect(spoiled).toEqual(held);
  expect(held[0]!.durableMs).toBeGreaterThan(44_000);
});

test("a torn or damaged digest costs nothing: the one before it serves, or the whole log", async () => {
  const desk = await openDesk();
  await speak(desk, 120);
  const held = await glimpseHeld(desk.device);
  const log = Buffer.from(logOf(desk).buffer);
  const digests: number[] = [];
  for (let at = log.indexOf("CSR1"); at >= 0; at = log.indexOf("CSR1", at + 1))
    if (log[at + 4] === kinds.digest) digests.push(at);
  expect(digests.length).toBeGreaterThan(1);
  for (const offset of digests.toReversed()) {
    log[offset + 40]! ^= 1;
    expect(await glimpseHeld(desk.device)).toEqual(held);
  }
});

test("a log without digests, of an earlier version, is told too", async () => {
  const { device } = await openDesk();
  const key = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/journal-version-1.key.json"), "utf8"));
  const log = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/journal-version-1.bin")));
  device.keys.kept.set(visitId, await crypto.subtle.importKey("jwk", key, "AES-GCM", false, ["decrypt", "encrypt"]));
  device.disk.files.set(`${visitId}.log`, log);
  const glimpsed = await glimpseHeld(device);
  expect(glimpsed).toEqual((await device.restart()).held());
  expect(glimpsed[0]!.durableMs).toBeGreaterThan(15_000);
});

test("what is erased, discarded, locked or half a file is not told", async () => {
  const desk = await openDesk();
  await speak(desk, 60);
  await desk.journal.open({ ...headerOf(secondId), imported: true });
  expect((await glimpseHeld(desk.device)).map(({ visitId }) => visitId)).toEqual([visitId]);
  desk.device.keys.locked = true;
  expect(await glimpseHeld(desk.device)).toEqual([]);
  desk.device.keys.locked = false;
  await visitOf(desk).discard("discarded");
  expect(await glimpseHeld(desk.device)).toEqual([]);
});
