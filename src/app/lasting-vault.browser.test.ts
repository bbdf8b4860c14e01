/**
 * The vault's worker dies while a visit is recorded, in a real browser: another one goes on, and the journal holds every fragment
 * once. What it holds is compared with what the page has given, byte by byte of sound.
 */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { z } from "zod";
import { systemClock } from "#model/clock.ts";
import { VisitId } from "#model/id.ts";
import { visitCreate } from "#protocol/test-visit.ts";
import { createCapture } from "#visit/capture/capture.ts";
import sizesUrl from "#visit/journal/fixtures/chromium-47s.sizes.json?url";
import streamUrl from "#visit/journal/fixtures/chromium-47s.webm?url";
import { createWebmReader } from "#visit/journal/read-webm.ts";
import { createLastingVault, type Patience } from "./lasting-vault.ts";
import { recordingLock } from "./recording-lock.ts";
import { startVaultWorker } from "./start-vault-worker.ts";
import { createVaultClient, type VaultClient, type VaultNews } from "./vault-client.ts";
import { createVisitSession } from "./visit-session.ts";

/** Every visit writes 48 MB of zeros first. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const mimeType = "audio/webm;codecs=opus";
const sizes: number[] = await fetch(sizesUrl).then((response) => response.json());
const stream = await fetch(streamUrl).then((response) => response.arrayBuffer());
const starts = sizes.reduce<number[]>((all, size) => [...all, (all.at(-1) ?? 0) + size], [0]);
const quick: Patience = { silentMs: 4000, untoldMs: 1000, againMs: 100 };

let workers: Worker[];
let others: Worker[];
let vault: VaultClient;
let news: VaultNews[];
/** Every worker that starts while this is set hears nothing until its way is opened. */
let isHushed: boolean;
let ways: (() => void)[];
let visitId: VisitId;

function openPage(): VaultClient {
  const mine = workers;
  const start = () => {
    if (mine !== workers) return { worker: new Worker("data:text/javascript,"), lock: "nobody" }; // its test is over
    const started = startVaultWorker();
    workers.push(started.worker);
    if (isHushed) hush(started.worker);
    return started;
  };
  const opened = createLastingVault({ start, patience: quick });
  opened.onNews((told) => news.push(told));
  return opened;
}

/** It lives and hears nothing. */
function hush(worker: Worker): void {
  const waiting: Parameters<Worker["postMessage"]>[] = [];
  const post = vi.spyOn(worker, "postMessage").mockImplementation((...said: unknown[]) => {
    waiting.push(said as (typeof waiting)[number]);
  });
  ways.push(() => {
    post.mockRestore();
    for (const said of waiting) worker.postMessage(...said);
  });
}

function openOtherTab(): VaultClient {
  const { worker } = startVaultWorker();
  others.push(worker);
  return createVaultClient(worker);
}

function newVisit() {
  const names = { patientName: "Ada Quill", patientBirthDate: null, recordNumber: "1047" };
  return { create: visitCreate, header: { visitId, ...names, startedAt: 1000, mimeType, clinicianId: "dr-x" } };
}

beforeEach(() => {
  [workers, others, news, ways, isHushed] = [[], [], [], [], false];
  visitId = VisitId.parse(crypto.randomUUID());
  vault = openPage();
});

afterEach(async () => {
  await vault.call("discard", { visitId, reason: "discarded" });
  for (const worker of [...workers, ...others]) worker.terminate();
  vi.restoreAllMocks();
});

/** The page gives these slices and waits for no answer. Rejects with the first that is refused. */
function give(from: number, to: number): Promise<unknown> {
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  return Promise.all(
    indexes.map((index) => {
      const bytes = stream.slice(starts[index], starts[index + 1]);
      return vault.call("append", { visitId, recording: 0, bytes, capturedAt: 1000 + index * 300, levels: [] });
    }),
  );
}

async function begin(): Promise<void> {
  await vault.call("open", newVisit());
  await vault.call("record", { visitId, mimeType });
}

const kill = (): void => workers.at(-1)!.terminate();

function packetsIn(bytes: ArrayBuffer): string[] {
  return createWebmReader()
    .push(new Uint8Array(bytes))
    .map((packet) => packet.bytes.join());
}

/** Of these slices nothing is missing, nothing is there twice, and nothing is said to be missing. */
async function expectWhole(count: number): Promise<void> {
  const given = packetsIn(stream.slice(0, starts[count]));
  const files = await vault.call("exportAudio", { visitId });
  expect(files.map(({ bytes }) => packetsIn(bytes))).toEqual([given]);
  const held = (await vault.call("held", undefined)).find((visit) => visit.visitId === visitId);
  expect(held).toMatchObject({ durableMs: given.length * 60, recoveredMs: 0, gaps: [] });
  expect(await vault.call("ledger", { visitId })).toMatchObject({ recordings: 1 });
}

test("killed before anything was recorded, without a word: the next call is answered, and the visit can be recorded", async () => {
  await vault.call("held", undefined);
  kill();
  const asked = vault.call("held", undefined);
  await vi.waitFor(() => expect(workers).toHaveLength(2), { timeout: 20_000 });
  expect(await asked).toEqual([]);
  await begin();
  await give(0, 10);
  await expectWhole(10);
});

test("killed three times in the middle of a recording: every fragment is in the journal once, and nothing was cut off", async () => {
  await begin();
  const given: Promise<unknown>[] = [];
  await give(0, 20);
  for (const from of [20, 60, 100]) {
    given.push(give(from, from + 10));
    kill(); // some of them are on the disk, some are not
    given.push(give(from + 10, from + 40));
    await Promise.all(given);
  }
  await vault.call("endRecording", { visitId, recording: 0 });
  await vault.call("close", { visitId });
  expect(workers).toHaveLength(4);
  await expectWhole(140);
});

test("the end of the recording and of the visit are on their way when it dies: both come true", async () => {
  await begin();
  await give(0, 20);
  const said = [give(20, 30), vault.call("endRecording", { visitId, recording: 0 }), vault.call("close", { visitId })];
  kill();
  await Promise.all(said);
  await expectWhole(30);
  const { held } = await navigator.locks.query();
  expect(held?.filter(({ name }) => name?.startsWith("chartside-recording-"))).toEqual([]);
});

test("keys rest wrapped and no clinic server is there: killed while recording and in a pause, the visit stays open", async () => {
  const rsa = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" };
  const { publicKey } = await crypto.subtle.generateKey(rsa, true, ["encrypt", "decrypt"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
  vault.wrapWith({ keyId: "k1", publicKeySpki: z.util.uint8ArrayToBase64(spki) });
  await begin();
  const given = [give(0, 20)];
  kill();
  given.push(give(20, 40));
  await Promise.all(given);
  await vault.call("endRecording", { visitId, recording: 0 });
  kill(); // in a pause
  await vi.waitFor(() => expect(workers).toHaveLength(3), { timeout: 20_000 });
  await vault.call("record", { visitId, mimeType });
  await vault.call("endRecording", { visitId, recording: 1 });
  await vault.call("close", { visitId });
  expect(await vault.call("locked", undefined)).toEqual([]);
  const [file] = await vault.call("exportAudio", { visitId });
  expect(packetsIn(file!.bytes)).toEqual(packetsIn(stream.slice(0, starts[40])));
});

test("another tab that gets the files first neither recovers nor ends the visit, and gives them back", async () => {
  await begin();
  await give(0, 20);
  const other = openOtherTab();
  await other.call("held", undefined);
  kill();
  await give(20, 60);
  await vault.call("endRecording", { visitId, recording: 0 });
  await vault.call("close", { visitId });
  await expectWhole(60);
  expect((await other.call("held", undefined)).map((held) => held.gaps)).toEqual([[]]);
});

test("the page goes too, after another tab got the files: then the visit was cut off, and says so", async () => {
  const page = openOtherTab();
  await page.call("open", newVisit());
  await page.call("record", { visitId, mimeType });
  const bytes = stream.slice(0, starts[20]);
  await page.call("append", { visitId, recording: 0, bytes, capturedAt: 7000, levels: [] });
  const leave = Promise.withResolvers<void>();
  void navigator.locks.request(recordingLock(visitId), () => leave.promise);
  for (const worker of [...workers, ...others.splice(0)]) worker.terminate();
  const next = openOtherTab();
  const gaps = async () => {
    await next.call("locked", undefined); // answered when every record is read
    return (await next.call("held", undefined)).map((held) => held.gaps.map(({ reason }) => reason));
  };
  expect(await gaps()).toEqual([[]]);
  leave.resolve();
  await vi.waitFor(async () => expect(await gaps()).toEqual([["interrupted"]]), { timeout: 30_000 });
  await next.call("discard", { visitId, reason: "discarded" });
  for (const worker of others) worker.terminate();
  vault = openPage();
});

test("a worker that lives and says nothing is replaced, and the screen is told meanwhile", async () => {
  await begin();
  await give(0, 10);
  isHushed = true;
  hush(workers[0]!);
  const given = give(10, 20);
  const told = () => news.flatMap((one) => (one.kind === "problem" ? [one.problem?.code ?? null] : []));
  await vi.waitFor(() => expect(told()).toEqual(["recorder_restarting"]), { timeout: 60_000 });
  expect(workers).toHaveLength(2);
  ways[1]!();
  await given;
  expect(told()).toEqual(["recorder_restarting", null]);
  await vault.call("endRecording", { visitId, recording: 0 });
  await vault.call("close", { visitId });
  await expectWhole(20);
});

test("a microphone's recording goes on: no gap, one recording, and the black box hears it again", async () => {
  await userEvent.click(document.body); // sound may be heard
  const session = createVisitSession({ capture: createCapture(systemClock, vi.fn()), vault, clock: systemClock });
  const recorded = (ms: number) =>
    vi.waitFor(() => expect(session.store.getState().durableMs).toBeGreaterThan(ms), { timeout: 30_000 });
  await session.start({ visitId, ...newVisit() });
  await recorded(1500);
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("journal");
  const boxBytes = async () => (await (await folder.getFileHandle(`${visitId}.box`)).getFile()).size;
  kill();
  await vi.waitFor(() => expect(news).toContainEqual({ kind: "reopened" }), { timeout: 30_000 });
  const before = session.store.getState().durableMs;
  await recorded(before + 1500);
  await vi.waitFor(async () => expect(await boxBytes()).toBeGreaterThan(2000), { timeout: 30_000 });
  await session.stop();
  expect(session.store.getState()).toMatchObject({ phase: "stopped", problem: null });
  const { recordings, gaps, uncutMs } = await session.ledger(visitId);
  expect({ recordings, uncutMs }).toEqual({ recordings: 1, uncutMs: 0 });
  // The test device leaves sound out by itself when the machine is busy.
  expect(gaps.filter(({ reason }) => reason !== "suspended")).toEqual([]);
});
