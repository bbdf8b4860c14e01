/** The real vault worker in a real browser: OPFS, IndexedDB keys, Web Locks. Nobody is signed in, so nothing is sent. */
import type { CDPSession as PlaywrightSession } from "@vitest/browser-playwright";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { cdp } from "vitest/browser";
import { VisitId } from "#model/id.ts";
import type { HeldVisit } from "#model/recording.ts";
import type { JournalKey } from "#protocol/bff-audio.ts";
import { visitCreate } from "#protocol/test-visit.ts";
import streamUrl from "#visit/journal/fixtures/chromium-47s.webm?url";
import { z } from "zod";
import sizesUrl from "#visit/journal/fixtures/chromium-47s.sizes.json?url";
import { startVaultWorker } from "./start-vault-worker.ts";
import { createVaultClient, type VaultClient } from "./vault-client.ts";

/** Every visit writes 48 MB of zeros first. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const patient = { timeout: 30_000 };

const mimeType = "audio/webm;codecs=opus";
const sizes: number[] = await fetch(sizesUrl).then((response) => response.json());
const stream = await fetch(streamUrl).then((response) => response.arrayBuffer());

type Tab = VaultClient & { crash(): void };

let tabs: Tab[] = [];
let visitId: VisitId;

function openTab(journalKey: JournalKey | null = null): Tab {
  const { worker } = startVaultWorker();
  const tab = { ...createVaultClient(worker, { journalKey }), crash: () => worker.terminate() };
  tabs.push(tab);
  return tab;
}

beforeEach(() => {
  visitId = VisitId.parse(crypto.randomUUID());
});

afterEach(async () => {
  for (const tab of tabs.splice(0)) tab.crash();
  const tab = openTab();
  for (const held of await tab.call("held", undefined)) {
    await tab.call("discard", { visitId: held.visitId, reason: "discarded" });
  }
  for (const tab of tabs.splice(0)) tab.crash();
});

function newVisit(id = visitId) {
  const names = { patientName: "Ada Quill", patientBirthDate: "1961-03-02", recordNumber: "QX-1047" };
  return { create: visitCreate, header: { visitId: id, ...names, startedAt: 1000, mimeType, clinicianId: "dr-x" } };
}

/** Sends the recorded slices `from..to` as the page would. */
async function record(tab: Tab, id: VisitId, [from, to, recording = 0]: [number, number, number?]): Promise<void> {
  const starts = sizes.reduce<number[]>((all, size) => [...all, (all.at(-1) ?? 0) + size], [0]);
  for (let index = from; index < to; index += 1) {
    const bytes = stream.slice(starts[index], starts[index + 1]);
    await tab.call("append", { visitId: id, recording, bytes, capturedAt: 1000 + index * 300, levels: [] });
  }
}

async function startVisit(tab: Tab, id = visitId): Promise<void> {
  await tab.call("open", newVisit(id));
  await tab.call("record", { visitId: id, mimeType });
}

async function heldBy(tab: Tab, id = visitId) {
  const held = await tab.call("held", undefined);
  return held.find((candidate) => candidate.visitId === id)!;
}

/** After a crash the visit is as it was, and interrupted since. */
const interrupted = (visit: HeldVisit): HeldVisit => ({
  ...visit,
  gaps: [{ reason: "interrupted", atMs: visit.durableMs, startedAt: visit.lastSavedAt, lengthMs: null }],
});

async function rawFile(): Promise<FileSystemFileHandle> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle("journal");
  return folder.getFileHandle(`${visitId}.log`);
}

test("what was answered for is there after the worker is killed, and makes the same chunks", async () => {
  const first = openTab();
  await startVisit(first);
  await record(first, visitId, [0, 70]);
  const before = await heldBy(first);
  const exported = await first.call("exportAudio", { visitId });
  expect(exported).toMatchObject([{ mimeType, durationMs: before.durableMs }]);
  first.crash();

  const second = openTab();
  expect(await heldBy(second)).toEqual(interrupted(before));
  expect(before).toMatchObject({ patientName: "Ada Quill", chunksCut: 1, finished: false });
  expect(before.durableMs).toBeGreaterThan(20_000);
  expect(await second.call("exportAudio", { visitId })).toEqual(exported);
  await second.call("close", { visitId });
  expect(await heldBy(second)).toMatchObject({ durableMs: before.durableMs, chunksCut: 2, finished: true });
});

test("a cut-off visit is recorded on", async () => {
  const first = openTab();
  await startVisit(first);
  await record(first, visitId, [0, 20]);
  const before = await heldBy(first);
  first.crash();
  const second = openTab();
  expect(await second.call("record", { visitId, mimeType })).toEqual({ recording: 1 });
  await record(second, visitId, [0, 20, 1]);
  await second.call("close", { visitId });
  expect(await heldBy(second)).toMatchObject({ durableMs: before.durableMs * 2, chunksCut: 2, finished: true });
});

test("a torn last record costs itself and nothing else", async () => {
  const first = openTab();
  await startVisit(first);
  await record(first, visitId, [0, 10]);
  const whole = await heldBy(first);
  await record(first, visitId, [10, 11]);
  first.crash();
  const file = await rawFile();
  const size = new Uint8Array(await (await file.getFile()).arrayBuffer()).findLastIndex((byte) => byte !== 0) + 1;
  const writable = await vi.waitFor(() => file.createWritable({ keepExistingData: true }), patient); // free a moment after the crash
  await writable.truncate(size - 3);
  await writable.close();
  expect((await heldBy(openTab())).durableMs).toBe(whole.durableMs);
});

test("on the disk there are neither names nor sound in the clear", async () => {
  const tab = openTab();
  await startVisit(tab);
  await record(tab, visitId, [0, 10]);
  tab.crash();
  const next = openTab();
  await heldBy(next);
  next.crash();
  const raw = new TextDecoder("latin1").decode(await (await rawFile()).getFile().then((file) => file.arrayBuffer()));
  expect(raw.length).toBeGreaterThan(5000);
  for (const word of ["Ada", "Quill", "QX-1047", "OpusHead", "A_OPUS", "webm", "knee"]) expect(raw).not.toContain(word);
  const sound = new TextDecoder("latin1").decode(stream.slice(2000, 2032));
  expect(raw).not.toContain(sound);
});

test("two visits keep apart", async () => {
  const other = VisitId.parse(crypto.randomUUID());
  const tab = openTab();
  await startVisit(tab);
  await record(tab, visitId, [0, 12]);
  await tab.call("close", { visitId });
  await startVisit(tab, other);
  await record(tab, other, [0, 5]);
  tab.crash();
  const next = openTab();
  const [first, second] = [await heldBy(next), await heldBy(next, other)];
  expect(first.durableMs).toBeGreaterThan(second.durableMs);
  expect([first.finished, second.finished]).toEqual([true, false]);
  await next.call("erase", { visitId, reason: "signed" });
  expect((await next.call("held", undefined)).map((held) => held.visitId)).toEqual([other]);
});

test("another tab sees what is held, cannot record meanwhile, and takes over when the first is gone", async () => {
  const first = openTab();
  await startVisit(first);
  await record(first, visitId, [0, 12]);
  const second = openTab();
  expect(await heldBy(second)).toEqual(await heldBy(first));
  const other = VisitId.parse(crypto.randomUUID());
  await expect(second.call("open", newVisit(other))).rejects.toMatchObject({ problem: { code: "conflict" } });
  const before = await heldBy(first);
  first.crash();
  expect(await heldBy(second)).toEqual(interrupted(before));
  await startVisit(second, other);
  await record(second, other, [0, 3]);
  expect((await heldBy(second, other)).durableMs).toBeGreaterThan(0);
});

/** A worker that holds the visit's file until it is told to let go, as a crashed tab does for a moment. */
async function holdFile(): Promise<() => void> {
  const code = `onmessage = async ({ data: name }) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("journal");
    const file = await folder.getFileHandle(name);
    const handle = await file.createSyncAccessHandle().catch(() => undefined);
    if (handle) onmessage = () => handle.close();
    postMessage(handle ? "held" : "taken");
  }`;
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const answer = new Promise((resolve) => worker.addEventListener("message", ({ data }) => resolve(data)));
  worker.postMessage(`${visitId}.log`, []);
  expect(await answer).toBe("held");
  return () => worker.postMessage("let go", []);
}

test("a file that the crashed tab still holds for a moment is waited for", async () => {
  const first = openTab();
  await startVisit(first);
  await record(first, visitId, [0, 6]);
  const before = await heldBy(first);
  first.crash();
  const letGo = await vi.waitFor(holdFile, patient);
  const second = openTab();
  const asked = heldBy(second);
  await vi.waitFor(async () => {
    const { held } = await navigator.locks.query();
    expect(held?.map((lock) => lock.name)).toContain("chartside-vault");
  }, patient);
  letGo();
  expect(await asked).toEqual(interrupted(before));
});

test("a tab that records nothing hands the vault to one that wants to", async () => {
  const first = openTab();
  expect(await first.call("held", undefined)).toEqual([]);
  const second = openTab();
  await startVisit(second);
  await record(second, visitId, [0, 8]);
  expect(await heldBy(first)).toEqual(await heldBy(second));
});

test("discard takes the audio off the disk at once", async () => {
  const tab = openTab();
  await startVisit(tab);
  await record(tab, visitId, [0, 40]);
  await tab.call("discard", { visitId, reason: "withdrawn" });
  expect(await tab.call("held", undefined)).toEqual([]);
  tab.crash();
  const next = openTab();
  expect(await next.call("held", undefined)).toEqual([]);
  next.crash();
  expect((await (await rawFile()).getFile()).size).toBeLessThan(1500);
});

/** Names and sizes of what the vault keeps on the disk. */
async function filesOnDisk(): Promise<Map<string, number>> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle("journal");
  const sizes = new Map<string, number>();
  for await (const [name, handle] of folder.entries()) {
    if (handle instanceof FileSystemFileHandle) sizes.set(name, (await handle.getFile()).size);
  }
  return sizes;
}

test("the space reserved before a visit becomes the visit's file, two recordings may overlap in it, and closing trims it", async () => {
  const reservedBytes = 48 * 1_048_576;
  const tab = openTab();
  expect(await tab.call("reserve", undefined)).toEqual({ reservedBytes });
  expect((await filesOnDisk()).get("spare")).toBe(reservedBytes);
  await startVisit(tab);
  const open = await filesOnDisk();
  expect([open.has("spare"), open.get(`${visitId}.log`)]).toEqual([false, reservedBytes]);
  await record(tab, visitId, [0, 20]);
  expect(await tab.call("record", { visitId, mimeType })).toEqual({ recording: 1 });
  await record(tab, visitId, [0, 5, 1]);
  await record(tab, visitId, [20, 22]);
  await tab.call("endRecording", { visitId, recording: 0 });
  await tab.call("moment", { visitId, at: 9000, text: "left knee" });
  await tab.call("close", { visitId });
  const ledger = await tab.call("ledger", { visitId });
  expect(ledger).toMatchObject({
    recordings: 2,
    uncutMs: 0,
    gaps: [],
    moments: [{ text: "left knee" }],
    erasable: false,
  });
  expect(ledger.lines.map((line) => line.durationMs)).toEqual([6540, 1440]);
  expect((await filesOnDisk()).get(`${visitId}.log`)! - ledger.bytesOnDevice).toBeLessThan(6000);
});

/** What the browser gives this origin from now on; null: as much as before. */
async function allow(quotaSize: number | null): Promise<void> {
  const devtools: PlaywrightSession = cdp();
  await devtools.send("Storage.overrideQuotaForOrigin", {
    origin: location.origin,
    ...(quotaSize !== null && { quotaSize }),
  });
}

test("a browser that gives little gives a visit what there is, and one that gives next to nothing refuses it before it begins", async () => {
  onTestFinished(() => allow(null));
  const tab = openTab();
  await tab.call("held", undefined); // the vault is open
  const files = await filesOnDisk();
  expect(files.has("spare")).toBe(false);
  const { usage = 0 } = await navigator.storage.estimate();
  await allow(usage + 1_000_000);
  await expect(tab.call("reserve", undefined)).rejects.toMatchObject({ problem: { code: "storage_full" } });
  expect(await filesOnDisk()).toEqual(files);
  await allow(usage + 30_000_000);
  const { reservedBytes } = await tab.call("reserve", undefined);
  expect(reservedBytes).toBeGreaterThan(2 * 1_048_576);
  expect(reservedBytes).toBeLessThan(30_000_000);
  await startVisit(tab);
  const logBytes = (await filesOnDisk()).get(`${visitId}.log`);
  expect(Math.abs(logBytes! - reservedBytes)).toBeLessThan(500_000); // the visit's key counts for the quota too
  await record(tab, visitId, [0, 20]);
  expect((await heldBy(tab)).durableMs).toBe(5940);
});

test("erased: the audio and its key are gone, the disk holds neither name nor sound, and a receipt tells of it", async () => {
  const tab = openTab();
  await startVisit(tab);
  await record(tab, visitId, [0, 10]);
  await tab.call("close", { visitId });
  const { lines } = await tab.call("ledger", { visitId });
  await tab.call("erase", { visitId, reason: "signed" });
  expect(await tab.call("held", undefined)).toEqual([]);
  const files = await filesOnDisk();
  expect([files.has(`${visitId}.log`), files.has(`${visitId}.erased`)]).toEqual([false, true]);
  tab.crash();
  const receipts = await openTab().call("receipts", undefined);
  const [receipt] = receipts.filter((one) => one.visitId === visitId);
  const sums = new TextEncoder().encode(lines.map(({ sha256 }) => `${sha256}\n`).join(""));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", sums));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const figures = { startedAt: 1000, chunks: 1, durationMs: 2940, sha256 };
  expect(receipt).toEqual({ visitId, ...figures, at: expect.any(Number), reason: "signed", isTold: false });
});

/** What the browser keeps of this visit's key, by store. */
async function storedKeys(): Promise<Record<string, unknown>> {
  const request = indexedDB.open("chartside-keys");
  await new Promise((resolve) => (request.onsuccess = resolve));
  const stored: Record<string, unknown> = {};
  for (const name of request.result.objectStoreNames) {
    const one = request.result.transaction(name).objectStore(name).get(visitId);
    await new Promise((resolve) => (one.onsuccess = resolve));
    stored[name] = one.result;
  }
  request.result.close();
  return stored;
}

test("with wrapped keys this browser keeps no key that opens the visit, and after a crash it is locked", async () => {
  const rsa = { name: "RSA-OAEP", modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" };
  const { publicKey, privateKey } = await crypto.subtle.generateKey(rsa, true, ["encrypt", "decrypt"]);
  const spki = z.util.uint8ArrayToBase64(new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)));
  const first = openTab({ keyId: "k0", publicKeySpki: spki });
  first.wrapWith({ keyId: "k1", publicKeySpki: spki }); // it came back with another pair
  await startVisit(first);
  await record(first, visitId, [0, 10]);
  expect(await heldBy(first)).toMatchObject({ patientName: "Ada Quill" });
  first.crash();
  const second = openTab();
  expect(await second.call("held", undefined)).toEqual([]);
  expect((await second.call("locked", undefined)).map((locked) => locked.visitId)).toEqual([visitId]);
  second.crash();

  const stored = await storedKeys();
  expect(stored).toEqual({
    keys: undefined,
    wrapped: { clinicianId: "dr-x", keyId: "k1", wrapped: expect.any(ArrayBuffer) },
  });
  const { wrapped } = stored["wrapped"] as { wrapped: ArrayBuffer };
  const label = new TextEncoder().encode(`${visitId}/dr-x`);
  const plain = await crypto.subtle.decrypt({ name: "RSA-OAEP", label }, privateKey, wrapped);
  const text = new TextDecoder("latin1");
  const raw = text.decode(await (await rawFile()).getFile().then((file) => file.arrayBuffer()));
  for (const secret of [text.decode(plain), "Ada", "Quill", "OpusHead"]) expect(raw).not.toContain(secret);

  const third = openTab();
  await third.call("locked", undefined);
  third.crash();
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("journal");
  await vi.waitFor(() => folder.removeEntry(`${visitId}.log`), patient);
});

test("a tab that dies hands the vault over at once", async ({ annotate }) => {
  const [owner, next] = [openTab(), openTab()];
  await startVisit(owner);
  await record(owner, visitId, [0, 12]);
  const before = await heldBy(next);
  const opened = new Promise<number>((resolve) =>
    next.onNews((news) => (news.kind === "held" ? resolve(performance.now()) : undefined)),
  );
  const diedAt = performance.now();
  owner.crash();
  const tookMs = Math.round((await opened) - diedAt);
  expect(await heldBy(next)).toMatchObject({ durableMs: before.durableMs, chunksCut: before.chunksCut });
  const { held } = await navigator.locks.query();
  expect(held?.filter(({ name }) => name === "chartside-vault")).toHaveLength(1);
  await annotate(`the next tab had the vault ${tookMs} ms after the owner died`);
});
