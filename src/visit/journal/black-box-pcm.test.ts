/** A browser without an encoder for the black box: what it kept as samples becomes sound that a scribe takes, and the right sound. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { createBoxFile } from "./black-box-file.ts";
import type { BoxRecord } from "./black-box-records.ts";
import type { Journal } from "./journal.ts";
import { concat } from "./bytes.ts";
import { createMemoryDisk } from "./memory-disk.ts";
import { createDevice, headerOf, mimeType, visitId, type Device } from "./test-journal.ts";

vi.setConfig({ testTimeout: 60_000 });

const stream = new Uint8Array(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.webm")));
const sizes: number[] = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/chromium-47s.sizes.json"), "utf8"));
const boxName = `${visitId}.box`;
const beganAt = 100_000;
const delayMs = 55;

let device: Device;
beforeEach(() => {
  device = createDevice();
});

/** A tone that rises all the time: no two moments sound alike. */
const soundAt = (seconds: number): number => Math.sin(2 * Math.PI * (200 * seconds + 30 * seconds ** 2)) * 0.6;

/** Resolves to its length in ms. */
async function record(slices: number): Promise<number> {
  const journal = await device.restart();
  await journal.open(headerOf(visitId));
  const visit = journal.visit(visitId);
  const recording = await visit.beginRecording(mimeType);
  let at = 0;
  for (const size of sizes.slice(0, slices)) {
    const capturedAt = beganAt + visit.state().durableMs + 300 + delayMs;
    await visit.append({ recording, bytes: stream.slice(at, (at += size)), capturedAt, levels: [] });
  }
  return visit.state().durableMs;
}

function block(number: number, sampleRate: number): Uint8Array<ArrayBuffer> {
  const length = sampleRate / 50;
  const samples = Int16Array.from({ length }, (_, index) =>
    Math.round(soundAt((number * length + index) / sampleRate) * 32_767),
  );
  return new Uint8Array(samples.buffer);
}

/** The tap's sound `fromMs..toMs` of the recording, in blocks of 20 ms. */
async function fillBox(fromMs: number, toMs: number, sampleRate = 48_000): Promise<void> {
  await keep([tappedAt(sampleRate), origin], soundOf(fromMs, toMs, sampleRate));
}

const origin: BoxRecord = { type: "saved", saved: { recording: 0, originAt: beganAt + delayMs } };

const tappedAt = (sampleRate: number): BoxRecord => ({
  type: "tapped",
  tapped: { recording: 0, codec: "pcm16", sampleRate },
});

function soundOf(fromMs: number, toMs: number, sampleRate: number): BoxRecord[] {
  return Array.from({ length: (toMs - fromMs) / 20 }, (_, index) => {
    const number = fromMs / 20 + index;
    const times = { at: 7000 + number * 20, wall: beganAt + (number + 1) * 20 };
    return { type: "sound", sound: { ...times, bytes: block(number, sampleRate) } };
  });
}

async function keep(...writes: BoxRecord[][]): Promise<void> {
  const key = device.keys.kept.get(visitId)!;
  const file = createBoxFile({ name: boxName, file: await device.disk.open(boxName), key });
  for (const records of writes) await file.append(records);
}

/** The samples of a file that must be WAV, 16 kHz, one channel, 16 bit, and as long as it says. */
function readAlone(file: Uint8Array<ArrayBuffer>): Int16Array {
  const view = new DataView(file.buffer);
  const text = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  expect([text(0), text(8), text(12), text(36)]).toEqual(["RIFF", "WAVE", "fmt ", "data"]);
  const format = [
    view.getUint16(20, true),
    view.getUint16(22, true),
    view.getUint32(24, true),
    view.getUint16(34, true),
  ];
  expect(format).toEqual([1, 1, 16_000, 16]);
  expect([view.getUint32(4, true), view.getUint32(40, true)]).toEqual([file.length - 8, file.length - 44]);
  return new Int16Array(file.slice(44).buffer);
}

/** Every recovered chunk alone, one after the other. */
async function recovered(journal: Journal): Promise<Int16Array> {
  const visit = journal.visit(visitId);
  const files: Int16Array[] = [];
  for (const chunk of visit.state().chunks) {
    if (visit.state().recordings[chunk.recording]?.recovers === null) continue;
    expect(chunk.mimeType).toBe("audio/wav");
    expect(chunk.sizeBytes).toBeLessThan(1_048_576);
    const alone = readAlone(await visit.chunk(chunk.sequence));
    expect(alone.length / 16).toBe(chunk.durationMs);
    files.push(alone);
  }
  return new Int16Array(concat(files.map(({ buffer }) => new Uint8Array(buffer))).buffer);
}

const isSame = (one: Int16Array, other: Int16Array): boolean =>
  Buffer.from(one.buffer).equals(Buffer.from(other.buffer));

/** Decibels of the known sound from `fromMs` over what differs from it; the first 5 ms have no sound before them. */
function likeness(samples: Int16Array, fromMs: number): number {
  let [signal, error] = [0, 1e-9];
  for (let at = 80; at < samples.length - 80; at += 1) {
    const right = soundAt(fromMs / 1000 + at / 16_000) * 32_767;
    [signal, error] = [signal + right ** 2, error + (samples[at]! - right) ** 2];
  }
  return 10 * Math.log10(signal / error);
}

test.each([48_000, 44_100])(
  "%i Hz: from just before the cut to the last block, sample by sample",
  async (sampleRate) => {
    const endMs = await record(40);
    await fillBox(endMs - 4000, endMs + 33_000, sampleRate);
    const journal = await device.restart();
    const samples = await recovered(journal);
    const fromMs = endMs + 33_000 - samples.length / 16;
    expect(endMs - fromMs).toBeGreaterThanOrEqual(0);
    expect(endMs - fromMs).toBeLessThanOrEqual(60);
    expect(likeness(samples, fromMs)).toBeGreaterThan(60);
    expect(likeness(samples, fromMs + 20)).toBeLessThan(20);
    expect(journal.held()[0]).toMatchObject({ recoveredMs: samples.length / 16, finished: false });
    expect(journal.held()[0]!.gaps).toMatchObject([{ reason: "interrupted", startedAt: beganAt + endMs + 33_000 }]);
    expect(device.disk.files.has(boxName)).toBe(false);
    expect(isSame(await recovered(await device.restart()), samples)).toBe(true);
  },
);

test("a box that was begun again at another rate: what it has of the last one, at its pitch and at its place", async () => {
  const endMs = await record(40);
  const changedMs = endMs + 2000;
  const before = [[tappedAt(48_000), origin], soundOf(endMs - 1000, changedMs, 48_000)];
  await keep(...before, [tappedAt(16_000)], soundOf(changedMs, changedMs + 3000, 16_000));
  const journal = await device.restart();
  const samples = await recovered(journal);
  expect(samples.length).toBe(3000 * 16);
  expect(likeness(samples, changedMs)).toBeGreaterThan(60);
  expect(journal.held()[0]!.gaps).toMatchObject([
    { atMs: endMs, lengthMs: 2000 - delayMs },
    { startedAt: beganAt + changedMs + 3000, lengthMs: null },
  ]);
});

test("killed at any write of the recovery, the next one ends with the same", async () => {
  const endMs = await record(10);
  await fillBox(endMs - 1000, endMs + 17_000, 44_100);
  const states = [new Map([...device.disk.files].map(([name, bytes]) => [name, bytes.slice()]))];
  const { disk } = device;
  const { open } = disk;
  disk.open = async (name) => {
    const file = await open(name);
    const write: typeof file.write = (at, bytes) => {
      file.write(at, bytes);
      states.push(new Map([...disk.files].map(([name, bytes]) => [name, bytes.slice()])));
    };
    return { ...file, write };
  };
  const found = await recovered(await device.restart());
  expect(found.length).toBeGreaterThan(17_000 * 16);
  expect(states.length).toBeGreaterThan(5);
  for (const files of states) {
    device.disk = Object.assign(createMemoryDisk(), { files });
    expect(isSame(await recovered(await device.restart()), found)).toBe(true);
  }
});

test("resumed, the visit is Opus, WAV, Opus: three files in order, and none of them lacks a packet", async () => {
  const endMs = await record(40);
  await fillBox(endMs - 1000, endMs + 5000);
  const journal = await device.restart();
  const visit = journal.visit(visitId);
  const recording = await visit.beginRecording(mimeType);
  await visit.append({ recording, bytes: stream.slice(0, sizes[0]), capturedAt: beganAt + endMs + 9000, levels: [] });
  await visit.close();
  const files = await visit.whole();
  expect(files.map((file) => file.mimeType)).toEqual(["audio/webm;codecs=opus", "audio/wav", "audio/webm;codecs=opus"]);
  expect(files.map((file) => file.durationMs)).toEqual(visit.state().recordings.map(({ durationMs }) => durationMs));
  expect(isSame(readAlone(files[1]!.bytes), await recovered(journal))).toBe(true);
});
