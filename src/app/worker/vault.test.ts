import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { VaultArgument, VaultCall, VaultRequest, VaultResult } from "#app/vault-port.ts";
import { createMemoryDisk } from "#visit/journal/memory-disk.ts";
import { createDevice, headerOf, mimeType, visitId } from "#visit/journal/test-journal.ts";
import type { Wire } from "#visit/outbox/wire.ts";
import { openVault } from "./vault.ts";
import { waitFor } from "./wait.ts";

const stream = readFileSync("src/visit/journal/fixtures/chromium-47s.webm");
const clinicTime = Date.parse("2026-11-21T10:00:00Z");
const clockOffsetMs = 3 * 3_600_000;

/** The clinic server takes every chunk in at once, by its own clock. */
const receipts: unknown[] = [];
const erasures: unknown[] = [];
const wire: Wire = async ({ method, path, headers, body }) => {
  const sequence = /\/chunks\/(\d+)$/u.exec(path)?.[1];
  const receivedAt = new Date(clinicTime).toISOString();
  const durationMs = Number(headers["x-chunk-duration-ms"]);
  isRegistered ||= method === "PUT" && path === `/api/visits/${visitId}`;
  if (path.endsWith("/erased")) erasures.push(JSON.parse(String(body)));
  if (sequence === undefined) {
    return { status: 200, retryAfter: null, body: method === "GET" ? { receipts } : {} };
  }
  const receipt = { sequence: Number(sequence), sha256: headers["x-chunk-sha256"], durationMs, receivedAt };
  receipts.push(receipt);
  return { status: 200, retryAfter: null, body: receipt };
};

/** What the outbox rests for now; aborted when it has been woken. */
let rest: AbortSignal | undefined;
let isRegistered = false;

/** A machine whose clock is three hours behind the clinic's. */
async function openSlowMachine() {
  const { keys } = createDevice();
  const vault = await openVault({
    disk: createMemoryDisk(),
    keys: { ...keys, inMemory: new Map(), locked: async () => [], unlock: async () => undefined },
    wire,
    clock: { now: () => clinicTime - clockOffsetMs },
    wait: (ms, wake) => waitFor(ms, (rest = wake)),
    post: () => undefined,
  });
  const terms = { journalKey: null, clockOffsetMs };
  const call = <C extends VaultCall>(call: C, argument: VaultArgument<C>) =>
    vault.answer({ id: 1, call, argument, ...terms } as VaultRequest) as Promise<VaultResult<C>>;
  return { call, close: vault.close };
}

test("a machine's clock is three hours slow: on this device, received and erased are told in the clinic's time", async () => {
  const { call, close } = await openSlowMachine();
  const { header, create } = headerOf(visitId);
  await call("open", { header, create });
  const { recording } = await call("record", { visitId, mimeType });
  const bytes = new Uint8Array(stream).buffer;
  await call("append", { visitId, recording, bytes, capturedAt: clinicTime - 500, levels: [] });
  await call("gap", { visitId, reason: "paused", startedAt: clinicTime - 500, endedAt: null });
  await call("close", { visitId });
  await call("signedIn", { clinicianId: "dr-x" });
  const isReceived = async () => (await call("ledger", { visitId })).lines.every((line) => line.receivedAt !== null);
  await expect.poll(isReceived, { timeout: 30_000 }).toBe(true);
  const { lines, gaps } = await call("ledger", { visitId });
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect([line.cutAt, Date.parse(line.receivedAt ?? "")]).toEqual([clinicTime, clinicTime]);
  expect(gaps).toMatchObject([{ reason: "paused", lengthMs: 500 }]);
  await call("erase", { visitId, reason: "signed" });
  await expect.poll(() => erasures, { timeout: 30_000 }).toMatchObject([{ at: new Date(clinicTime).toISOString() }]);
  const receipt = { visitId, at: clinicTime, chunks: lines.length, reason: "signed", isTold: true };
  await expect.poll(() => call("receipts", undefined), { timeout: 30_000 }).toMatchObject([receipt]);
  await close();
});

test("a fragment does not wake the outbox: it has nothing new to send before a cut", async () => {
  const { call, close } = await openSlowMachine();
  const { header, create } = headerOf(visitId);
  isRegistered = false;
  await call("signedIn", { clinicianId: header.clinicianId });
  await call("open", { header, create });
  const { recording } = await call("record", { visitId, mimeType });
  await expect.poll(() => isRegistered && rest?.aborted === false, { timeout: 30_000 }).toBe(true);
  const resting = rest;
  for (let from = 0; from < 20_000; from += 1000) {
    const bytes = new Uint8Array(stream.subarray(from, from + 1000)).buffer;
    await call("append", { visitId, recording, bytes, capturedAt: clinicTime + from, levels: [] });
  }
  expect(resting?.aborted).toBe(false);
  await call("close", { visitId });
  await expect.poll(() => resting?.aborted, { timeout: 30_000 }).toBe(true);
  await close();
});
