import { createHash } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "#bff/config.ts";
import { fakeNote, fakeResult } from "#bff/visits/fake-scribe.ts";
import type { TestClinic } from "#bff/visits/test-clinic.ts";
import { chunkOf, createTestClinic, finish, putChunk, startVisit, viewOf } from "#bff/visits/test-clinic.ts";
import { canonicalNote } from "#model/note.ts";
import { NoteView } from "#protocol/bff.ts";

async function openClinic() {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  return clinic;
}

type Say = { as?: string; method?: "PUT" | "POST"; what: string; payload: object };

const say = (clinic: TestClinic, visitId: string, { as = "clinician", method = "PUT", what, payload }: Say) =>
  clinic.request(as, { method, url: `/api/visits/${visitId}/${what}`, payload });

const report = (second: number, more: object = {}) => ({
  device: "Room 3 PC",
  durableMs: 61_000,
  chunksCut: 4,
  at: `2026-11-20T15:01:${String(second).padStart(2, "0")}.000Z`,
  ...more,
});

const receipt = (second: number) => {
  const { device, at } = report(second);
  return { device, at, chunks: 4, sizeBytes: 320_000, sha256: "a".repeat(64), durationMs: 61_000, reason: "signed" };
};

const gap = { reason: "off_record", atMs: 12_000, startedAt: 1_763_650_812_000, lengthMs: 40_000 };
const moment = { atMs: 30_000, at: 1_763_650_870_000, text: "left knee" };

async function drafted(clinic: TestClinic) {
  clinic.scribe.answer = { state: "done", result: fakeResult };
  const visitId = await startVisit(clinic);
  const chunks = [0, 1].map((sequence) => chunkOf(sequence));
  for (const chunk of chunks) await putChunk(clinic, visitId, chunk);
  await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  return visitId;
}

function sign(clinic: TestClinic, visitId: string) {
  const sha256 = createHash("sha256").update(canonicalNote(fakeNote)).digest("hex");
  const payload = { revision: 0, sha256, followUps: [] };
  return clinic.request("clinician", { method: "POST", url: `/api/visits/${visitId}/sign`, payload });
}

test("gaps and moments are shown in the review, the newest list replaces the one before, and discarding erases them", async () => {
  const clinic = await openClinic();
  const visitId = await drafted(clinic);
  await say(clinic, visitId, { what: "marks", payload: { gaps: [], moments: [moment] } });
  const answer = await say(clinic, visitId, { what: "marks", payload: { gaps: [gap], moments: [moment] } });
  expect(answer.statusCode).toBe(204);
  const note = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` });
  expect(NoteView.parse(note.json())).toMatchObject({ gaps: [gap], moments: [moment] });
  await clinic.request("clinician", {
    method: "POST",
    url: `/api/visits/${visitId}/discard`,
    payload: { reason: "discarded" },
  });
  expect(await clinic.rows("SELECT marks_json FROM visits")).toEqual([{ marks_json: null }]);
  const late = await say(clinic, visitId, { what: "marks", payload: { gaps: [], moments: [] } });
  expect([late.statusCode, late.json().problem.code]).toEqual([409, "conflict"]);
});

test("what the device holds shows, an older report does not replace a newer one, and the deletion receipt ends it", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  expect((await say(clinic, visitId, { what: "device", payload: report(20) })).statusCode).toBe(204);
  await say(clinic, visitId, { what: "device", payload: report(10, { chunksCut: 1 }) });
  expect((await viewOf(clinic, visitId)).onDevice).toEqual(report(20));
  for (let time = 0; time < 2; time += 1) {
    const answer = await say(clinic, visitId, { method: "POST", what: "erased", payload: receipt(30) });
    expect(answer.statusCode).toBe(204);
  }
  await say(clinic, visitId, { what: "device", payload: report(25) });
  expect(await viewOf(clinic, visitId)).toMatchObject({
    onDevice: null,
    audioErased: { at: report(30).at, device: "Room 3 PC", reason: "signed" },
  });
  expect(await clinic.rows("SELECT chunks, size_bytes, sha256 FROM audio_erasures")).toEqual([
    { chunks: 4, size_bytes: 320_000, sha256: "a".repeat(64) },
  ]);
  const trail = await clinic.rows(
    `SELECT action, patient FROM audit WHERE object = 'visit:${visitId}/audio' AND outcome = 'ok'`,
  );
  expect(trail).toEqual([
    { action: "D", patient: "patient-ada" },
    { action: "D", patient: "patient-ada" },
  ]);
});

test("only the visit's clinician may say so, the refusal is audited, and a bad field is named without its value", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  const refused = await say(clinic, visitId, { as: "stranger", what: "device", payload: report(1) });
  expect([refused.statusCode, refused.json().problem.code]).toEqual([403, "not_owner"]);
  expect(await clinic.rows("SELECT actor FROM audit WHERE outcome = 'refused'")).toEqual([{ actor: "user-stranger" }]);
  const payload = { gaps: [], moments: [{ ...moment, atMs: "left knee of Ada" }] };
  const bad = await say(clinic, visitId, { what: "marks", payload });
  expect([bad.statusCode, bad.json().problem.field]).toEqual([400, "moments.0.atMs"]);
  expect(bad.body).not.toContain("Ada");
  const without = await clinic.app.inject({
    method: "POST",
    url: `/api/visits/${visitId}/erased`,
    headers: { host: "localhost:3000", origin: "http://localhost:3000", "x-test-user": "clinician" },
    payload: receipt(1),
  });
  expect([without.statusCode, without.json().problem.field]).toEqual([403, "x-bff"]);
});

test("audio is kept until the clinic's days after signing, and not one chunk short", async () => {
  const clinic = await openClinic();
  clinic.config.CHARTSIDE_AUDIO_RETENTION_DAYS = 7;
  const visitId = await drafted(clinic);
  expect((await viewOf(clinic, visitId)).audioKeptUntil).toBeNull();
  const { signedAt, audioKeptUntil } = (await sign(clinic, visitId)).json();
  expect(Date.parse(audioKeptUntil) - Date.parse(signedAt)).toBe(7 * 24 * 3_600_000);
  await clinic.store.transact({ statements: [{ sql: "DELETE FROM receipts WHERE sequence = 1", params: [] }] });
  expect((await viewOf(clinic, visitId)).audioKeptUntil).toBeNull();
});

test("a visit on legal hold is kept without end; without days the audio may go at signing", async () => {
  const clinic = await openClinic();
  const visitId = await drafted(clinic);
  const { signedAt, audioKeptUntil } = (await sign(clinic, visitId)).json();
  expect(audioKeptUntil).toBe(signedAt);
  clinic.config.CHARTSIDE_LEGAL_HOLD = readConfig({ CHARTSIDE_LEGAL_HOLD: ` ${visitId},` }).CHARTSIDE_LEGAL_HOLD;
  expect((await viewOf(clinic, visitId)).audioKeptUntil).toBeNull();
  expect(() => readConfig({ CHARTSIDE_LEGAL_HOLD: "the knee visit" })).toThrow("CHARTSIDE_LEGAL_HOLD");
});
