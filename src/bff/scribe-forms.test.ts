/**
 * A visit through the clinic server to each form of the two protocols, over real HTTP: WebM chunks in, the note from what was said in
 * them out. The sandbox of the form hands the audio on to the local scribe, whose counting engine says one word for each second: a
 * chunk that is lost, doubled, out of order or made WAV wrongly shows in the count.
 */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { createLocalScribe } from "#local-scribe/local-scribe.ts";
import { createCountingEngine, quotingWriter, temporaryDirectory, visitChunks } from "#local-scribe/trial.ts";
import { turnText } from "#model/transcript.ts";
import { NoteView } from "#protocol/bff.ts";
import { createHearing, type Hear } from "#sandbox/hearing.ts";
import { createSandboxMsa, sandboxClient } from "#sandbox/msa/sandbox.ts";
import { createSandboxOmsif } from "#sandbox/omsif/sandbox.ts";
import { createScribe } from "#scribe/discover.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import type { Scribe } from "#scribe/scribe.ts";
import { createScribeSend } from "./upstream/scribe-send.ts";
import { createWavConverter } from "./upstream/wav-converter.ts";
import { createTestClinic, finish, putChunk, startVisit, viewOf } from "./visits/test-clinic.ts";

const forms = {
  "MedScribeAlliance A": (hear: Hear) => openMsa("A", hear),
  "MedScribeAlliance B": (hear: Hear) => openMsa("B", hear),
  "MedScribeAlliance C": (hear: Hear) => openMsa("C", hear),
  "OMSIF rev 1": (hear: Hear) => createSandboxOmsif({ revision: 1, hear, post: async () => {} }),
  "OMSIF rev 2": (hear: Hear) => createSandboxOmsif({ revision: 2, hear, post: async () => {} }),
};

async function openMsa(form: "A" | "B" | "C", hear: Hear) {
  const sandbox = await createSandboxMsa({ form, hear, post: async () => {} });
  return form === "C" ? { ...sandbox, url: `${sandbox.url}/voice/v1` } : sandbox;
}

type Service = Awaited<ReturnType<(typeof forms)[keyof typeof forms]>>;

async function openEars(): Promise<Hear> {
  const dataDir = temporaryDirectory();
  const local = await createLocalScribe({ dataDir, speech: createCountingEngine(), writer: quotingWriter });
  onTestFinished(async () => {
    await local.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return createHearing({ url: local.url, key: "sk_test_chartside" });
}

/** The form is never told: it has to be seen. */
async function openClinic(service: Service) {
  const wire = createScribeSend({ SCRIBE_URL: service.url });
  const { toWav, close } = createWavConverter();
  const isC = service.url.endsWith("/voice/v1") && "tokenUrl" in service;
  const access = isC ? { oidc: { tokenUrl: service.tokenUrl, ...sandboxClient } } : { apiKey: "sk_test_sandbox" };
  const around = { send: wire.send, waiting: createFakeWaiting(), toWav };
  const clinic = await createTestClinic<Scribe>(
    createScribe({ url: service.url, protocol: "auto", ...access, ...around }),
  );
  onTestFinished(async () => {
    await clinic.close();
    await wire.close();
    await close();
    await service.close();
  });
  return clinic;
}

const chunks = visitChunks().map((payload, sequence) => ({
  sequence,
  payload,
  sha256: createHash("sha256").update(payload).digest("hex"),
  durationMs: 16_000,
}));

test.each(Object.entries(forms))("%s: every second is in the note, once", { timeout: 120_000 }, async (_name, open) => {
  const clinic = await openClinic(await open(await openEars()));
  const visitId = await startVisit(clinic);
  for (const chunk of [chunks[0]!, ...chunks]) expect((await putChunk(clinic, visitId, chunk)).statusCode).toBe(200);
  expect((await finish(clinic, visitId, chunks)).statusCode).toBe(200);
  const draftReady = async (): Promise<void> => {
    await clinic.jobs.settled();
    await clinic.poll();
    expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
  };
  await vi.waitFor(draftReady, { timeout: 100_000, interval: 50 });
  const answer = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` });
  const { transcript, note } = NoteView.parse(answer.json());
  const heard = transcript.turns.map(turnText).join(" ");
  expect(heard.match(/second/gu)).toHaveLength(59);
  expect(note.subjective.match(/second/gu)).toHaveLength(59);
});
