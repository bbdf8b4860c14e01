import { expect, onTestFinished, test } from "vitest";
import { problem } from "#model/problem.ts";
import type { Scribe, ScribeJob, ScribeStatus } from "#scribe/scribe.ts";
import { NoteView } from "#protocol/bff.ts";
import { createFakeScribe, fakeNote, fakeResult } from "./fake-scribe.ts";
import { pollDelayMs } from "./jobs.ts";
import type { TestClinic } from "./test-clinic.ts";
import { chunkOf, createTestClinic, finish, putChunk, startVisit, viewOf } from "./test-clinic.ts";

const chunks = [0, 1].map((sequence) => chunkOf(sequence));

/** Closed at the end, also when it was restarted in between. */
async function openClinic() {
  const open = { clinic: await createTestClinic() };
  onTestFinished(() => open.clinic.close());
  return open;
}

async function finishedVisit(clinic: TestClinic) {
  const visitId = await startVisit(clinic);
  for (const chunk of chunks) await putChunk(clinic, visitId, chunk);
  const answer = await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  return { visitId, answer };
}

const retry = (clinic: TestClinic, visitId: string) =>
  clinic.request("clinician", { method: "POST", url: `/api/visits/${visitId}/retry` });

test("finish tells the scribe the count, and each step of its work shows", async () => {
  const { clinic } = await openClinic();
  const { visitId, answer } = await finishedVisit(clinic);
  expect([answer.statusCode, answer.json().state]).toEqual([200, "processing"]);
  expect(clinic.scribe.jobs[0]?.isEnded).toBe(true);
  expect(await viewOf(clinic, visitId)).toMatchObject({
    step: "transcribing",
    declared: { chunks: 2, durationMs: 8000 },
  });
  clinic.scribe.answer = { state: "processing", step: "writing", transcript: null };
  await clinic.poll();
  expect((await viewOf(clinic, visitId)).step).toBe("writing");
  clinic.scribe.answer = { state: "done", result: fakeResult };
  await clinic.poll();
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "draft_ready", step: "done", problem: null });
  expect(clinic.schedule.delays()).toEqual([]);
});

test("the draft, its evidence and its follow-ups are kept together, with an audit row", async () => {
  const { clinic } = await openClinic();
  clinic.scribe.answer = { state: "done", result: fakeResult };
  const { visitId } = await finishedVisit(clinic);
  const [draft] = await clinic.rows("SELECT * FROM drafts");
  expect(JSON.parse(String(draft?.["evidence_json"])).sentences).toHaveLength(5);
  expect(JSON.parse(String(draft?.["follow_ups_json"]))).toEqual([
    {
      sentence: "Follow up in two weeks for a blood pressure check.",
      interval: { count: 2, unit: "week" },
      reason: "Blood pressure check",
    },
  ]);
  expect(await clinic.rows("SELECT revision, note_json FROM revisions")).toEqual([
    { revision: 0, note_json: JSON.stringify(fakeNote) },
  ]);
  expect(await clinic.rows(`SELECT action, patient FROM audit WHERE object = 'draft:${visitId}'`)).toEqual([
    { action: "C", patient: "patient-ada" },
  ]);
});

async function partlyReady() {
  const { clinic } = await openClinic();
  clinic.scribe.answer = { state: "partial", result: fakeResult, missing: ["medications"] };
  const { visitId } = await finishedVisit(clinic);
  const note = async () =>
    NoteView.parse((await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` })).json());
  const sendAgain = async () => {
    for (const chunk of chunks) await putChunk(clinic, visitId, chunk);
    await finish(clinic, visitId, chunks);
    await clinic.jobs.settled();
  };
  return { clinic, visitId, note, sendAgain };
}

test("a partial answer is partly ready and says what is missing; asked again, the whole note takes its place", async () => {
  const { clinic, visitId, note, sendAgain } = await partlyReady();
  expect((await viewOf(clinic, visitId)).state).toBe("partly_ready");
  expect((await note()).draft.missing).toEqual(["medications"]);
  expect((await retry(clinic, visitId)).json()).toMatchObject({
    state: "waiting_for_network",
    received: { chunks: 0 },
  });
  clinic.scribe.answer = { state: "done", result: fakeResult };
  await sendAgain();
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "draft_ready", problem: null });
  expect((await note()).draft.missing).toBeUndefined();
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 1 }]);
  expect(await clinic.rows("SELECT revision FROM revisions")).toEqual([{ revision: 0 }]);
  expect(clinic.scribe.jobs.map(({ stores }) => stores)).toEqual([2, 2]);
});

/** `asked` counts how often the service was asked for what is missing alone. */
async function partlyReadyAlone(parts: 1 | 2, askForRest?: Scribe["askForRest"]) {
  const asked: string[] = [];
  const takesIt = async (job: ScribeJob) => {
    asked.push(job.id);
    return { ...job, restAskedAt: 1 };
  };
  const clinic = await createTestClinic(Object.assign(createFakeScribe(), { askForRest: askForRest ?? takesIt }));
  onTestFinished(() => clinic.close());
  if (parts === 2) clinic.scribe.maxSessionMs = 5_000;
  const partial: ScribeStatus = { state: "partial", result: fakeResult, missing: ["medications"], restAlone: true };
  clinic.scribe.answers = parts === 2 ? [{ state: "done", result: fakeResult }, partial] : [partial];
  const { visitId } = await finishedVisit(clinic);
  return { clinic, visitId, asked };
}

test.each([1, 2] as const)(
  "a service that can is asked for the rest alone, of the part that lacks it; no audio is wanted (%i part)",
  async (parts) => {
    const { clinic, visitId, asked } = await partlyReadyAlone(parts);
    expect((await viewOf(clinic, visitId)).state).toBe("partly_ready");
    expect(clinic.scribe.jobs).toHaveLength(parts);
    clinic.scribe.answers = [];
    expect((await retry(clinic, visitId)).json()).toMatchObject({ state: "processing", received: { chunks: 2 } });
    await clinic.jobs.settled();
    expect((await retry(clinic, visitId)).statusCode).toBe(200);
    expect(asked).toEqual([`ses_${parts}`]);
    expect(await clinic.rows(`SELECT COUNT(*) AS n FROM drafts`)).toEqual([{ n: 1 }]);
    clinic.scribe.answer = { state: "done", result: fakeResult };
    await clinic.poll();
    expect(await viewOf(clinic, visitId)).toMatchObject({ state: "draft_ready", problem: null });
    expect(await clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 1 }]);
    expect(clinic.scribe.jobs).toHaveLength(parts);
  },
);

test("a service that lost the session meanwhile, or refuses, gets the whole visit again", async () => {
  for (const refuse of [() => Promise.reject(problem("scribe_session_expired")), async () => null]) {
    const { clinic, visitId } = await partlyReadyAlone(1, refuse);
    expect((await retry(clinic, visitId)).json()).toMatchObject({
      state: "waiting_for_network",
      received: { chunks: 0 },
    });
  }
});

test("a service that is away when asked for the rest leaves the draft as it is", async () => {
  const { clinic, visitId } = await partlyReadyAlone(1, () => Promise.reject(problem("scribe_down")));
  expect((await retry(clinic, visitId)).json().problem.code).toBe("scribe_down");
  expect((await viewOf(clinic, visitId)).state).toBe("partly_ready");
});

test("a partial draft is kept when asking again fails", async () => {
  const { clinic, visitId, note, sendAgain } = await partlyReady();
  await retry(clinic, visitId);
  clinic.scribe.answer = { state: "failed", problem: problem("processing_failed").problem };
  await sendAgain();
  expect(await viewOf(clinic, visitId)).toMatchObject({
    state: "partly_ready",
    problem: { code: "processing_failed" },
  });
  expect((await note()).note).toEqual(fakeNote);
});

test("an edited partial draft is not asked for again", async () => {
  const { clinic, visitId } = await partlyReady();
  const payload = { baseRevision: 0, note: { ...fakeNote, plan: "Edited." } };
  await clinic.request("clinician", { method: "PUT", url: `/api/visits/${visitId}/note`, payload });
  expect((await retry(clinic, visitId)).json().problem.code).toBe("conflict");
});

test("finish is refused while a chunk is missing, has another hash, or was never declared", async () => {
  const { clinic } = await openClinic();
  const visitId = await startVisit(clinic);
  for (const chunk of chunks) await putChunk(clinic, visitId, chunk);
  const codes = [];
  for (const declared of [[...chunks, chunkOf(2)], [chunks[0]!, chunkOf(1, "other")], [chunks[0]!], [chunks[1]!]]) {
    codes.push((await finish(clinic, visitId, declared)).json().problem.code);
  }
  expect(codes).toEqual(["chunks_missing", "chunks_missing", "chunks_missing", "invalid_request"]);
  expect(clinic.scribe.jobs[0]?.isEnded).toBe(false);
});

test("a chunk that the scribe turns out not to hold loses its receipt and is asked for again", async () => {
  const { clinic } = await openClinic();
  const visitId = await startVisit(clinic);
  for (const chunk of chunks) await putChunk(clinic, visitId, chunk);
  clinic.scribe.jobs[0]!.stored.delete(1);
  expect((await finish(clinic, visitId, chunks)).json().problem).toMatchObject({
    code: "chunks_missing",
    detail: "1 of 2",
  });
  expect((await viewOf(clinic, visitId)).received.chunks).toBe(1);
  await putChunk(clinic, visitId, chunks[1]!);
  expect((await finish(clinic, visitId, chunks)).statusCode).toBe(200);
});

test("finish again is the same finish; another list is a conflict", async () => {
  const { clinic } = await openClinic();
  const { visitId } = await finishedVisit(clinic);
  expect((await finish(clinic, visitId, chunks)).statusCode).toBe(200);
  expect((await finish(clinic, visitId, [chunks[0]!])).statusCode).toBe(409);
});

test("a scribe that is away at the end: the end is kept, and told when it is back", async () => {
  const { clinic } = await openClinic();
  const visitId = await startVisit(clinic);
  for (const chunk of chunks) await putChunk(clinic, visitId, chunk);
  clinic.scribe.isDown = true;
  expect((await finish(clinic, visitId, chunks)).json().state).toBe("processing");
  await clinic.jobs.settled();
  expect((await viewOf(clinic, visitId)).problem?.code).toBe("scribe_down");
  clinic.scribe.isDown = false;
  await clinic.poll();
  expect(clinic.scribe.jobs[0]?.isEnded).toBe(true);
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "processing", step: "transcribing", problem: null });
});

test("killed before the scribe heard of the end: the next start tells it", async () => {
  const open = await openClinic();
  const visitId = await startVisit(open.clinic);
  for (const chunk of chunks) await putChunk(open.clinic, visitId, chunk);
  open.clinic.scribe.isDown = true;
  await finish(open.clinic, visitId, chunks);
  await open.clinic.jobs.settled();
  open.clinic.scribe.isDown = false;
  open.clinic.scribe.answer = { state: "done", result: fakeResult };
  open.clinic = await open.clinic.restart();
  await open.clinic.jobs.settled();
  expect((await viewOf(open.clinic, visitId)).state).toBe("draft_ready");
});

test("killed after the scribe took the end, before we knew: the end is repeated and does no harm", async () => {
  const open = await openClinic();
  open.clinic.scribe.losesNextAnswer = false;
  const visitId = await startVisit(open.clinic);
  for (const chunk of chunks) await putChunk(open.clinic, visitId, chunk);
  open.clinic.scribe.losesNextAnswer = true;
  await finish(open.clinic, visitId, chunks);
  await open.clinic.jobs.settled();
  expect(await open.clinic.rows("SELECT state FROM scribe_jobs")).toEqual([{ state: "ending" }]);
  open.clinic.scribe.answer = { state: "done", result: fakeResult };
  open.clinic = await open.clinic.restart();
  await open.clinic.jobs.settled();
  expect((await viewOf(open.clinic, visitId)).state).toBe("draft_ready");
  expect(await open.clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 1 }]);
});

test("killed while the scribe works: the next start watches on", async () => {
  const open = await openClinic();
  const { visitId } = await finishedVisit(open.clinic);
  open.clinic.scribe.answer = { state: "done", result: fakeResult };
  open.clinic = await open.clinic.restart();
  await open.clinic.jobs.settled();
  expect((await viewOf(open.clinic, visitId)).state).toBe("draft_ready");
});

test("expired while processing: the audio is asked for again and goes to a new attempt", async () => {
  const { clinic } = await openClinic();
  const { visitId } = await finishedVisit(clinic);
  clinic.scribe.jobs[0]!.isExpired = true;
  await clinic.poll();
  expect(await viewOf(clinic, visitId)).toMatchObject({
    state: "waiting_for_network",
    problem: { code: "scribe_session_expired" },
    received: { chunks: 0 },
    declared: { chunks: 2 },
  });
  for (const chunk of chunks) await putChunk(clinic, visitId, chunk);
  expect((await viewOf(clinic, visitId)).state).toBe("saving");
  clinic.scribe.answer = { state: "done", result: fakeResult };
  await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
  expect(clinic.scribe.jobs.map(({ stores }) => stores)).toEqual([2, 2]);
});

test("a job that may succeed once more: the audio is asked for again by itself, once; then the visit has failed", async () => {
  const { clinic } = await openClinic();
  const { problem: told } = problem("processing_failed");
  clinic.scribe.answer = { state: "failed", problem: told, onceMore: true };
  const { visitId } = await finishedVisit(clinic);
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "waiting_for_network", received: { chunks: 0 } });
  for (const chunk of chunks) await putChunk(clinic, visitId, chunk);
  await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "failed", problem: { code: "processing_failed" } });
  expect(clinic.scribe.jobs.map(({ stores }) => stores)).toEqual([2, 2]);
});

test("a failed job: retry asks for the audio again; too little speech would only fail again", async () => {
  const { clinic } = await openClinic();
  clinic.scribe.answer = { state: "failed", problem: problem("processing_failed").problem };
  const { visitId } = await finishedVisit(clinic);
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "failed", problem: { code: "processing_failed" } });
  expect((await retry(clinic, visitId)).json()).toMatchObject({
    state: "waiting_for_network",
    received: { chunks: 0 },
  });

  clinic.scribe.answer = { state: "failed", problem: problem("audio_too_short").problem };
  const other = await finishedVisit(clinic);
  expect((await viewOf(clinic, other.visitId)).problem?.code).toBe("audio_too_short");
  expect((await retry(clinic, other.visitId)).statusCode).toBe(409);
});

test("a scribe that refuses us fails the visit; retry looks at the same job again", async () => {
  const { clinic } = await openClinic();
  const { visitId } = await finishedVisit(clinic);
  const read = clinic.scribe.read;
  clinic.scribe.read = () => Promise.reject(problem("scribe_refused"));
  await clinic.poll();
  expect((await viewOf(clinic, visitId)).problem?.code).toBe("scribe_refused");
  clinic.scribe.read = read;
  clinic.scribe.answer = { state: "done", result: fakeResult };
  expect((await retry(clinic, visitId)).json().state).toBe("processing");
  await clinic.jobs.settled();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
  expect(clinic.scribe.jobs).toHaveLength(1);
});

test("a job without an end is given up after two hours, and can be asked again", async () => {
  const { clinic } = await openClinic();
  const { visitId } = await finishedVisit(clinic);
  clinic.clock.advance(2 * 3_600_000 + 1);
  await clinic.poll();
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "failed", problem: { code: "timed_out" } });
  expect((await retry(clinic, visitId)).json().state).toBe("processing");
});

test("a visit discarded while the scribe works gets no draft", async () => {
  const { clinic } = await openClinic();
  const { visitId } = await finishedVisit(clinic);
  clinic.scribe.answer = { state: "done", result: fakeResult };
  const url = `/api/visits/${visitId}/discard`;
  await clinic.request("clinician", { method: "POST", url, payload: { reason: "discarded" } });
  await clinic.poll();
  expect((await viewOf(clinic, visitId)).state).toBe("discarded");
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 0 }]);
});

test("polling slows down as the protocol says, and a fault of ours does not end it", async () => {
  expect([0, 29_999, 30_000, 59_999, 60_000].map(pollDelayMs)).toEqual([2000, 2000, 5000, 5000, 10_000]);
  const { clinic } = await openClinic();
  await finishedVisit(clinic);
  expect(clinic.schedule.delays()).toEqual([2000]);
  clinic.scribe.read = () => Promise.reject(new TypeError("a fault"));
  await clinic.poll();
  expect(clinic.schedule.delays()).toEqual([10_000]);
});
