import { expect, onTestFinished, test } from "vitest";
import { problem } from "#model/problem.ts";
import { chunkOf, createTestClinic, finish, putChunk, startVisit, viewOf } from "./test-clinic.ts";

async function openClinic() {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  return clinic;
}

test("a receipt is given only after the scribe has the chunk, and is the same the second time", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  const chunk = chunkOf(0);
  const rows = "SELECT COUNT(*) AS n FROM receipts";
  clinic.scribe.beforeStoring = async () => expect(await clinic.rows(rows)).toEqual([{ n: 0 }]);
  const first = await putChunk(clinic, visitId, chunk);
  clinic.clock.advance(60_000);
  const second = await putChunk(clinic, visitId, chunk);
  expect(first.statusCode).toBe(200);
  expect(second.json()).toEqual(first.json());
  expect(first.json()).toMatchObject({ sequence: 0, sha256: chunk.sha256, durationMs: 4000 });
  expect(clinic.scribe.jobs[0]?.stores).toBe(1);
  expect(await viewOf(clinic, visitId)).toMatchObject({
    state: "recording",
    received: { chunks: 1, durationMs: 4000 },
  });
});

test("another hash under a known sequence is a conflict", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0));
  const other = await putChunk(clinic, visitId, chunkOf(0, "other sound"));
  expect([other.statusCode, other.json().problem.code]).toEqual([409, "chunk_conflict"]);
});

test("a body that is not what its header says is refused before the scribe sees it", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  const wrong = { ...chunkOf(0), sha256: chunkOf(1).sha256 };
  const answer = await putChunk(clinic, visitId, wrong);
  expect([answer.statusCode, answer.json().problem.field]).toEqual([400, "x-chunk-sha256"]);
  expect((await putChunk(clinic, visitId, { ...chunkOf(0), durationMs: 20_001 })).statusCode).toBe(400);
  const large = chunkOf(0, "x".repeat(1_048_577));
  expect([(await putChunk(clinic, visitId, large)).statusCode]).toEqual([413]);
  expect(clinic.scribe.jobs).toHaveLength(0);
});

test("chunks that arrive at once open one job and are sent one after the other", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  let inside = 0;
  clinic.scribe.beforeStoring = async () => {
    inside += 1;
    expect(inside).toBe(1);
    await clinic.rows("SELECT 1");
    inside -= 1;
  };
  const answers = await Promise.all([0, 1, 2, 3].map((sequence) => putChunk(clinic, visitId, chunkOf(sequence))));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
  expect(clinic.scribe.jobs).toHaveLength(1);
});

test("an answer lost after the scribe stored the chunk: sent again, stored once, received once", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  clinic.scribe.losesNextAnswer = true;
  expect((await putChunk(clinic, visitId, chunkOf(0))).statusCode).toBe(504);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM receipts")).toEqual([{ n: 0 }]);
  expect((await putChunk(clinic, visitId, chunkOf(0))).statusCode).toBe(200);
  expect(clinic.scribe.jobs.map(({ stores }) => stores)).toEqual([1]);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM receipts")).toEqual([{ n: 1 }]);
});

test("a scribe that is away is 503 with a time to come back", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  clinic.scribe.isDown = true;
  const answer = await putChunk(clinic, visitId, chunkOf(0));
  expect(answer.statusCode).toBe(503);
  expect(answer.headers["retry-after"]).toBe("5");
  expect(answer.json().problem).toMatchObject({ code: "scribe_down", retryAfterMs: 5000 });
});

test("a server that restarts mid-visit goes on with the same job", async () => {
  let clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0));
  clinic = await clinic.restart();
  await putChunk(clinic, visitId, chunkOf(0));
  await putChunk(clinic, visitId, chunkOf(1));
  expect(clinic.scribe.jobs.map(({ stores }) => stores)).toEqual([2]);
  expect((await viewOf(clinic, visitId)).received).toEqual({ chunks: 2, durationMs: 8000 });
});

test("a session that expires mid-visit: a new attempt, earlier receipts no longer count, finish asks for what is missing", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  const chunks = [0, 1, 2].map((sequence) => chunkOf(sequence));
  await putChunk(clinic, visitId, chunks[0]!);
  await putChunk(clinic, visitId, chunks[1]!);
  clinic.scribe.jobs[0]!.isExpired = true;
  expect((await putChunk(clinic, visitId, chunks[2]!)).statusCode).toBe(200);

  expect(await receiptSequences(clinic, visitId)).toEqual([2]);
  expect((await viewOf(clinic, visitId)).received.chunks).toBe(1);
  const early = await finish(clinic, visitId, chunks);
  expect([early.statusCode, early.json().problem]).toEqual([
    409,
    expect.objectContaining({ code: "chunks_missing", detail: "2 of 3" }),
  ]);

  await putChunk(clinic, visitId, chunks[0]!);
  await putChunk(clinic, visitId, chunks[1]!);
  expect((await finish(clinic, visitId, chunks)).json().state).toBe("processing");
  expect(clinic.scribe.jobs).toHaveLength(2);
  expect([...clinic.scribe.jobs[1]!.stored.keys()]).toEqual([2, 0, 1]);
});

test("a service that counts its chunks begins at the beginning after it lost the session", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0));
  clinic.scribe.jobs[0]!.isExpired = true;
  const open = clinic.scribe.open;
  clinic.scribe.open = async (reference) => ({ ...(await open(reference)), form: "numbered" });
  const answer = await putChunk(clinic, visitId, chunkOf(1));
  expect(answer.json().problem.code).toBe("scribe_session_expired");
  expect(await receiptSequences(clinic, visitId)).toEqual([]);
  expect((await putChunk(clinic, visitId, chunkOf(0))).statusCode).toBe(200);
});

test("receipts of an expired session stop counting even when no new one can be opened", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0));
  clinic.scribe.jobs[0]!.isExpired = true;
  const open = clinic.scribe.open;
  clinic.scribe.open = () => Promise.reject(problem("scribe_down"));
  expect((await putChunk(clinic, visitId, chunkOf(1))).statusCode).toBe(503);
  expect(await receiptSequences(clinic, visitId)).toEqual([]);
  expect((await viewOf(clinic, visitId)).received.chunks).toBe(0);
  clinic.scribe.open = open;
  expect((await putChunk(clinic, visitId, chunkOf(0))).statusCode).toBe(200);
});

test("the server keeps no audio", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0, "canary sound of Ada"));
  const tables = await clinic.rows("SELECT name FROM sqlite_master WHERE type = 'table'");
  for (const { name } of tables) {
    expect(JSON.stringify(await clinic.rows(`SELECT * FROM ${String(name)}`))).not.toContain("canary sound");
  }
});

async function receiptSequences(clinic: Awaited<ReturnType<typeof openClinic>>, visitId: string): Promise<number[]> {
  const answer = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/chunks` });
  return answer.json<{ receipts: { sequence: number }[] }>().receipts.map(({ sequence }) => sequence);
}
