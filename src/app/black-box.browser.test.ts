/**
 * The real vault worker with the browser's own Opus encoder: the page hangs and dies, and the last word is there all the same. The
 * microphone is a recording whose samples are known; the tap hears what the recorder will have told 55 ms later.
 */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { VisitId } from "#model/id.ts";
import { visitCreate } from "#protocol/test-visit.ts";
import streamUrl from "#visit/journal/fixtures/chromium-47s.webm?url";
import sizesUrl from "#visit/journal/fixtures/chromium-47s.sizes.json?url";
import { createWebmReader } from "#visit/journal/read-webm.ts";
import { startVaultWorker } from "./start-vault-worker.ts";
import { createVaultClient, type VaultClient } from "./vault-client.ts";

vi.setConfig({ testTimeout: 60_000 });

const mimeType = "audio/webm;codecs=opus";
const sampleRate = 48_000;
const delayMs = 55;
const beganAt = 100_000;
const sizes: number[] = await (await fetch(sizesUrl)).json();
const stream = await (await fetch(streamUrl)).arrayBuffer();

type Tab = VaultClient & { crash(): void };
let tabs: Tab[] = [];
let tab: Tab;
let visitId: VisitId;
let mouth: MessagePort;
let spoken: number;
let pcm: Float32Array;
/** What the microphone gives, and how many samples a second. */
let voice: { pcm: Float32Array; sampleRate: number };

function openTab(): Tab {
  const { worker } = startVaultWorker();
  const opened = { ...createVaultClient(worker), crash: () => worker.terminate() };
  tabs.push(opened);
  return opened;
}

async function decode(bytes: ArrayBuffer, rate = sampleRate): Promise<Float32Array> {
  return (await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes)).getChannelData(0);
}

beforeAll(async () => {
  pcm = await decode(stream.slice(0));
});

beforeEach(async () => {
  tab = openTab();
  [visitId, spoken] = [VisitId.parse(crypto.randomUUID()), 0];
  const names = { patientName: "Ada Quill", patientBirthDate: null, recordNumber: "1047" };
  await tab.call("open", {
    create: visitCreate,
    header: { visitId, ...names, startedAt: 1000, mimeType, clinicianId: "dr-x" },
  });
  await tab.call("record", { visitId, mimeType });
  const { port1, port2 } = new MessageChannel();
  [mouth, voice] = [port1, { pcm, sampleRate }];
  await tab.call("blackBox", { visitId, recording: 0, port: port2 });
});

/** The microphone gives so many samples a second from now on. */
async function changeRate(rate: number): Promise<void> {
  voice = { pcm: await decode(stream.slice(0), rate), sampleRate: rate };
}

/** 20 ms of the voice, complete at this time. */
function sayNext(wall: number): void {
  const { pcm, sampleRate } = voice;
  const length = sampleRate / 50;
  const samples = pcm.slice(spoken * length, (spoken + 1) * length);
  mouth.postMessage({ samples, sampleRate, at: 5000 + spoken * 20, wall }, [samples.buffer]);
}

afterEach(async () => {
  for (const opened of tabs.splice(0)) opened.crash();
  const last = openTab();
  for (const held of await last.call("held", undefined)) {
    await last.call("erase", { visitId: held.visitId, reason: "retention" });
  }
  for (const opened of tabs.splice(0)) opened.crash();
});

/** The first slices reach the journal as the page gives them. */
async function deliver(count: number): Promise<void> {
  const starts = sizes.reduce<number[]>((all, size) => [...all, (all.at(-1) ?? 0) + size], [0]);
  const reader = createWebmReader();
  let endMs = 0;
  for (let index = 0; index < count; index += 1) {
    const bytes = stream.slice(starts[index], starts[index + 1]);
    endMs += reader.push(new Uint8Array(bytes)).length * 60;
    const capturedAt = beganAt + endMs + delayMs;
    await tab.call("append", { visitId, recording: 0, bytes, capturedAt, levels: [] });
  }
}

async function boxFile(): Promise<File | undefined> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("journal");
  const handle = await folder.getFileHandle(`${visitId}.box`).catch(() => undefined);
  return handle?.getFile();
}

/** Blocks of 20 ms through the tap; resolves when what they became is on the disk. `lateMs`: the machine is busy, they say a later time. */
async function speak(untilMs: number, lateMs = 0): Promise<void> {
  for (; spoken * 20 < untilMs; spoken += 1) {
    sayNext(beganAt + lateMs + (spoken + 1) * 20);
    if (spoken % 25 === 24) await tab.call("held", undefined);
  }
  let size = -1;
  await vi.waitFor(
    async () => {
      const before = size;
      size = (await boxFile())?.size ?? 0;
      expect(size).toBe(before);
      expect(size).toBeGreaterThan(60 * 20);
    },
    { interval: 500, timeout: 30_000 },
  );
}

/** Where in the known sound these samples were taken, by their likeness. */
function placeOf(heard: Float32Array, aroundMs: number): { atMs: number; likeness: number } {
  const [from, length] = [4800, 48_000];
  let best = { atMs: 0, likeness: 0 };
  const around = Math.round(aroundMs * 48);
  for (let shift = -7200; shift <= 7200; shift += 8) {
    let [both, mine, other] = [0, 0, 0];
    for (let index = from; index < from + length; index += 7) {
      const [a, b] = [heard[index] ?? 0, pcm[around + shift + index] ?? 0];
      [both, mine, other] = [both + a * b, mine + a * a, other + b * b];
    }
    const likeness = both / Math.sqrt(mine * other);
    if (likeness > best.likeness) best = { atMs: (around + shift) / 48, likeness };
  }
  return best;
}

/** The encoder works at 48 kHz: of another rate it has the last packet a little later. */
test.each([
  { rate: 48_000, lastRate: 48_000, lateMs: 20 },
  { rate: 44_100, lastRate: 44_100, lateMs: 40 },
  { rate: 48_000, lastRate: 16_000, lateMs: 40 },
  { rate: 16_000, lastRate: 44_100, lateMs: 40 },
])(
  "the page hangs for five seconds and dies: every second is there, up to the last block ($rate Hz, then $lastRate)",
  async ({ rate, lastRate, lateMs }) => {
    await changeRate(rate);
    await speak(6000);
    await deliver(20);
    const durableMs = (await tab.call("held", undefined))[0]!.durableMs;
    await speak(durableMs + 2000);
    await changeRate(lastRate);
    await speak(durableMs + 5000);
    const spokenMs = spoken * 20;
    tab.crash();

    const next = openTab();
    await next.call("locked", undefined); // answered once every record is read; the list may come before
    const [held] = await next.call("held", undefined);
    const [file] = await next.call("exportAudio", { visitId });
    const whole = await decode(file!.bytes);
    const recovered = whole.subarray(Math.round(durableMs * 48));
    const { atMs, likeness } = placeOf(recovered, durableMs);
    const doubledMs = durableMs - atMs;
    expect(likeness).toBeGreaterThan(0.8);
    expect(doubledMs).toBeGreaterThanOrEqual(0);
    expect(doubledMs).toBeLessThanOrEqual(26); // a packet of the box, in which the journal's sound ends, and 5 ms
    expect(spokenMs - (atMs + recovered.length / 48)).toBeLessThanOrEqual(lateMs);
    const last = placeOf(recovered.subarray(-1500 * 48), spokenMs - 1500);
    expect(last.likeness).toBeGreaterThan(0.8);
    expect(Math.abs(last.atMs - (spokenMs - 1500))).toBeLessThanOrEqual(2 * lateMs);
    expect(held!.recoveredMs).toBeCloseTo(recovered.length / 48, -1);
    expect(held!.finished).toBe(false);
    expect(await boxFile()).toBeUndefined();
  },
);

test("a box that the machine's load kept behind the journal adds nothing", async () => {
  await speak(5800, 300);
  await deliver(20);
  const durableMs = (await tab.call("held", undefined))[0]!.durableMs;
  expect(durableMs).toBeGreaterThan(5900);
  tab.crash();
  const next = openTab();
  await next.call("locked", undefined);
  const [held] = await next.call("held", undefined);
  expect(held).toMatchObject({ durableMs, recoveredMs: 0 });
  expect(await boxFile()).toBeUndefined();
});

test("a recording that ends leaves an empty box, a visit that ends none", async () => {
  await speak(2000);
  await deliver(6);
  await tab.call("endRecording", { visitId, recording: 0 });
  await vi.waitFor(async () => expect((await boxFile())!.size).toBe(0), { timeout: 30_000 });
  await tab.call("close", { visitId });
  await vi.waitFor(async () => expect(await boxFile()).toBeUndefined(), { timeout: 30_000 });
});

test("off the record: nothing said from then on is in the box", async () => {
  await speak(2000);
  await tab.call("gap", { visitId, reason: "off_record", startedAt: beganAt + 2000, endedAt: null });
  const { size } = (await boxFile())!;
  for (let more = 0; more < 50; more += 1, spoken += 1) sayNext(beganAt + (spoken + 1) * 20);
  await tab.call("held", undefined);
  expect((await boxFile())!.size).toBe(size);
  tab.crash();
  const next = openTab();
  await next.call("locked", undefined);
  const [held] = await next.call("held", undefined);
  expect(held!.durableMs).toBeLessThanOrEqual(2000);
  expect(held!.durableMs).toBeGreaterThan(1900);
});

test("consent withdrawn: the box is gone with the rest", async () => {
  await speak(2000);
  await tab.call("discard", { visitId, reason: "withdrawn" });
  expect(await boxFile()).toBeUndefined();
});
