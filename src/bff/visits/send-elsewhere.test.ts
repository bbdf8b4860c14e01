/**
 * Two services of different protocols, and the one that has the visit goes down for good. The browser does what it always does:
 * it compares, and sends what is not listed. In the end: one draft, from the other service, which holds each chunk once.
 */
import { createHash } from "node:crypto";
import type { InjectOptions } from "fastify";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { createScribeSend } from "#bff/upstream/scribe-send.ts";
import { createWavConverter } from "#bff/upstream/wav-converter.ts";
import { visitChunks } from "#local-scribe/trial.ts";
import type { VisitId } from "#model/id.ts";
import { NoteView } from "#protocol/bff.ts";
import { createSandboxMsa } from "#sandbox/msa/sandbox.ts";
import { createSandboxOmsif } from "#sandbox/omsif/sandbox.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import { createMedScribeAlliance } from "#scribe/medscribealliance/medscribealliance.ts";
import { createOmsif } from "#scribe/omsif/omsif.ts";
import type { Scribe } from "#scribe/scribe.ts";
import { createFakeScribe } from "./fake-scribe.ts";
import type { TestClinic } from "./test-clinic.ts";
import { type Beside, firstService } from "./test-scribes.ts";
import { createTestClinic, finish, putChunk, startVisit, viewOf } from "./test-clinic.ts";

const script = (word: string) => ({
  soap: { subjective: `Chest pain, written by ${word}.`, objective: "", assessment: "", plan: "" },
  medications: [],
  transcript: "Patient: I have had chest pain for two days.",
});

const chunks = visitChunks()
  .slice(0, 3)
  .map((payload, sequence) => ({
    sequence,
    payload,
    sha256: createHash("sha256").update(payload).digest("hex"),
    durationMs: 16_000,
  }));

const converter = createWavConverter();
afterAll(() => converter.close());

type Form = "A" | "B" | "C" | "omsif";

/** What tests need of a service, whatever it speaks. `stored`: chunks of each session that was ended. */
type Service = {
  scribe: Scribe;
  breaker(): "closed" | "half_open" | "open";
  hold(): void;
  release(): void;
  goDown(): void;
  stored(): number[];
};

async function openService(form: Form): Promise<Service> {
  const post = async (): Promise<void> => {};
  const waiting = createFakeWaiting();
  if (form === "omsif") {
    const { url, controls, close } = await createSandboxOmsif({ revision: 2, script: script("OMSIF"), post });
    const wire = createScribeSend({ SCRIBE_URL: url });
    onTestFinished(async () => void (await Promise.all([close(), wire.close()])));
    const { toWav } = converter;
    const scribe = createOmsif({ url, apiKey: "sk_test_sandbox", send: wire.send, waiting, toWav });
    return { ...controls, scribe, breaker: wire.breaker, stored: () => controls.jobs().map((job) => job.files.length) };
  }
  const { url, controls, close, tokenUrl } = await createSandboxMsa({ form, script: script(form), post });
  const wire = createScribeSend({ SCRIBE_URL: url });
  onTestFinished(async () => void (await Promise.all([close(), wire.close()])));
  const oidc = { tokenUrl, clientId: "chartside", clientSecret: "sandbox-client-secret" };
  const key = form === "C" ? { oidc, url: `${url}/voice/v1` } : { apiKey: "sk_test_sandbox", url };
  const scribe = createMedScribeAlliance({ ...key, send: wire.send, waiting });
  const stored = (): number[] =>
    controls.sessions().flatMap(({ status, stores }) => (status === "completed" ? [stores] : []));
  return { ...controls, scribe, breaker: wire.breaker, stored };
}

async function openWorld(forms: [Form, Form], beside: Beside = {}) {
  const first = await openService(forms[0]);
  const second = await openService(forms[1]);
  const others = [{ name: "Second", scribe: second.scribe, breaker: second.breaker }];
  const clinic = await createTestClinic(first.scribe, undefined, { ...beside, others, breaker: first.breaker });
  onTestFinished(() => clinic.close());
  return { clinic, first, second };
}

/** As the outbox does, for at most `rounds`: what is not listed is sent in order, then the end is declared. True when it took. */
async function browse(clinic: TestClinic<Scribe>, visitId: VisitId, rounds = 5): Promise<boolean> {
  for (let round = 0; round < rounds; round += 1) {
    const listed = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/chunks` });
    const held = new Set(listed.json().receipts.map(({ sequence }: { sequence: number }) => sequence));
    let isSent = true;
    for (const chunk of chunks.filter(({ sequence }) => !held.has(sequence))) {
      isSent &&= (await putChunk(clinic, visitId, chunk)).statusCode === 200;
    }
    if (isSent && (await finish(clinic, visitId, chunks)).statusCode === 200) return true;
  }
  return false;
}

const sendTo = (clinic: Pick<TestClinic<Scribe>, "request">, visitId: VisitId, service: string) =>
  clinic.request("clinician", { method: "POST", url: `/api/visits/${visitId}/service`, payload: { service } });

test("a chunk that is on its way to the first service when the visit leaves it goes to the other one", async () => {
  const first = createFakeScribe();
  const second = await openService("B");
  const others = [{ name: "Second", scribe: second.scribe, breaker: second.breaker }];
  const clinic = await createTestClinic<Scribe>(first, undefined, { others });
  onTestFinished(() => clinic.close());
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunks[0]!);
  first.beforeStoring = async () => void (await sendTo(clinic, visitId, "Second"));
  expect((await putChunk(clinic, visitId, chunks[1]!)).json().problem.code).toBe("scribe_session_expired");
  expect(await browse(clinic, visitId)).toBe(true);
  expect((await draftOf(clinic, visitId)).note.subjective).toContain("written by B");
  expect(second.stored()).toEqual([3]);
});

async function draftOf(clinic: TestClinic<Scribe>, visitId: VisitId): Promise<NoteView> {
  await clinic.jobs.settled();
  await clinic.poll();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 1 }]);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM revisions")).toEqual([{ n: 1 }]);
  const answer = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` });
  return NoteView.parse(answer.json());
}

test.each([
  ["B", "omsif"],
  ["C", "omsif"],
  ["omsif", "A"],
] as const)("%s goes down for good after chunk k, and %s writes the note", async (...forms) => {
  for (const at of [0, 1]) {
    const { clinic, first, second } = await openWorld(forms);
    const visitId = await startVisit(clinic);
    for (const chunk of chunks.slice(0, at + 1)) expect((await putChunk(clinic, visitId, chunk)).statusCode).toBe(200);
    first.goDown();
    expect(await browse(clinic, visitId, 2)).toBe(false);
    expect((await sendTo(clinic, visitId, "Second")).json()).toMatchObject({
      service: "Second",
      received: { chunks: 0 },
      problem: null,
    });
    expect(await browse(clinic, visitId)).toBe(true);
    const { draft, note } = await draftOf(clinic, visitId);
    expect(draft.provenance.service).toContain(forms[1] === "omsif" ? "OMSIF rev 2" : `form ${forms[1]}`);
    expect(note.subjective).toContain(`written by ${forms[1] === "omsif" ? "OMSIF" : forms[1]}`);
    expect(second.stored()).toEqual([chunks.length]);
    expect(first.stored()).toEqual([]);
  }
});

test("down for good while it works: the other service writes the note, and a late result of the first is not heard", async () => {
  const { clinic, first, second } = await openWorld(["B", "omsif"]);
  first.hold();
  const visitId = await startVisit(clinic);
  expect(await browse(clinic, visitId)).toBe(true);
  await clinic.jobs.settled();
  first.goDown();
  await clinic.poll();
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "processing", problem: { code: "scribe_down" } });
  expect((await sendTo(clinic, visitId, "Second")).json()).toMatchObject({
    state: "waiting_for_network",
    service: "Second",
  });
  expect(await browse(clinic, visitId)).toBe(true);
  const { draft } = await draftOf(clinic, visitId);
  expect(draft.provenance.service).toContain("OMSIF");
  expect(second.stored()).toEqual([chunks.length]);
  first.release();
  clinic.jobs.watch(visitId);
  await clinic.jobs.settled();
  expect((await draftOf(clinic, visitId)).draft).toEqual(draft);
});

test("a result that comes while the visit is being sent elsewhere is one draft or none, never two", async () => {
  const { clinic, first } = await openWorld(["B", "omsif"]);
  const visitId = await startVisit(clinic);
  first.hold();
  await browse(clinic, visitId);
  await clinic.jobs.settled();
  first.release();
  const read = first.scribe.read;
  const [reading, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  first.scribe.read = async (job) => {
    const status = await read(job);
    reading.resolve();
    await go.promise;
    return status;
  };
  clinic.jobs.watch(visitId);
  await reading.promise;
  await sendTo(clinic, visitId, "Second");
  go.resolve();
  await clinic.jobs.settled();
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "waiting_for_network", service: "Second" });
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 0 }]);
  expect(await browse(clinic, visitId)).toBe(true);
  expect((await draftOf(clinic, visitId)).draft.provenance.service).toContain("OMSIF");
});

test("where the clinic wants it, a visit leaves a dead service by itself: while it is recorded and while it waits", async () => {
  const failoverAfterMs = 120_000;
  for (const isRecorded of [false, true]) {
    const { clinic, first, second } = await openWorld(["B", "omsif"], { failoverAfterMs });
    first.hold();
    const visitId = await startVisit(clinic);
    if (isRecorded) await browse(clinic, visitId);
    else await putChunk(clinic, visitId, chunks[0]!);
    await clinic.jobs.settled();
    first.goDown();
    const knock = () => (isRecorded ? clinic.poll() : putChunk(clinic, visitId, chunks[1]!));
    for (let time = 0; time < 3; time += 1) await knock();
    expect((await viewOf(clinic, visitId)).service).toBe(firstService);
    expect(first.breaker()).toBe("open");
    clinic.clock.advance(failoverAfterMs);
    await knock();
    expect(await viewOf(clinic, visitId)).toMatchObject({ service: "Second", received: { chunks: 0 } });
    expect(await browse(clinic, visitId)).toBe(true);
    await draftOf(clinic, visitId);
    expect(second.stored()).toEqual([chunks.length]);
    expect(await clinic.rows("SELECT actor FROM audit WHERE object LIKE 'visit:%/service'")).toEqual([
      { actor: "user-clinician" },
    ]);
    // A new visit begins where somebody answers.
    const next = await startVisit(clinic);
    await putChunk(clinic, next, chunks[0]!);
    expect((await viewOf(clinic, next)).service).toBe("Second");
  }
});

test("only to a service of the clinic, only by the visit's clinician, and not once there is a whole draft", async () => {
  const { clinic } = await openWorld(["B", "omsif"]);
  const visitId = await startVisit(clinic);
  expect((await sendTo(clinic, visitId, "Third")).json().problem).toMatchObject({ code: "invalid_request" });
  const stranger = { request: (_: string, asked: InjectOptions) => clinic.request("stranger", asked) };
  expect((await sendTo(stranger, visitId, "Second")).statusCode).toBe(403);
  await browse(clinic, visitId);
  await draftOf(clinic, visitId);
  expect((await sendTo(clinic, visitId, "Second")).json().problem).toMatchObject({ code: "conflict" });
  expect((await sendTo(clinic, visitId, firstService)).statusCode).toBe(200);
});
