/**
 * Services that take a recording in one piece, through the routes and the real adapters: OMSIF at once and for later, MedScribeAlliance
 * with a single upload. What the browser sends is WebM; what a service gets that does not take it is the same sound as WAV.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { fileToWav } from "#bff/upstream/file-converter.ts";
import { createScribeSend } from "#bff/upstream/scribe-send.ts";
import type { VisitId } from "#model/id.ts";
import { NoteView } from "#protocol/bff.ts";
import { createSandboxMsa } from "#sandbox/msa/sandbox.ts";
import { createSandboxOmsif } from "#sandbox/omsif/sandbox.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import { createMedScribeAlliance } from "#scribe/medscribealliance/medscribealliance.ts";
import { createOmsif } from "#scribe/omsif/omsif.ts";
import type { Scribe } from "#scribe/scribe.ts";
import { openFaultyWay } from "./faulty-way.ts";
import type { TestClinic } from "./test-clinic.ts";
import { chunkOf, createTestClinic, finish, putChunk, startVisit, viewOf, webhookSecret } from "./test-clinic.ts";

const script = {
  soap: { subjective: "Chest pain for two days.", objective: "", assessment: "", plan: "" },
  medications: [],
  transcript: "Patient: I have had chest pain for two days.",
};
const post = async (): Promise<void> => {};

const webm = readFileSync(new URL("../../local-scribe/fixtures/chest-pain/audio_1.webm", import.meta.url));
/** 13.8 s in two pieces, as the browser counts them. */
const chunks = [0, 1].map((sequence) => ({ ...chunkOf(sequence), durationMs: 6900 }));
const wavBytes = 44 + 13.8 * 32_000;

type World = { clinic: TestClinic<Scribe>; stored(): number[] };

async function openOmsif(feature: "sync" | "async") {
  const rules = { features: [feature] };
  const sandbox = await createSandboxOmsif({ revision: 1, script, post, secret: webhookSecret, rules });
  const way = await openFaultyWay(new URL(sandbox.url).origin);
  const url = `${way.url}/v1/omsif`;
  const wire = createScribeSend({ SCRIBE_URL: url });
  const waiting = createFakeWaiting();
  const scribe = createOmsif({ url, apiKey: "sk_test_sandbox", send: wire.send, waiting, fileToWav });
  await scribe.notifyAt?.({ url: "https://clinic.example/webhooks/scribe", secret: webhookSecret });
  const clinic = await createTestClinic(scribe);
  onTestFinished(async () => {
    await clinic.close();
    await Promise.all([sandbox.close(), way.close(), wire.close()]);
  });
  const stored = (): number[] => sandbox.controls.jobs().flatMap(({ files }) => files.map((file) => file.sizeBytes));
  return { clinic, way, sandbox, stored };
}

const putWhole = (clinic: TestClinic<Scribe>, visitId: VisitId, more: { payload?: Buffer; sha256?: string } = {}) => {
  const { payload = webm, sha256 = createHash("sha256").update(payload).digest("hex") } = more;
  const headers = { "content-type": "audio/webm;codecs=opus", "x-audio-sha256": sha256 };
  return clinic.request("clinician", { method: "PUT", url: `/api/visits/${visitId}/audio`, headers, payload });
};

async function toTheEnd({ clinic }: World): Promise<VisitId> {
  const visitId = await startVisit(clinic);
  expect((await putChunk(clinic, visitId, chunks[0]!)).json().problem.code).toBe("whole_file_wanted");
  const told = await finish(clinic, visitId, chunks);
  expect([told.statusCode, told.json().problem.code]).toEqual([409, "whole_file_wanted"]);
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "saving", wholeFile: true, declared: { chunks: 2 } });
  return visitId;
}

async function isOneDraft({ clinic, stored }: World, visitId: VisitId): Promise<void> {
  await clinic.jobs.settled();
  expect(await viewOf(clinic, visitId)).toMatchObject({
    state: "draft_ready",
    received: { chunks: 2, durationMs: 13_800 },
  });
  const answer = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` });
  expect(NoteView.parse(answer.json()).note.subjective).toBe("Chest pain for two days.");
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 1 }]);
  expect(stored()).toHaveLength(1);
}

test.each(["sync", "async"] as const)(
  "OMSIF, %s: one file as WAV, a receipt for every piece, one draft",
  async (form) => {
    const world = await openOmsif(form);
    const visitId = await toTheEnd(world);
    const answer = await putWhole(world.clinic, visitId);
    expect(answer.json()).toMatchObject({ receipts: [{ sequence: 0, sha256: chunks[0]?.sha256 }, { sequence: 1 }] });
    await isOneDraft(world, visitId);
    expect(world.stored()).toEqual([wavBytes]);
    // The browser did not hear the answer: the declaration says that all is there.
    expect((await finish(world.clinic, visitId, chunks)).statusCode).toBe(200);
    expect((await putWhole(world.clinic, visitId)).json().problem.code).toBe("conflict");
    for (const { name } of await world.clinic.rows("SELECT name FROM sqlite_master WHERE type = 'table'")) {
      const rows = await world.clinic.rows(`SELECT * FROM ${String(name)}`);
      expect(JSON.stringify(rows).length).toBeLessThan(webm.length);
    }
  },
);

test.each(["sync", "async"] as const)(
  "OMSIF, %s: cut on the way, it is sent again, and there is one note",
  async (form) => {
    const world = await openOmsif(form);
    const { clinic, way } = world;
    const visitId = await toTheEnd(world);
    way.faultOf = (line) => (line.startsWith("POST /v1/omsif/process") ? { status: 503, code: "x" } : undefined);
    expect((await putWhole(clinic, visitId)).json().problem.code).toBe("scribe_down");
    way.faultOf = () => undefined;
    const half = createHash("sha256").update(webm).digest("hex");
    expect(
      (await putWhole(clinic, visitId, { payload: webm.subarray(0, webm.length / 2), sha256: half })).statusCode,
    ).toBeGreaterThan(399);
    expect(world.stored()).toEqual([]);
    expect(await viewOf(clinic, visitId)).toMatchObject({ state: "saving", received: { chunks: 0 } });
    expect((await putWhole(clinic, visitId)).statusCode).toBe(200);
    await isOneDraft(world, visitId);
  },
);

test.each(["sync", "async"] as const)(
  "OMSIF, %s: a job that ran out of time is tried once more by itself, and no more than once",
  async (form) => {
    const { clinic, sandbox } = await openOmsif(form);
    sandbox.controls.endAs("failed", "processing_timeout");
    const visitId = await toTheEnd({ clinic, stored: () => [] });
    expect((await putWhole(clinic, visitId)).statusCode).toBe(200);
    await clinic.jobs.settled();
    expect(await viewOf(clinic, visitId)).toMatchObject({ state: "waiting_for_network", received: { chunks: 0 } });
    expect((await finish(clinic, visitId, chunks)).json().problem.code).toBe("whole_file_wanted");
    expect((await putWhole(clinic, visitId)).statusCode).toBe(200);
    await clinic.jobs.settled();
    expect(await viewOf(clinic, visitId)).toMatchObject({ state: "failed", problem: { code: "processing_failed" } });
    expect(sandbox.controls.jobs()).toHaveLength(2);
  },
);

test("the service's answer is lost: sent again it has two jobs, and the visit one draft", async () => {
  const { clinic, way, sandbox } = await openOmsif("async");
  const visitId = await toTheEnd({ clinic, stored: () => [] });
  way.faultOf = (line) => (line.endsWith("/process/async") ? "lose" : undefined);
  expect((await putWhole(clinic, visitId)).statusCode).toBe(503);
  way.faultOf = () => undefined;
  expect((await putWhole(clinic, visitId)).statusCode).toBe(200);
  expect(sandbox.controls.jobs()).toHaveLength(2);
  await isOneDraft({ clinic, stored: () => [1] }, visitId);
});

test("MedScribeAlliance with a single upload takes WebM as it is", async () => {
  const sandbox = await createSandboxMsa({ form: "B", script, post, uploads: { isSingle: true } });
  const wire = createScribeSend({ SCRIBE_URL: sandbox.url });
  const waiting = createFakeWaiting();
  const scribe = createMedScribeAlliance({ url: sandbox.url, apiKey: "sk_test_sandbox", send: wire.send, waiting });
  const clinic = await createTestClinic(scribe);
  onTestFinished(async () => {
    await clinic.close();
    await Promise.all([sandbox.close(), wire.close()]);
  });
  const files = () => sandbox.controls.sessions().flatMap((session) => session.files);
  const world = { clinic, stored: () => files().map((file) => file.sizeBytes) };
  const visitId = await toTheEnd(world);
  expect((await putWhole(clinic, visitId)).statusCode).toBe(200);
  await isOneDraft(world, visitId);
  expect(world.stored()).toEqual([webm.length]);
});
