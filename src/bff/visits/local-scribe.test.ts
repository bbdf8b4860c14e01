/** A whole visit through the routes, the real adapter and the real local scribe, notifications included. */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { createScribeSend } from "#bff/upstream/scribe-send.ts";
import { createLocalScribe } from "#local-scribe/local-scribe.ts";
import {
  createCountingEngine,
  createHandClock,
  quotingWriter,
  temporaryDirectory,
  visitChunks,
} from "#local-scribe/trial.ts";
import { canonicalNote } from "#model/note.ts";
import { NoteView } from "#protocol/bff.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import { createMedScribeAlliance } from "#scribe/medscribealliance/medscribealliance.ts";
import { createTestClinic, finish, putChunk, startVisit, viewOf, webhookSecret } from "./test-clinic.ts";

type Delivery = { headers: Record<string, string>; body: string };

/** `delivered` resolves with the next notification that a session has ended. */
async function openWorld() {
  const dataDir = temporaryDirectory();
  const clock = createHandClock();
  let ended = Promise.withResolvers<Delivery>();
  const post = async (_url: string, headers: Record<string, string>, body: string) => {
    if (body.includes("session.completed")) ended.resolve({ headers, body });
    return 204;
  };
  const local = await createLocalScribe({
    dataDir,
    clock,
    post,
    speech: createCountingEngine(),
    writer: quotingWriter,
  });
  const wire = createScribeSend({ SCRIBE_URL: local.url });
  const waiting = { ...createFakeWaiting(), clock };
  const scribe = createMedScribeAlliance({ url: local.url, apiKey: "sk_test_chartside", send: wire.send, waiting });
  await scribe.notifyAt?.({ url: "https://clinic.example/webhooks/scribe", secret: webhookSecret });
  const clinic = await createTestClinic(scribe);
  onTestFinished(async () => {
    await clinic.close();
    await wire.close();
    await local.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const delivered = async (): Promise<Delivery> => {
    const delivery = await ended.promise;
    ended = Promise.withResolvers();
    return delivery;
  };
  const expire = async () => {
    clock.advance(24 * 3_600_000);
    await local.tick();
  };
  return { clinic, delivered, expire };
}

const chunks = visitChunks().map((payload, sequence) => ({
  sequence,
  payload,
  sha256: createHash("sha256").update(payload).digest("hex"),
  durationMs: 16_000,
}));

test("from the first chunk to a signed note, with the scribe's own notification", async () => {
  const { clinic, delivered } = await openWorld();
  const visitId = await startVisit(clinic);
  for (const chunk of chunks) expect((await putChunk(clinic, visitId, chunk)).statusCode).toBe(200);
  const again = await putChunk(clinic, visitId, chunks[1]!);
  expect(again.statusCode).toBe(200);
  expect((await finish(clinic, visitId, chunks)).json().state).toBe("processing");

  const { headers, body } = await delivered();
  const answer = await clinic.app.inject({
    method: "POST",
    url: "/webhooks/scribe",
    headers: { ...headers, host: "localhost:3000" },
    payload: body,
  });
  expect(answer.statusCode).toBe(204);
  await clinic.jobs.settled();
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "draft_ready", received: { chunks: 4 } });

  const note = NoteView.parse(
    (await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` })).json(),
  );
  expect(note.draft.provenance).toMatchObject({ speechEngine: "counting", noteWriter: "quoting" });
  expect(note.transcript.turns[0]?.words[0]).toMatchObject({ text: "second", startMs: 0, confidence: 1 });
  const sha256 = createHash("sha256").update(canonicalNote(note.note)).digest("hex");
  const payload = { revision: 0, sha256, followUps: [] };
  const signed = await clinic.request("clinician", { method: "POST", url: `/api/visits/${visitId}/sign`, payload });
  expect(signed.json()).toMatchObject({ state: "signed", filing: { state: "waiting" } });
});

test("a session that the scribe let expire mid-visit is replaced, and the note is of the whole visit", async () => {
  const { clinic, delivered, expire } = await openWorld();
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunks[0]!);
  await expire();
  expect((await putChunk(clinic, visitId, chunks[1]!)).statusCode).toBe(200);
  expect((await finish(clinic, visitId, chunks)).json().problem.code).toBe("chunks_missing");
  for (const chunk of chunks) await putChunk(clinic, visitId, chunk);
  expect((await finish(clinic, visitId, chunks)).statusCode).toBe(200);
  await clinic.jobs.settled();
  await delivered();
  await clinic.poll();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
  expect(await clinic.rows("SELECT attempt, state FROM scribe_jobs ORDER BY attempt")).toEqual([
    { attempt: 1, state: "lost" },
    { attempt: 2, state: "done" },
  ]);
});
