/** Visits longer than a session of the service, with a scribe in memory: where parts begin, what a lost part costs, one draft. */
import { expect, onTestFinished, test } from "vitest";
import { problem } from "#model/problem.ts";
import type { ScribeResult, ScribeStatus } from "#scribe/scribe.ts";
import { fakeResult } from "./fake-scribe.ts";
import { NoteView } from "#protocol/bff.ts";
import type { TestClinic } from "./test-clinic.ts";
import { chunkOf, createTestClinic, finish, putChunk, startVisit, viewOf } from "./test-clinic.ts";

/** Four seconds each; at 80 % of ten seconds a part has two of them. */
const chunks = [0, 1, 2, 3, 4].map((sequence) => chunkOf(sequence));

async function openClinic() {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  clinic.scribe.maxSessionMs = 10_000;
  return clinic;
}

const aspirin = { name: "Aspirin", frequency: null, route: null, instructions: null, action: null };

function resultOf(part: number, more: Partial<ScribeResult> = {}): ScribeResult {
  const word = { text: `part${part}`, startMs: 100, endMs: 900, confidence: 1, unclear: false };
  const turn = { id: "t0", speaker: "unknown", startMs: 100, endMs: 900, words: [word] } as const;
  return {
    ...fakeResult,
    note: { subjective: `Said in part ${part}.`, objective: "", assessment: "", plan: part === 3 ? "Rest." : "" },
    medications: [{ ...aspirin, dosage: part === 1 ? null : "81 mg" }],
    transcript: { language: "en", turns: [{ ...turn, words: [word] }] },
    ...more,
  };
}

const done = (part: number): ScribeStatus => ({ state: "done", result: resultOf(part) });

async function record(clinic: TestClinic, sent = chunks) {
  const visitId = await startVisit(clinic);
  for (const chunk of sent) expect((await putChunk(clinic, visitId, chunk)).statusCode).toBe(200);
  await clinic.jobs.settled();
  return visitId;
}

async function noteOf(clinic: TestClinic, visitId: string) {
  const answer = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` });
  return NoteView.parse(answer.json());
}

const storedIn = (clinic: TestClinic) => clinic.scribe.jobs.map(({ stored }) => [...stored.keys()]);
const retry = (clinic: TestClinic, visitId: string) =>
  clinic.request("clinician", { method: "POST", url: `/api/visits/${visitId}/retry` });

test("at 80 % of the limit the session is ended and the next chunk begins the next one, at its index 0", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunks[0]!);
  await putChunk(clinic, visitId, chunks[1]!);
  expect((await viewOf(clinic, visitId)).part).toBe(1);
  for (const chunk of chunks.slice(2)) await putChunk(clinic, visitId, chunk);
  await clinic.jobs.settled();
  expect(storedIn(clinic)).toEqual([[0, 1], [0, 1], [0]]);
  expect(clinic.scribe.jobs.map(({ isEnded }) => isEnded)).toEqual([true, true, false]);
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "recording", part: 3, received: { chunks: 5 } });
});

test("all parts become one draft: sections in order, medicines once, one time line, and where each part lies", async () => {
  const clinic = await openClinic();
  clinic.scribe.answers = [done(1), done(2), done(3)];
  const visitId = await record(clinic);
  expect((await viewOf(clinic, visitId)).state).toBe("recording");
  await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
  const { note, draft, transcript } = await noteOf(clinic, visitId);
  expect(note.subjective).toBe("Said in part 1.\nSaid in part 2.\nSaid in part 3.");
  expect(note.plan).toBe("Rest.");
  expect(draft.medications).toEqual([{ ...aspirin, dosage: "81 mg" }]);
  expect(transcript.turns.map(({ id, startMs, words }) => [id, startMs, words[0]?.endMs])).toEqual([
    ["t0", 100, 900],
    ["part2.t0", 8100, 8900],
    ["part3.t0", 16_100, 16_900],
  ]);
  expect(draft.provenance.parts).toEqual([
    { number: 1, startMs: 0, durationMs: 8000, outcome: "whole" },
    { number: 2, startMs: 8000, durationMs: 8000, outcome: "whole" },
    { number: 3, startMs: 16_000, durationMs: 4000, outcome: "whole" },
  ]);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM scribe_jobs WHERE result_json IS NOT NULL")).toEqual([{ n: 0 }]);
});

test("a long pause ends a part by the clock", async () => {
  const clinic = await openClinic();
  clinic.scribe.maxSessionMs = 3_600_000;
  const visitId = await record(clinic, chunks.slice(0, 2));
  clinic.clock.advance(0.8 * 3_600_000 + 1);
  await putChunk(clinic, visitId, chunks[2]!);
  await clinic.jobs.settled();
  expect(storedIn(clinic)).toEqual([[0, 1], [0]]);
  expect(clinic.scribe.jobs[0]?.isEnded).toBe(true);
});

test("a part that expires after its end is sent again alone; the others keep what they have", async () => {
  const clinic = await openClinic();
  const visitId = await record(clinic);
  clinic.scribe.answers = [{ state: "expired" }, done(2), done(3)];
  await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  expect(await viewOf(clinic, visitId)).toMatchObject({
    state: "waiting_for_network",
    problem: { code: "scribe_session_expired" },
    received: { chunks: 3 },
  });
  clinic.scribe.answers[3] = done(1);
  for (const chunk of chunks.slice(0, 2)) await putChunk(clinic, visitId, chunk);
  await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
  expect(storedIn(clinic)).toEqual([[0, 1], [0, 1], [0], [0, 1]]);
  expect(clinic.scribe.jobs.map(({ stores }) => stores)).toEqual([2, 2, 1, 2]);
  expect((await noteOf(clinic, visitId)).note.subjective).toBe("Said in part 1.\nSaid in part 2.\nSaid in part 3.");
});

test("a part lost while the visit is recorded: its receipts are gone from the list, and finish asks for them", async () => {
  const clinic = await openClinic();
  clinic.scribe.answers = [{ state: "expired" }];
  const visitId = await record(clinic);
  await clinic.poll();
  expect((await viewOf(clinic, visitId)).received.chunks).toBe(3);
  expect((await finish(clinic, visitId, chunks)).json().problem).toMatchObject({
    code: "chunks_missing",
    detail: "2 of 5",
  });
  clinic.scribe.answers = [{ state: "expired" }, done(2), done(3), done(1)];
  for (const chunk of chunks.slice(0, 2)) await putChunk(clinic, visitId, chunk);
  await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
});

test("a part that failed: retry asks for its audio and no other", async () => {
  const clinic = await openClinic();
  clinic.scribe.answers = [done(1), { state: "failed", problem: problem("processing_failed").problem }, done(3)];
  const visitId = await record(clinic);
  await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  expect(await viewOf(clinic, visitId)).toMatchObject({ state: "failed", problem: { code: "processing_failed" } });
  expect((await retry(clinic, visitId)).json()).toMatchObject({
    state: "waiting_for_network",
    received: { chunks: 3 },
  });
  clinic.scribe.answers[3] = done(2);
  for (const chunk of chunks.slice(2, 4)) await putChunk(clinic, visitId, chunk);
  await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
  expect(storedIn(clinic).at(-1)).toEqual([0, 1]);
});

test("a last part with too little speech does not cost the note: partly ready, and the part is named", async () => {
  const clinic = await openClinic();
  clinic.scribe.answers = [done(1), done(2), { state: "failed", problem: problem("audio_too_short").problem }];
  const visitId = await record(clinic);
  await finish(clinic, visitId, chunks);
  await clinic.jobs.settled();
  expect((await viewOf(clinic, visitId)).state).toBe("partly_ready");
  const { draft } = await noteOf(clinic, visitId);
  expect(draft.provenance.parts?.map(({ outcome }) => outcome)).toEqual(["whole", "whole", "no_note"]);
});

test("a service that counts its chunks counts each part from 0, also when the first is sent again", async () => {
  const clinic = await openClinic();
  const { open, send } = clinic.scribe;
  clinic.scribe.open = async (reference) => ({ ...(await open(reference)), form: "numbered" });
  clinic.scribe.send = async (job, chunk) => {
    const expected = clinic.scribe.jobs.find((one) => one.job.id === job.id)?.stored.size;
    if (chunk.sequence !== expected) throw problem("invalid_request", { field: "x-chunk-index" });
    return send(job, chunk);
  };
  const visitId = await record(clinic, chunks.slice(0, 3));
  clinic.scribe.jobs[1]!.isExpired = true;
  expect((await putChunk(clinic, visitId, chunks[3]!)).json().problem.code).toBe("scribe_session_expired");
  expect((await viewOf(clinic, visitId)).received.chunks).toBe(2);
  for (const chunk of chunks.slice(2)) expect((await putChunk(clinic, visitId, chunk)).statusCode).toBe(200);
  expect(storedIn(clinic)).toEqual([[0, 1], [0], [0, 1], [0]]);
});

test("killed with the next part just opened: the earlier one is ended all the same", async () => {
  const first = await createTestClinic();
  const { scribe } = first;
  scribe.maxSessionMs = 10_000;
  const visitId = await record(first, chunks.slice(0, 2));
  scribe.losesNextAnswer = true;
  expect((await putChunk(first, visitId, chunks[2]!)).statusCode).toBe(504);
  const clinic = await first.restart();
  onTestFinished(() => clinic.close());
  await putChunk(clinic, visitId, chunks[2]!);
  await clinic.jobs.settled();
  expect(storedIn(clinic)).toEqual([[0, 1], [0]]);
  expect(scribe.jobs.map(({ isEnded, stores }) => [isEnded, stores])).toEqual([
    [true, 2],
    [false, 1],
  ]);
});

test("a discarded long visit leaves every session and keeps no result", async () => {
  const clinic = await openClinic();
  clinic.scribe.answers = [done(1)];
  const visitId = await record(clinic);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM scribe_jobs WHERE result_json IS NOT NULL")).toEqual([{ n: 1 }]);
  await clinic.request("clinician", {
    method: "POST",
    url: `/api/visits/${visitId}/discard`,
    payload: { reason: "withdrawn" },
  });
  expect(await clinic.rows("SELECT DISTINCT state, result_json FROM scribe_jobs")).toEqual([
    { state: "left", result_json: null },
  ]);
});
