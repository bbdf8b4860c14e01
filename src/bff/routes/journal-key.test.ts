import { createPublicKey, publicEncrypt, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type JournalKeys, readJournalKeys } from "#bff/auth/journal-keys.ts";
import { createSeal } from "#bff/auth/seal.ts";
import { readConfig } from "#bff/config.ts";
import { createTestClinic, newVisitId, startVisit } from "#bff/visits/test-clinic.ts";
import type { JournalKey } from "#protocol/bff-audio.ts";

const clock = { ms: Date.UTC(2026, 10, 21), now: () => clock.ms };

async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), "chartside-keys-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const seal = createSeal([randomBytes(32)]);
  const read = (mode: "device" | "wrapped" = "wrapped") =>
    readJournalKeys({
      config: readConfig({ CHARTSIDE_DATA_DIR: folder, CHARTSIDE_JOURNAL_KEYS: mode }),
      seal,
      clock,
    });
  return { file: join(folder, "journal-keys.json"), read };
}

/** As the browser wraps. */
function wrap({ publicKeySpki }: JournalKey, plain: Uint8Array, label: string): Buffer {
  const key = createPublicKey({ key: Buffer.from(publicKeySpki, "base64"), format: "der", type: "spki" });
  return publicEncrypt({ key, oaepHash: "sha256", oaepLabel: Buffer.from(label) }, plain);
}

test("a pair is made once, sealed, for this server's user alone; the next start reads the same", async () => {
  const { file, read } = await openFolder();
  const { current } = await read();
  expect(current).toEqual((await read()).current);
  const key = createPublicKey({ key: Buffer.from(current!.publicKeySpki, "base64"), format: "der", type: "spki" });
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(3072);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const text = await readFile(file, "utf8");
  const [pair] = JSON.parse(text);
  expect(Buffer.from(pair.privateKeySealed, "base64").toString("latin1")).not.toContain("PRIVATE KEY");
});

test("an old pair is followed by a new one and opens what it wrapped for ever, also when devices hold their keys again", async () => {
  const { read } = await openFolder();
  const old = (await read()).current!;
  const plain = randomBytes(32);
  const wrapped = wrap(old, plain, "v/dr");
  clock.ms += 366 * 24 * 3_600_000;
  const keys = await read();
  expect(keys.current?.keyId).not.toBe(old.keyId);
  expect(Buffer.from(keys.unwrap({ keyId: old.keyId, wrapped, label: "v/dr" }))).toEqual(plain);
  const device = await read("device");
  expect(device.current).toBeNull();
  expect(Buffer.from(device.unwrap({ keyId: old.keyId, wrapped, label: "v/dr" }))).toEqual(plain);
});

async function openClinic(keys: JournalKeys) {
  const clinic = await createTestClinic();
  Object.assign(clinic.journalKeys, keys);
  onTestFinished(() => clinic.close());
  const unwrap = (as: string, payload: object) =>
    clinic.request(as, { method: "POST", url: "/api/journal-key/unwrap", payload });
  return { clinic, unwrap };
}

test("the visit's clinician gets the key, nobody else does, and every attempt is in the audit", async () => {
  const keys = await (await openFolder()).read();
  const { clinic, unwrap } = await openClinic(keys);
  const visitId = await startVisit(clinic);
  const current = (await clinic.request("clinician", { method: "GET", url: "/api/journal-key" })).json<JournalKey>();
  const plain = randomBytes(32);
  const payload = {
    visitId,
    keyId: current.keyId,
    wrapped: wrap(current, plain, `${visitId}/user-clinician`).toString("base64"),
  };
  expect((await unwrap("clinician", payload)).json()).toEqual({ key: plain.toString("base64") });
  const statuses = [];
  for (const as of ["stranger", "administrator", "desk", "nobody"])
    statuses.push((await unwrap(as, payload)).statusCode);
  expect(statuses).toEqual([403, 403, 403, 401]);
  expect(
    await clinic.rows("SELECT actor, action, outcome, patient FROM audit WHERE object LIKE 'journal-key:%'"),
  ).toEqual([{ actor: "user-clinician", action: "E", outcome: "ok", patient: "patient-ada" }]);
  expect(await clinic.rows("SELECT actor FROM audit WHERE outcome = 'refused'")).toEqual([{ actor: "user-stranger" }]);
});

test("a visit recorded without network is opened by the clinician in its label, and by no other", async () => {
  const keys = await (await openFolder()).read();
  const { clinic, unwrap } = await openClinic(keys);
  const visitId = newVisitId();
  const { keyId } = keys.current!;
  const wrapped = wrap(keys.current!, randomBytes(32), `${visitId}/user-clinician`).toString("base64");
  expect((await unwrap("clinician", { visitId, keyId, wrapped })).statusCode).toBe(200);
  const other = await unwrap("stranger", { visitId, keyId, wrapped });
  expect([other.statusCode, other.json().problem]).toEqual([403, expect.objectContaining({ field: "wrapped" })]);
  const unknown = await unwrap("clinician", { visitId, keyId: "0000", wrapped });
  expect([unknown.statusCode, unknown.json().problem.field]).toEqual([404, "keyId"]);
  const trail = await clinic.rows(
    `SELECT actor, outcome FROM audit WHERE object = 'journal-key:${visitId}' ORDER BY seq`,
  );
  expect(trail).toEqual([
    { actor: "user-clinician", outcome: "ok" },
    { actor: "user-stranger", outcome: "refused" },
    { actor: "user-clinician", outcome: "refused" },
  ]);
});

test("where devices hold their own keys there is none to wrap with", async () => {
  const { clinic } = await openClinic(await (await openFolder()).read("device"));
  expect((await clinic.request("clinician", { method: "GET", url: "/api/journal-key" })).statusCode).toBe(404);
});
