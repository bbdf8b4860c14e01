import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { VisitId } from "#model/id.ts";
import type { Problem } from "#model/problem.ts";
import type { HeldVisit } from "#model/recording.ts";
import { openJournal, type Journal } from "./journal.ts";
import { makeKey, type Keys } from "./keys.ts";
import { createMemoryDisk, type MemoryDisk } from "./memory-disk.ts";
import { createWebmReader } from "./read-webm.ts";
import { VisitHeader } from "./records.ts";

const visitId = VisitId.parse("3f0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f10");
const secondId = VisitId.parse("aa0c6a52-9a1b-4c0e-8a53-1f4a3f6f2f11");
const mimeType = "audio/webm;codecs=opus";

const stream = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const sizes: number[] = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.sizes.json"), "utf8"));
let at = 0;
const pieces = sizes.map((size) => stream.slice(at, (at += size)));
const totalMs = createWebmReader().push(stream).length * 60;

function headerOf(id: VisitId): VisitHeader {
  return VisitHeader.parse({
    header: {
      visitId: id,
      patientName: "Ada Quill",
      patientBirthDate: "1961-03-02",
      recordNumber: "1047",
      startedAt: id === visitId ? 1000 : 2000,
      mimeType,
      clinicianId: "dr-x",
    },
    create: {
      patientId: "p1",
      appointmentId: null,
      reason: "knee",
      consent: {
        answer: "yes",
        others: [],
        textVersion: "1",
        language: "en",
        interpreter: false,
        askedAt: "2026-11-21T09:59:00Z",
      },
      startedAt: "2026-11-21T10:00:00Z",
      device: "Room 3 PC",
    },
  });
}

function createMemoryKeys(): Keys {
  const keys = new Map<string, CryptoKey>();
  return {
    make: async (id) => {
      const key = await makeKey();
      keys.set(id, key);
      return key;
    },
    read: async (id) => {
      const key = keys.get(id);
      if (!key) throw new Error("no key");
      return key;
    },
    remove: async (id) => void keys.delete(id),
  };
}

let disk: MemoryDisk;
let keys: Keys;
let unreadable: [string, Problem][];
let shortage: (string | null)[];

/** What a restart does: everything but disk and keys is forgotten. */
function restart(): Promise<Journal> {
  return openJournal({
    disk,
    keys,
    clock: { now: () => 5000 },
    onChange: () => undefined,
    onUnreadable: (id, told) => unreadable.push([id, told]),
    onShort: (_, told) => shortage.push(told?.code ?? null),
    plan: { reservedBytes: 131_072, growBytes: 65_536, lowBytes: 32_768 },
  });
}

beforeEach(() => {
  disk = createMemoryDisk();
  keys = createMemoryKeys();
  unreadable = [];
  shortage = [];
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
  const journal = await restart();
  await start(journal);
  await record(journal, visitId, pieces);
  await journal.visit(visitId).close();
  const before = await packetsIn(journal);
  expect(before).toEqual(expectedPackets);
  const again = await restart();
  expect(again.visit(visitId).state().chunks).toEqual(journal.visit(visitId).state().chunks);
  expect(await packetsIn(again)).toEqual(before);
  expect(again.held()).toEqual(journal.held());
  expect(again.held()[0]).toMatchObject({ patientName: "Ada Quill", durableMs: totalMs, chunksCut: 4, finished: true });
  expect(unreadable).toEqual([]);
});

test("torn at any byte, the record being written is lost and nothing else, and the next takes its place", async () => {
  const journal = await restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 2));
  const before = disk.files.get(`${visitId}.log`)!.slice();
  const heldBefore = journal.held();
  const from = journal.visit(visitId).size();
  await record(journal, visitId, [pieces[2]!.slice(0, 500)]);
  const after = disk.files.get(`${visitId}.log`)!.slice();
  const to = journal.visit(visitId).size();
  for (let end = from; end < to; end += 1) {
    const torn = before.slice();
    torn.set(after.subarray(from, end), from);
    disk.files.set(`${visitId}.log`, torn);
    const again = await restart();
    expect(withoutGaps(again.held())).toEqual(withoutGaps(heldBefore));
    expect(Buffer.compare(disk.files.get(`${visitId}.log`)!, before)).toBe(0);
  }
  disk.files.set(`${visitId}.log`, after.slice());
  expect((await restart()).held()[0]!.durableMs).toBeGreaterThan(heldBefore[0]!.durableMs);
  expect(unreadable).toEqual([]);
});

test("a power cut takes nothing that was answered for", async () => {
  const journal = await restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 100));
  const before = journal.held();
  disk.losePower();
  expect(withoutGaps((await restart()).held())).toEqual(withoutGaps(before));
});

test("a log in space reserved ahead reads the same", async () => {
  const journal = await restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 10));
  const file = disk.files.get(`${visitId}.log`)!;
  const reserved = new Uint8Array(file.length + 200_000);
  reserved.set(file);
  disk.files.set(`${visitId}.log`, reserved);
  expect(withoutGaps((await restart()).held())).toEqual(withoutGaps(journal.held()));
});

test("a spoilt record in the middle costs itself, and is told", async () => {
  const journal = await restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 40));
  const file = disk.files.get(`${visitId}.log`)!;
  const place = journal.visit(visitId).state().recordings[0]!.places[20]!.offset;
  file[place + 100]! ^= 1;
  const again = await restart();
  expect(unreadable.map(([id, told]) => [id, told.code])).toEqual([[visitId, "storage_unavailable"]]);
  expect(again.held()[0]!.durableMs).toBeGreaterThanOrEqual(journal.held()[0]!.durableMs - 600);
  await again.visit(visitId).close();
  expect((await packetsIn(again)).length * 60).toBe(again.held()[0]!.durableMs);
});

test("records cannot change places", async () => {
  const journal = await restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 12));
  const file = disk.files.get(`${visitId}.log`)!;
  const fragments = journal.visit(visitId).state().recordings[0]!.places;
  const copy = file.slice(fragments[4]!.offset, fragments[5]!.offset);
  const renumbered = copy.slice();
  renumbered[8] = file[fragments[11]!.offset + 8]! + 1;
  for (const forged of [copy, renumbered]) {
    const spoilt = file.slice();
    spoilt.set(forged, journal.visit(visitId).size());
    disk.files.set(`${visitId}.log`, spoilt);
    expect(withoutGaps((await restart()).held())).toEqual(withoutGaps(journal.held()));
  }
});

test("neither names nor sound stand on the disk in the clear", async () => {
  const journal = await restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 10));
  const raw = Buffer.from(disk.files.get(`${visitId}.log`)!);
  for (const word of ["Ada", "Quill", "1047", "OpusHead", "A_OPUS", "webm"]) expect(raw.includes(word)).toBe(false);
  expect(raw.includes(Buffer.from(expectedPackets[3]!))).toBe(false);
});

test("two visits stay apart; a log does not open with another's key or under another name", async () => {
  const journal = await restart();
  await start(journal);
  await start(journal, secondId);
  await record(journal, visitId, pieces.slice(0, 8));
  await record(journal, secondId, pieces.slice(0, 4));
  const again = await restart();
  expect(again.held().map((held) => [held.visitId, held.durableMs])).toEqual(
    journal.held().map((held) => [held.visitId, held.durableMs]),
  );
  disk.files.set(`${secondId}.log`, disk.files.get(`${visitId}.log`)!);
  expect((await restart()).held().map((held) => held.visitId)).toEqual([visitId]);
});

test("a disk that fills up is said while there is room, and loses nothing: what could not be written goes first later", async () => {
  const journal = await restart();
  await start(journal);
  disk.freeBytes = 0;
  const appended = await Promise.allSettled(
    pieces.map((bytes) => journal.visit(visitId).append({ recording: 0, bytes, capturedAt: 9000, levels: [] })),
  );
  const written = appended.filter((result) => result.status === "fulfilled");
  const refused = appended.filter((result) => result.status === "rejected");
  expect(written.length).toBeGreaterThan(70); // the space that was reserved
  expect(refused.length).toBeGreaterThan(20);
  for (const { reason } of refused) expect(reason).toMatchObject({ problem: { code: "storage_full" } });
  expect(shortage).toEqual(["storage_full"]);
  expect(journal.held()[0]!.durableMs).toBeGreaterThan(20_000);
  disk.freeBytes = Number.POSITIVE_INFINITY;
  await journal.visit(visitId).close();
  expect(await packetsIn(await restart())).toEqual(expectedPackets);
});

test("a cut-off visit can be recorded on: a second recording, sequences without a gap", async () => {
  await start(await restart());
  const first = await restart();
  await record(first, visitId, pieces.slice(0, 70));
  const again = await restart();
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
  expect(await packetsIn(await restart())).toEqual([...firstPackets, ...expectedPackets]);
  const whole = await (await restart()).visit(visitId).whole();
  expect(createWebmReader().push(whole).length).toBe(firstPackets.length + expectedPackets.length);
});

test("receipts, registration and their loss are in the log too", async () => {
  const journal = await restart();
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
  const [toSend] = (await restart()).toSend();
  expect([...toSend!.receipts.keys()]).toEqual([0, 2, 3]);
  expect(toSend).toMatchObject({ registered: true, finished: false, closed: true, clinicianId: "dr-x" });
  expect(toSend!.create.reason).toBe("knee");
});

test("discard removes the audio at once and remembers only whom to tell; forget removes the rest", async () => {
  const journal = await restart();
  await start(journal);
  await record(journal, visitId, pieces);
  await journal.visit(visitId).discard("withdrawn");
  expect(disk.files.get(`${visitId}.log`)!.length).toBeLessThan(1500);
  const again = await restart();
  expect(again.held()).toEqual([]);
  expect(again.toSend()[0]).toMatchObject({ discarded: "withdrawn", chunks: [] });
  await again.forget(visitId);
  expect(disk.files.size).toBe(0);
  await expect(keys.read(visitId)).rejects.toThrow();
});

test("an unreadable log is told and left alone", async () => {
  const journal = await restart();
  await start(journal);
  await record(journal, visitId, pieces.slice(0, 3));
  const size = disk.files.get(`${visitId}.log`)!.length;
  await keys.remove(visitId);
  expect((await restart()).held()).toEqual([]);
  expect(unreadable[0]?.[0]).toBe(visitId);
  expect(disk.files.get(`${visitId}.log`)!.length).toBe(size);
});
