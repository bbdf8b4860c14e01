import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { Journal } from "./journal.ts";
import { createWebmReader } from "./read-webm.ts";
import { createDevice, headerOf, mimeType, visitId, type Device } from "./test-journal.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const whole = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const sizes: number[] = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.sizes.json"), "utf8"));

function cutUp(stream: Bytes): Bytes[] {
  let at = 0;
  return sizes.map((size) => stream.slice(at, (at += size)));
}

const pieces = cutUp(whole);
const packetsOf = (parts: readonly Bytes[]) => {
  const reader = createWebmReader();
  return parts.flatMap((part) => reader.push(part)).map((packet) => packet.bytes);
};

/** The recorder's clock goes on by this much without sound, as after the machine slept. */
function asleep(fromMs: number, byMs: number): Bytes[] {
  const stream = Buffer.from(whole);
  const cluster = Buffer.from([0x1f, 0x43, 0xb6, 0x75]);
  for (let at = stream.indexOf(cluster); at >= 0; at = stream.indexOf(cluster, at + 1)) {
    const time = stream.indexOf(0xe7, at + 4 + 1);
    if (stream[time + 1] !== 0x82) continue;
    const before = stream.readUInt16BE(time + 2);
    if (before >= fromMs && before < 40_000) stream.writeUInt16BE(before + byMs, time + 2);
  }
  return cutUp(new Uint8Array(stream));
}

let device: Device;
let journal: Journal;

beforeEach(async () => {
  device = createDevice();
  journal = await device.restart();
  await journal.open(headerOf(visitId));
});

const visit = () => journal.visit(visitId);
const gaps = () => journal.held()[0]!.gaps;

/** Pieces of 300 ms, the first of them 60 ms short; each is captured when its last sound is over. */
function speak(recording: number, parts: readonly Bytes[], startsAt: number): Promise<number> {
  return speakLate(recording, { parts, late: [] }, startsAt);
}

/** As `speak`, but the page takes each piece so much later. Answers with when the last sound was over. */
async function speakLate(
  recording: number,
  { parts, late }: { parts: readonly Bytes[]; late: readonly number[] },
  startsAt: number,
): Promise<number> {
  let heardAt = startsAt - 60;
  for (const [index, bytes] of parts.entries()) {
    heardAt += 300;
    await visit().append({ recording, bytes, capturedAt: heardAt + (late[index] ?? 0), levels: [] });
  }
  return heardAt;
}

/** What is known must not depend on whether it was seen happen or read again. */
async function restartIsTheSame(): Promise<void> {
  const before = gaps();
  await visit().close();
  journal = await device.restart();
  expect(gaps()).toEqual(before);
}

async function chunkedPackets(): Promise<Uint8Array[]> {
  const packets: Uint8Array[] = [];
  for (const { sequence } of visit().state().chunks) packets.push(...packetsOf([await visit().chunk(sequence)]));
  return packets;
}

test("sound without a break has no gaps", async () => {
  await speak(await visit().beginRecording(mimeType), pieces, 10_000);
  await visit().close();
  expect(gaps()).toEqual([]);
});

test("the machine slept: the recorder's clock tells how long, to the millisecond", async () => {
  const recording = await visit().beginRecording(mimeType);
  const slept = asleep(3000, 20_070);
  const before = await speak(recording, slept.slice(0, 10), 10_000);
  await speak(recording, slept.slice(10, 20), before + 20_070);
  expect(gaps()).toEqual([{ reason: "suspended", atMs: 3000, startedAt: 12_940, lengthMs: 20_070 }]);
  await restartIsTheSame();
});

test("a sleep that the page has told of keeps the page's reason and the recorder's length", async () => {
  const recording = await visit().beginRecording(mimeType);
  const slept = asleep(3000, 20_070);
  const before = await speak(recording, slept.slice(0, 10), 10_000);
  await visit().gap({ reason: "microphone_lost", startedAt: before + 500, endedAt: before + 19_000 });
  await speak(recording, slept.slice(10, 20), before + 20_070);
  expect(gaps()).toEqual([{ reason: "microphone_lost", atMs: 3000, startedAt: 12_940, lengthMs: 20_070 }]);
});

test("a pause inside a recording is as long as it was told; what came late was said before it", async () => {
  const recording = await visit().beginRecording(mimeType);
  const before = await speak(recording, pieces.slice(0, 10), 10_000);
  await visit().gap({ reason: "off_record", startedAt: before + 100, endedAt: null });
  expect(gaps()).toEqual([{ reason: "off_record", atMs: 2940, startedAt: before + 100, lengthMs: null }]);
  await visit().append({ recording, bytes: pieces[10]!, capturedAt: before + 400, levels: [] });
  expect(gaps()[0]).toMatchObject({ atMs: 3240 });
  await visit().gap({ reason: "off_record", startedAt: before + 100, endedAt: before + 5100 });
  await speak(recording, pieces.slice(11, 14), before + 5100);
  expect(gaps()).toEqual([{ reason: "off_record", atMs: 3240, startedAt: before + 100, lengthMs: 5000 }]);
  await restartIsTheSame();
});

test("a crash: open at once, as long as it really was when recording goes on", async () => {
  const before = await speak(await visit().beginRecording(mimeType), pieces.slice(0, 20), 10_000);
  journal = await device.restart();
  const interrupted = { reason: "interrupted", atMs: 5940, startedAt: before };
  expect(gaps()).toEqual([{ ...interrupted, lengthMs: null }]);
  journal = await device.restart();
  expect(gaps()).toEqual([{ ...interrupted, lengthMs: null }]);
  await speak(await visit().beginRecording(mimeType), pieces.slice(0, 20), before + 3000);
  expect(gaps()).toEqual([{ ...interrupted, lengthMs: 3000 }]);
  await restartIsTheSame();
});

test("a crash that nobody recorded after stays open when the visit is closed", async () => {
  const before = await speak(await visit().beginRecording(mimeType), pieces.slice(0, 20), 10_000);
  journal = await device.restart();
  await visit().close();
  journal = await device.restart();
  expect(gaps()).toEqual([{ reason: "interrupted", atMs: 5940, startedAt: before, lengthMs: null }]);
});

test("paused when the browser died: the pause lasts until the next recording", async () => {
  const before = await speak(await visit().beginRecording(mimeType), pieces.slice(0, 10), 10_000);
  await visit().gap({ reason: "paused", startedAt: before, endedAt: null });
  journal = await device.restart();
  expect(gaps()).toEqual([{ reason: "paused", atMs: 2940, startedAt: before, lengthMs: null }]);
  await speak(await visit().beginRecording(mimeType), pieces.slice(0, 10), before + 60_000);
  expect(gaps()).toEqual([{ reason: "paused", atMs: 2940, startedAt: before, lengthMs: 60_000 }]);
  await restartIsTheSame();
});

test("stopped while paused: the pause ends with the visit", async () => {
  const before = await speak(await visit().beginRecording(mimeType), pieces.slice(0, 10), 10_000);
  await visit().gap({ reason: "paused", startedAt: before, endedAt: null });
  device.nowMs = before + 7000;
  await visit().close();
  expect(gaps()).toEqual([{ reason: "paused", atMs: 2940, startedAt: before, lengthMs: 7000 }]);
});

test("a busy page takes fragments late: a lost microphone's gap is as long as it was all the same", async () => {
  const firstLate = [300, 0, 250, 400, 90, 400, 500, 200, 800, 600];
  const first = await visit().beginRecording(mimeType);
  const lostAt = await speakLate(first, { parts: pieces.slice(0, 10), late: firstLate }, 10_000);
  await visit().gap({ reason: "microphone_lost", startedAt: lostAt + 700, endedAt: null });
  await visit().endRecording(first);
  const second = await visit().beginRecording(mimeType);
  await visit().gap({ reason: "microphone_lost", startedAt: lostAt + 700, endedAt: lostAt + 1700 });
  await speakLate(second, { parts: pieces.slice(0, 5), late: [900, 700, 0, 350, 10] }, lostAt + 1000);
  const gap = { reason: "microphone_lost", atMs: 2940, startedAt: lostAt, lengthMs: 1000 };
  expect(gaps()).toEqual([gap]);
  await restartIsTheSame();
});

test.each([
  ["its last fragment came late", { toldAfter: 250, isOver: false }],
  ["it was found again before its last fragment came", { toldAfter: 40, isOver: true }],
])(
  "sound dropped out just before the microphone was lost, %s: each keeps its own reason",
  async (_, { toldAfter, isOver }) => {
    const first = await visit().beginRecording(mimeType);
    const dropped = asleep(2700, 80).slice(0, 10);
    const lostAt = (await speak(first, dropped.slice(0, 9), 10_000)) + 80 + 300;
    const lost = { reason: "microphone_lost", startedAt: lostAt - 300 + toldAfter, endedAt: null } as const;
    await visit().gap(lost);
    if (isOver) await visit().gap({ ...lost, endedAt: lostAt + 700 });
    await visit().append({ recording: first, bytes: dropped[9]!, capturedAt: lostAt + 1000, levels: [] });
    await visit().endRecording(first);
    await speak(await visit().beginRecording(mimeType), pieces.slice(0, 10), lostAt + 1500);
    const found = Object.fromEntries(gaps().map(({ reason, lengthMs }) => [reason, lengthMs]));
    expect(found).toEqual({ microphone_lost: 1500, suspended: 80 });
    await restartIsTheSame();
  },
);

test("another microphone on a busy page: what comes late is no gap", async () => {
  const first = await visit().beginRecording(mimeType);
  const changedAt = await speak(first, pieces.slice(0, 10), 10_000);
  await visit().endRecording(first);
  const second = await visit().beginRecording(mimeType);
  await speakLate(second, { parts: pieces.slice(0, 1), late: [400] }, changedAt + 20);
  expect(gaps()).toHaveLength(1); // as far as one fragment tells
  await speak(second, pieces.slice(1, 3), changedAt + 20 + 240);
  expect(gaps()).toEqual([]);
});

test("a microphone lost and found: one gap between two recordings, whenever it is told to be over", async () => {
  const first = await visit().beginRecording(mimeType);
  const before = await speak(first, pieces.slice(0, 10), 10_000);
  await visit().gap({ reason: "microphone_lost", startedAt: before + 20, endedAt: null });
  await visit().endRecording(first);
  await speak(await visit().beginRecording(mimeType), pieces.slice(0, 10), before + 900);
  await visit().gap({ reason: "microphone_lost", startedAt: before + 20, endedAt: before + 1200 });
  expect(gaps()).toEqual([{ reason: "microphone_lost", atMs: 2940, startedAt: before, lengthMs: 900 }]);
  await restartIsTheSame();
});

test("paused, then the microphone was lost: two gaps that together are what is missing", async () => {
  const first = await visit().beginRecording(mimeType);
  const before = await speak(first, pieces.slice(0, 10), 10_000);
  await visit().gap({ reason: "paused", startedAt: before, endedAt: before + 2000 });
  await visit().gap({ reason: "microphone_lost", startedAt: before + 2000, endedAt: null });
  await visit().endRecording(first);
  await speak(await visit().beginRecording(mimeType), pieces.slice(0, 10), before + 5000);
  expect(gaps().map(({ reason, lengthMs }) => [reason, lengthMs])).toEqual([
    ["paused", 2000],
    ["microphone_lost", 3000],
  ]);
});

test("a damaged record is a gap as long as the sound it held", async () => {
  const recording = await visit().beginRecording(mimeType);
  await speak(recording, pieces.slice(0, 40), 10_000);
  const { offset } = visit().state().recordings[0]!.places[20]!;
  device.disk.files.get(`${visitId}.log`)![offset + 100]! ^= 1;
  journal = await device.restart();
  expect(gaps()).toMatchObject([{ reason: "damaged" }, { reason: "interrupted" }]);
  expect(journal.held()[0]!.durableMs + gaps()[0]!.lengthMs!).toBe(11_940);
});

test("another microphone, without a gap: late sound of the old one goes to it, and is cut before the new one's", async () => {
  const first = await visit().beginRecording(mimeType);
  await speak(first, pieces.slice(0, 60), 10_000);
  const second = await visit().beginRecording(mimeType);
  expect([first, second]).toEqual([0, 1]);
  for (let index = 0; index < 70; index += 1) {
    await visit().append({ recording: second, bytes: pieces[index]!, capturedAt: 28_000 + index * 300, levels: [] });
    if (index >= 3) continue;
    const late = { recording: first, bytes: pieces[60 + index]!, capturedAt: 28_000 + index * 300, levels: [] };
    expect(await visit().append(late)).toBeGreaterThan(0);
  }
  expect(
    visit()
      .state()
      .chunks.map((chunk) => chunk.recording),
  ).toEqual([0]); // 21 s of the second wait
  await visit().endRecording(first);
  expect(
    visit()
      .state()
      .chunks.map((chunk) => chunk.recording),
  ).toEqual([0, 0, 1]);
  await visit().close();
  expect(gaps()).toEqual([]);
  const expected = [...packetsOf(pieces.slice(0, 63)), ...packetsOf(pieces.slice(0, 70))];
  expect(await chunkedPackets()).toEqual(expected);
  journal = await device.restart();
  expect(await chunkedPackets()).toEqual(expected);
  expect(packetsOf((await visit().whole()).map(({ bytes }) => bytes))).toEqual(expected);
});

test("a crash in the middle of a change of microphones loses neither recording", async () => {
  const first = await visit().beginRecording(mimeType);
  await speak(first, pieces.slice(0, 10), 10_000);
  const second = await visit().beginRecording(mimeType);
  await speak(second, pieces.slice(0, 10), 13_000);
  await visit().append({ recording: first, bytes: pieces[10]!, capturedAt: 13_240, levels: [] });
  journal = await device.restart();
  await visit().close();
  const expected = [...packetsOf(pieces.slice(0, 11)), ...packetsOf(pieces.slice(0, 10))];
  expect(await chunkedPackets()).toEqual(expected);
});

test("a recording that this visit does not have gets nothing", async () => {
  const refused = visit().append({ recording: 3, bytes: pieces[0]!, capturedAt: 1, levels: [] });
  await expect(refused).rejects.toMatchObject({ problem: { code: "not_found" } });
});

test("moments and quick notes stand where they were made", async () => {
  const recording = await visit().beginRecording(mimeType);
  const before = await speak(recording, pieces.slice(0, 10), 10_000);
  await visit().mark({ mark: "moment", at: before + 10, text: null });
  await speak(recording, pieces.slice(10, 20), before);
  await visit().mark({ mark: "moment", at: before + 3000, text: "left knee" });
  const moments = [
    { atMs: 2940, at: before + 10, text: null },
    { atMs: 5940, at: before + 3000, text: "left knee" },
  ];
  expect(await journal.ledger(visitId)).toMatchObject({ moments, durableMs: 5940, uncutMs: 5940, erasable: false });
  expect((await device.restart()).held()[0]!.moments).toEqual(moments);
});
