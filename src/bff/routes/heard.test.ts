/** The live transcript: for the visit's clinician alone, kept nowhere, and in the audit. */
import { expect, onTestFinished, test } from "vitest";
import { createFakeScribe, fakeResult } from "#bff/visits/fake-scribe.ts";
import type { TestClinic } from "#bff/visits/test-clinic.ts";
import { chunkOf, createTestClinic, finish, putChunk, startVisit } from "#bff/visits/test-clinic.ts";
import type { VisitId } from "#model/id.ts";
import { HeardView } from "#protocol/bff-heard.ts";
import type { Scribe, ScribeStatus } from "#scribe/scribe.ts";

const heard = fakeResult.transcript;

async function openClinic(status: ScribeStatus) {
  const fake = createFakeScribe();
  const told = { status };
  const scribe: Scribe = { ...fake, read: async () => told.status };
  const clinic = await createTestClinic(scribe);
  onTestFinished(() => clinic.close());
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0));
  return { clinic, visitId, told };
}

const ask = (clinic: TestClinic<Scribe>, visitId: VisitId, as = "clinician") =>
  clinic.request(as, { method: "GET", url: `/api/visits/${visitId}/heard` });

test("the visit's clinician reads the words so far; they are in no table", async () => {
  const { clinic, visitId } = await openClinic({ state: "receiving", held: [0], heard });
  const view = HeardView.parse((await ask(clinic, visitId)).json());
  expect(view.isGiven).toBe(true);
  expect(view.lines.map(({ text }) => text)).toContain("i have had chest pain for two days");
  const tables = await clinic.rows("SELECT name FROM sqlite_master WHERE type = 'table'");
  for (const { name } of tables) {
    expect(JSON.stringify(await clinic.rows(`SELECT * FROM "${String(name)}"`))).not.toContain("chest pain for two");
  }
});

test("nobody else reads them: another clinician, the desk, an administrator", async () => {
  const { clinic, visitId } = await openClinic({ state: "receiving", held: [0], heard });
  for (const [as, status] of [
    ["stranger", 403],
    ["desk", 403],
    ["administrator", 403],
    ["nobody", 401],
  ] as const) {
    const answer = await ask(clinic, visitId, as);
    expect(answer.statusCode).toBe(status);
    expect(answer.body).not.toContain("chest pain");
  }
});

test("one audit row stands for five minutes of one reader", async () => {
  const { clinic, visitId } = await openClinic({ state: "receiving", held: [0], heard });
  const rows = async () =>
    (await clinic.rows("SELECT COUNT(*) AS n FROM audit WHERE object LIKE 'heard:%' AND outcome = 'ok'"))[0]?.["n"];
  for (let time = 0; time < 5; time += 1) await ask(clinic, visitId);
  expect(await rows()).toBe(1);
  clinic.clock.advance(300_000);
  await ask(clinic, visitId);
  expect(await rows()).toBe(2);
});

test("a service that tells nothing before the end is no failure", async () => {
  const { clinic, visitId } = await openClinic({ state: "receiving", held: null });
  expect((await ask(clinic, visitId)).json()).toEqual({ isGiven: false, lines: [] });
});

test("once there is a draft, its transcript is read instead", async () => {
  const { clinic, visitId, told } = await openClinic({ state: "receiving", held: [0], heard });
  told.status = { state: "done", result: fakeResult };
  await finish(clinic, visitId, [chunkOf(0)]);
  await clinic.jobs.settled();
  expect((await ask(clinic, visitId)).statusCode).toBe(409);
});
