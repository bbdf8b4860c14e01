/** Wrapped keys in a real browser: what lies in IndexedDB and in the log, a crash, and the clinic server's unwrapping. */
import { beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { HeldVisit } from "#model/recording.ts";
import { type JournalKey, JournalKeyUnwrap } from "#protocol/bff-audio.ts";
import { VisitCreate } from "#protocol/bff.ts";
import { openKeys } from "#visit/journal/keys.ts";
import { createMemoryDisk, type MemoryDisk } from "#visit/journal/memory-disk.ts";
import type { Wire } from "#visit/outbox/wire.ts";
import type { VaultArgument, VaultCall, VaultMessage, VaultRequest, VaultResult } from "#app/vault-port.ts";
import { openVault } from "./vault.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const mimeType = "audio/webm;codecs=opus";
const rsa = { name: "RSA-OAEP", modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" };
const pairs = new Map<string, CryptoKeyPair>();
for (const keyId of ["k1", "k2"]) pairs.set(keyId, await crypto.subtle.generateKey(rsa, true, ["encrypt", "decrypt"]));

async function journalKeyOf(keyId: string): Promise<JournalKey> {
  const spki = await crypto.subtle.exportKey("spki", pairs.get(keyId)!.publicKey);
  return { keyId, publicKeySpki: z.util.uint8ArrayToBase64(new Uint8Array(spki)) };
}

let visitId: VisitId;
let disk: MemoryDisk;
let database: string;
let isOffline: boolean;
/** Pairs that the clinic server has. */
let known: string[];
/** What the vault told by itself. */
let told: VaultMessage[];
/** Plain keys that the clinic server gave. */
let given: Uint8Array<ArrayBuffer>[];

beforeEach(() => {
  visitId = VisitId.parse(crypto.randomUUID());
  [disk, database, isOffline, given] = [createMemoryDisk(), `keys ${visitId}`, false, []];
  [known, told] = [["k1", "k2"], []];
});

/** The clinic server, as far as keys go; everything else is away. */
const wire: Wire = async ({ path, body }) => {
  if (isOffline || path !== "/api/journal-key/unwrap") throw problem("offline");
  const asked = JournalKeyUnwrap.parse(JSON.parse(String(body)));
  const pair = known.includes(asked.keyId) ? pairs.get(asked.keyId) : undefined;
  if (pair === undefined) return { status: 404, retryAfter: null, body: problem("not_found", { field: "keyId" }) };
  const label = new TextEncoder().encode(`${asked.visitId}/dr-x`);
  const wrapped = z.util.base64ToUint8Array(asked.wrapped);
  const plain = new Uint8Array(
    await crypto.subtle.decrypt({ name: "RSA-OAEP", label }, pair.privateKey, new Uint8Array(wrapped)),
  );
  given.push(plain);
  return { status: 200, retryAfter: null, body: { key: z.util.uint8ArrayToBase64(plain) } };
};

/** A browser that starts: nothing but disk and database is left of the one before. */
async function startBrowser(keyId = "k1") {
  const journalKey = await journalKeyOf(keyId);
  const vault = await openVault({
    disk,
    keys: await openKeys(database),
    wire,
    clock: { now: () => 1_763_719_200_000 },
    wait: (_ms, wake) =>
      new Promise((resolve) => {
        wake.addEventListener("abort", () => resolve());
      }),
    post: (message) => void told.push(message),
  });
  let id = 0;
  const call = <C extends VaultCall>(call: C, argument: VaultArgument<C>) =>
    vault.answer({ id: (id += 1), call, argument, journalKey, clockOffsetMs: 0 } as VaultRequest) as Promise<
      VaultResult<C>
    >;
  return { call };
}

function newVisit(id = visitId) {
  const consent = { answer: "yes", others: [], textVersion: "1", language: "en", interpreter: false };
  const create = VisitCreate.parse({
    patientId: "p1",
    appointmentId: null,
    reason: "knee",
    consent: { ...consent, askedAt: "2026-11-21T09:59:00Z" },
    startedAt: "2026-11-21T10:00:00Z",
    device: "Room 3 PC",
  });
  const names = { patientName: "Ada Quill", patientBirthDate: null, recordNumber: "QX-1047" };
  return { create, header: { visitId: id, ...names, startedAt: 1000, mimeType, clinicianId: "dr-x" } };
}

async function recordAndCrash(id = visitId, keyId = "k1"): Promise<void> {
  const { call } = await startBrowser(keyId);
  await call("open", newVisit(id));
  await call("record", { visitId: id, mimeType });
  await call("moment", { visitId: id, at: 2000, text: "left knee" });
  expect((await call("held", undefined)).map((held: HeldVisit) => held.moments)).toHaveLength(1);
}

/** Every record of every store, as the browser keeps them. */
async function storedRecords(): Promise<unknown[]> {
  const request = indexedDB.open(database);
  await new Promise((resolve) => (request.onsuccess = resolve));
  const opened = request.result;
  const records: unknown[] = [];
  for (const name of opened.objectStoreNames) {
    const all = opened.transaction(name).objectStore(name).getAll();
    await new Promise((resolve) => (all.onsuccess = resolve));
    records.push(...all.result);
  }
  opened.close();
  return records;
}

const latin = (bytes: ArrayBuffer | Uint8Array): string => new TextDecoder("latin1").decode(bytes);

test("at rest there is the wrapped key alone: no CryptoKey, and the plain key is in no byte of database or log", async () => {
  await recordAndCrash();
  const records = (await storedRecords()) as { wrapped: ArrayBuffer }[];
  expect(records).toEqual([{ clinicianId: "dr-x", keyId: "k1", wrapped: expect.any(ArrayBuffer) }]);
  expect(records[0]!.wrapped.byteLength).toBe(384);

  const { call } = await startBrowser();
  await call("signedIn", { clinicianId: "dr-x" });
  await call("unlock", undefined);
  const plain = latin(given[0]!);
  expect(plain).toHaveLength(32);
  expect(latin(records[0]!.wrapped)).not.toContain(plain);
  expect((await storedRecords()).length).toBe(1);
  for (const bytes of disk.files.values()) {
    expect(latin(bytes)).not.toContain(plain);
    expect(latin(bytes)).not.toContain("Ada");
  }
});

test("after a crash the visit is locked, waits for sign-in and network, says so, and then is whole", async () => {
  await recordAndCrash();
  isOffline = true;
  const { call } = await startBrowser();
  expect(await call("held", undefined)).toEqual([]);
  expect(await call("locked", undefined)).toEqual([
    { visitId, bytesOnDevice: expect.any(Number), clinicianId: "dr-x", isRefused: false },
  ]);
  await expect(call("unlock", undefined)).rejects.toMatchObject({ problem: { code: "signed_out" } });
  await call("signedIn", { clinicianId: "dr-x" });
  await expect(call("unlock", undefined)).rejects.toMatchObject({ problem: { code: "offline" } });
  expect(await call("locked", undefined)).toHaveLength(1);
  isOffline = false;
  await call("unlock", undefined);
  expect(await call("locked", undefined)).toEqual([]);
  const [held] = await call("held", undefined);
  expect(held).toMatchObject({ visitId, patientName: "Ada Quill", moments: [{ text: "left knee" }] });
});

test("another clinician's visit stays locked", async () => {
  await recordAndCrash();
  const { call } = await startBrowser();
  await call("signedIn", { clinicianId: "dr-y" });
  await call("unlock", undefined);
  expect(await call("locked", undefined)).toHaveLength(1);
  expect(given).toEqual([]);
});

test("a pair that was followed by a new one while there was no network opens what it wrapped", async () => {
  const second = VisitId.parse(crypto.randomUUID());
  isOffline = true;
  await recordAndCrash();
  await recordAndCrash(second, "k2");
  const { call } = await startBrowser("k2");
  expect(await call("locked", undefined)).toHaveLength(2);
  isOffline = false;
  await call("signedIn", { clinicianId: "dr-x" });
  await call("unlock", undefined);
  expect(await call("locked", undefined)).toEqual([]);
  expect((await call("held", undefined)).map((held) => held.visitId).toSorted()).toEqual([visitId, second].toSorted());
});

test("a clinic server that has lost a pair: that visit is said to be refused and stays, the others are opened", async () => {
  const second = VisitId.parse(crypto.randomUUID());
  await recordAndCrash();
  await recordAndCrash(second, "k2");
  known = ["k2"];
  const { call } = await startBrowser("k2");
  told = [];
  await call("signedIn", { clinicianId: "dr-x" });
  await expect(call("unlock", undefined)).rejects.toMatchObject({ problem: { code: "not_found" } });
  expect(told).toContainEqual({ kind: "held" });
  expect(await call("locked", undefined)).toMatchObject([{ visitId, isRefused: true }]);
  expect((await call("held", undefined)).map((held) => held.visitId)).toEqual([second]);
  known = ["k1"];
  await call("sendNow", undefined);
  await vi.waitFor(async () => expect(await call("held", undefined)).toHaveLength(2), { timeout: 20_000 });
  expect(await call("locked", undefined)).toEqual([]);
});

test("where nothing is locked, asking to unlock does nothing", async () => {
  const { call } = await startBrowser();
  await call("signedIn", { clinicianId: "dr-x" });
  await call("unlock", undefined);
  expect(await call("locked", undefined)).toEqual([]);
  expect(given).toEqual([]);
});

test("a key kept by the browser cannot be taken out of it", async () => {
  const keys = await openKeys(database);
  await keys.make(visitId, null);
  const [key] = (await storedRecords()) as CryptoKey[];
  expect(key).toBeInstanceOf(CryptoKey);
  await expect(crypto.subtle.exportKey("raw", key!)).rejects.toMatchObject({ name: "InvalidAccessError" });
});
