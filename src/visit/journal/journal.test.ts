import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { VisitId } from "#model/id.ts";
import type { HeldVisit } from "#model/recording.ts";
import type { Journal } from "./journal.ts";
import { createWebmReader } from "./read-webm.ts";
import { createDevice, headerOf, mimeType, secondId, visitId, type Device } from "./test-journal.ts";

const stream = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const sizes: number[] = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.sizes.json"), "utf8"));
let at = 0;
const pieces = sizes.map((size) => stream.slice(at, (at += size)));
const totalMs = createWebmReader().push(stream).length * 60;

let device: Device;

beforeEach(() => {
  device = createDevice();
});

type Bytes = Uint8Array<ArrayBuffer>;

/** What a restart finds is interrupted; what it interrupted was not. */
function withoutGaps(held: readonly HeldVisit[]) {
  return held.map((visit) => ({ ...visit, gaps: null }));
}

/** The last recording goes on. */
async function record(journal: Journal, id: VisitId, parts: readonly Bytes[]): Promise<void> {
  const recording = journal.visit(id).state().recordings.length - 1;
  for (const [index, bytes] of parts.entries()) {
    await journal.visit(id).append({ recording, bytes, capturedAt: 1000 + index * 300, levels: [] });
  }
}

async function start(journal: Journal, id = visitId): Promise<void> {
  await journal.open(headerOf(id));
  await journal.visit(id).beginRecording(mimeType);
}

async function packetsIn(journal: Journal, id = visitId): Promise<Uint8Array[]> {
  const packets: Uint8Array[] = [];
  for (const chunk of journal.visit(id).state().chunks) {
    const file = await journal.visit(id).chunk(chunk.sequence);
    packets.push(
      ...createWebmReader()
        .push(file)
        .map((packet) => packet.bytes),
    );
  }
  return packets;
}

const expectedPackets = createWebmReader()
  .push(stream)
  .map((packet) => packet.bytes);

test("recorded, closed, restarted: the chunks are the same and hold every packet once", async () => {
  const journal = await device.restart();
  await start(journal);
  await record(journal, visitId, pieces);
  await journal.visit(visitId).close();
  const before = await packetsIn(journal);
  expect(before).toEqual(expectedPackets);
  const again = await device.restart();
  expect(again.visit(visitId).state().chunks).toEqual(journal.visit(visitId).state().chunks);
  expect(await packetsIn(again)).toEqual(before);
  expect(again.held()).toEqual(journal.held());
  expect(again.held()[0]).toMatchObject({ patientName: "Ada Quill", durableMs: totalMs, chunksCut: 4, finished: true });
  expect(device.unreadable).toEqual([]);
});

test(
  "torn at any byte, the record being written is lost and nothing else, and the next takes its place",
  { timeout: 60_000 },
  async () => {
    const journal = await device.restart();
    await start(journal);
    await record(journal, visitId, pieces.slice(0, 2));
    const before = device.disk.files.get(`${visitId}.log`)!.slice();
    const heldBefore = journal.held();
    const from = journal.visit(visitId).size();
    await record(journal, visitId, [pieces[2]!.slice(0, 500)]);
    const after = device.disk.files.get(`${visitId}.log`)!.slice();
    const to = journal.visit(visitId).size();
    for (let end = from; end < to; end += 1) {
      const torn = before.slice();
      torn.set(after.subarray(from, end), from);
      device.disk.files.set(`${visitId}.log`, torn);
      const again = await device.restart();
      expect(withoutGaps(again.held())).toEqual(withoutGaps(heldBefore));
      expect(Buffer.compare(device.disk.files.get(`${visitId}.log`)!, before)).toBe(0);
    }
    device.disk.files.set(`${visitId}.log`, after.slice());
    expect((await device.restart()).held()[0]!.durableMs).toBeGreaterThan(heldBefore[0]!.durableMs);
    expect(device.unreadable).toEqual([]);
  },
);

test("a power cut takes nothing that was answered for", async () => {
  const journal = await device.restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 100));
  const before = journal.held();
  device.disk.losePower();
  expect(withoutGaps((await device.restart()).held())).toEqual(withoutGaps(before));
});

test("a log in space reserved ahead reads the same", async () => {
  const journal = await device.restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 10));
  const file = device.disk.files.get(`${visitId}.log`)!;
  const reserved = new Uint8Array(file.length + 200_000);
  reserved.set(file);
  device.disk.files.set(`${visitId}.log`, reserved);
  expect(withoutGaps((await device.restart()).held())).toEqual(withoutGaps(journal.held()));
});

test("a spoilt record in the middle costs itself, and is told", async () => {
  const journal = await device.restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 40));
  const file = device.disk.files.get(`${visitId}.log`)!;
  const place = journal.visit(visitId).state().recordings[0]!.places[20]!.offset;
  file[place + 100]! ^= 1;
  const again = await device.restart();
  expect(device.unreadable.map(([id, told]) => [id, told.code])).toEqual([[visitId, "storage_unavailable"]]);
  expect(again.held()[0]!.durableMs).toBeGreaterThanOrEqual(journal.held()[0]!.durableMs - 600);
  await again.visit(visitId).close();
  expect((await packetsIn(again)).length * 60).toBe(again.held()[0]!.durableMs);
});

test("records cannot change places", async () => {
  const journal = await device.restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 12));
  const file = device.disk.files.get(`${visitId}.log`)!;
  const fragments = journal.visit(visitId).state().recordings[0]!.places;
  const copy = file.slice(fragments[4]!.offset, fragments[5]!.offset);
  const renumbered = copy.slice();
  renumbered[8] = file[fragments[11]!.offset + 8]! + 1;
  for (const forged of [copy, renumbered]) {
    const spoilt = file.slice();
    spoilt.set(forged, journal.visit(visitId).size());
    device.disk.files.set(`${visitId}.log`, spoilt);
    expect(withoutGaps((await device.restart()).held())).toEqual(withoutGaps(journal.held()));
  }
});

test("neither names nor sound stand on the disk in the clear", async () => {
  const journal = await device.restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 10));
  const raw = Buffer.from(device.disk.files.get(`${visitId}.log`)!);
  for (const word of ["Ada", "Quill", "1047", "OpusHead", "A_OPUS", "webm"]) expect(raw.includes(word)).toBe(false);
  expect(raw.includes(Buffer.from(expectedPackets[3]!))).toBe(false);
});

test("two visits stay apart; a log does not open with another's key or under another name", async () => {
  const journal = await device.restart();
  await start(journal);
  await start(journal, secondId);
  await record(journal, visitId, pieces.slice(0, 8));
  await record(journal, secondId, pieces.slice(0, 4));
  const again = await device.restart();
  expect(again.held().map((held) => [held.visitId, held.durableMs])).toEqual(
    journal.held().map((held) => [held.visitId, held.durableMs]),
  );
  device.disk.files.set(`${secondId}.log`, device.disk.files.get(`${visitId}.log`)!);
  expect((await device.restart()).held().map((held) => held.visitId)).toEqual([visitId]);
});

test("a fragment is told durable without waiting for its cut; what could not be cut is told with the next", async () => {
  const journal = await device.restart();
  await start(journal);
  const append = (index: number) =>
    journal.visit(visitId).append({ recording: 0, bytes: pieces[index]!, capturedAt: 9000, levels: [] });
  expect(await append(0)).toBeGreaterThan(0);
  journal.visit(visitId).state().unreadable = { code: "recorder_unsupported", category: "device" };
  expect(await append(1)).toBeGreaterThan(0);
  await expect(append(2)).rejects.toMatchObject({ problem: { code: "recorder_unsupported" } });
  const durableMs = journal.held()[0]!.durableMs;
  expect((await device.restart()).held()[0]!.durableMs).toBe(durableMs);
});

test("a disk that fills up is said while there is room, and loses nothing: what could not be written goes first later", async () => {
  const journal = await device.restart();
  await start(journal);
  device.disk.freeBytes = 0;
  const appended = await Promise.allSettled(
    pieces.map((bytes) => journal.visit(visitId).append({ recording: 0, bytes, capturedAt: 9000, levels: [] })),
  );
  const written = appended.filter((result) => result.status === "fulfilled");
  const refused = appended.filter((result) => result.status === "rejected");
  expect(written.length).toBeGreaterThan(70); // the space that was reserved
  expect(refused.length).toBeGreaterThan(20);
  for (const { reason } of refused) expect(reason).toMatchObject({ problem: { code: "storage_full" } });
  expect(device.shortage).toEqual(["storage_full"]);
  expect(journal.held()[0]!.durableMs).toBeGreaterThan(20_000);
  device.disk.freeBytes = Number.POSITIVE_INFINITY;
  await journal.visit(visitId).close();
  expect(await packetsIn(await device.restart())).toEqual(expectedPackets);
});

test("a cut-off visit can be recorded on: a second recording, sequences without a gap", async () => {
  await start(await device.restart());
  const first = await device.restart();
  await record(first, visitId, pieces.slice(0, 70));
  const again = await device.restart();
  expect(again.held()[0]).toMatchObject({ chunksCut: 1, finished: false });
  await again.visit(visitId).beginRecording(mimeType);
  await record(again, visitId, pieces);
  await again.visit(visitId).close();
  const { chunks } = again.visit(visitId).state();
  expect(chunks.map((chunk) => [chunk.sequence, chunk.recording])).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
    [4, 1],
    [5, 1],
  ]);
  const firstPackets = expectedPackets.slice(0, first.held()[0]!.durableMs / 60);
  expect(await packetsIn(await device.restart())).toEqual([...firstPackets, ...expectedPackets]);
  const [whole, ...others] = await (await device.restart()).visit(visitId).whole();
  expect(others).toEqual([]);
  expect(createWebmReader().push(whole!.bytes).length).toBe(firstPackets.length + expectedPackets.length);
});

test("a log of before recordings could overlap reads the same, and is recorded on", async () => {
  const folder = join(import.meta.dirname, "fixtures");
  const jwk = JSON.parse(readFileSync(join(folder, "journal-version-1.key.json"), "utf8"));
  const key = await crypto.subtle.importKey("jwk", jwk, "AES-GCM", false, ["encrypt", "decrypt"]);
  device.keys.kept.set(visitId, key);
  device.disk.files.set(`${visitId}.log`, new Uint8Array(readFileSync(join(folder, "journal-version-1.bin"))));
  const journal = await device.restart();
  expect(device.unreadable).toEqual([]);
  expect(journal.held()[0]).toMatchObject({
    patientName: "Ada Quill",
    durableMs: 20_280,
    receivedMs: 15_000,
    chunksCut: 2,
    finished: false,
    lastSavedAt: 1_795_000_025_400,
    gaps: [
      // The recorder's pause of 5 s; a first fragment holds 60 ms less than 300.
      { reason: "paused", atMs: 17_940, startedAt: 1_795_000_018_000, lengthMs: 5060 },
      { reason: "interrupted", atMs: 20_280, startedAt: 1_795_000_025_400, lengthMs: null },
    ],
  });
  const { chunks } = journal.visit(visitId).state();
  expect(chunks.map((chunk) => chunk.sha256.slice(0, 8))).toEqual(["7c94247b", "058403b0"]);
  await journal.visit(visitId).beginRecording(mimeType);
  await record(journal, visitId, pieces.slice(0, 10));
  await journal.visit(visitId).close();
  const packets = await packetsIn(await device.restart());
  expect(packets).toEqual([299, 39, 49].flatMap((count) => expectedPackets.slice(0, count)));
});

test("receipts, registration and their loss are in the log too", async () => {
  const journal = await device.restart();
  await start(journal);
  await record(journal, visitId, pieces);
  const visit = journal.visit(visitId);
  await visit.close();
  for (const { sequence, sha256, durationMs } of visit.state().chunks) {
    await visit.receive({ sequence, sha256, durationMs, receivedAt: "2026-11-21T10:00:00Z" });
  }
  await visit.mark({ mark: "registered", at: 1 });
  await visit.mark({ mark: "finished", at: 2 });
  await visit.mark({ mark: "lost", at: 3, sequences: [1] });
  const [toSend] = (await device.restart()).toSend();
  expect([...toSend!.receipts.keys()]).toEqual([0, 2, 3]);
  expect(toSend).toMatchObject({ registered: true, finished: false, closed: true, clinicianId: "dr-x" });
  expect(toSend!.create.reason).toBe("knee");
});

test("discard removes the audio at once and remembers only whom to tell; forget removes the rest but a receipt", async () => {
  const journal = await device.restart();
  await start(journal);
  await record(journal, visitId, pieces);
  await journal.visit(visitId).discard("withdrawn");
  expect(device.disk.files.get(`${visitId}.log`)!.length).toBeLessThan(1500);
  const again = await device.restart();
  expect(again.held()).toEqual([]);
  expect(again.toSend()[0]).toMatchObject({ discarded: "withdrawn", chunks: [] });
  await again.forget(visitId);
  expect([...device.disk.files.keys()]).toEqual([expect.stringMatching(/\.receipts$/u)]);
  await expect(device.keys.read(visitId)).rejects.toThrow();
});

test("an unreadable log is told and left alone", async () => {
  const journal = await device.restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 3));
  const size = device.disk.files.get(`${visitId}.log`)!.length;
  await device.keys.remove(visitId);
  expect((await device.restart()).held()).toEqual([]);
  expect(device.unreadable[0]?.[0]).toBe(visitId);
  expect(device.disk.files.get(`${visitId}.log`)!.length).toBe(size);
});
