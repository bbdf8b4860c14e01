/** Codes for a note, with the real adapter over real connections to the sandbox service. */
import { createHash } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { verifyAudit } from "#bff/audit.ts";
import { readConfig } from "#bff/config.ts";
import { createCodingService } from "#bff/upstream/coding-service.ts";
import { createFakeScribe, fakeNote, fakeResult } from "#bff/visits/fake-scribe.ts";
import type { Outside, TestClinic } from "#bff/visits/test-clinic.ts";
import { chunkOf, createTestClinic, finish, putChunk, startVisit } from "#bff/visits/test-clinic.ts";
import { codableText } from "#model/code-suggestion.ts";
import type { VisitId } from "#model/id.ts";
import { canonicalNote } from "#model/note.ts";
import { CodesView } from "#protocol/bff-codes.ts";
import { createSandboxCodify } from "#sandbox/codify/sandbox.ts";

const token = "codify-token-that-must-stay";

async function openClinic(outside?: Outside) {
  const sandbox = await createSandboxCodify({ token });
  const clock = { now: () => Date.now() };
  const service = createCodingService(readConfig({ CODIFY_URL: sandbox.url, CODIFY_TOKEN: token }), clock);
  const scribe = createFakeScribe();
  scribe.answer = { state: "done", result: fakeResult };
  const clinic = await createTestClinic(scribe, outside, service);
  /** Replaced by a test that restarts it. */
  const open = { clinic };
  onTestFinished(async () => {
    await sandbox.close();
    await open.clinic.codes.settled();
    await open.clinic.close();
    await service.close();
  });
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0));
  return { clinic, visitId, controls: sandbox.controls, open };
}

async function drafted(outside?: Outside) {
  const opened = await openClinic(outside);
  await finish(opened.clinic, opened.visitId, [chunkOf(0)]);
  await opened.clinic.jobs.settled();
  return opened;
}

/** Whatever is answered is searched for the token. */
async function request(clinic: TestClinic, visitId: VisitId, asked: { as?: string; payload?: object; what?: string }) {
  const { as = "clinician", payload, what = "codes" } = asked;
  const method = payload === undefined ? "GET" : what === "note" ? "PUT" : "POST";
  const url = `/api/visits/${visitId}/${what}`;
  const answer = await clinic.request(as, { method, url, ...(payload === undefined ? {} : { payload }) });
  expect(answer.body + JSON.stringify(answer.headers)).not.toContain(token);
  return answer;
}

const ask = (clinic: TestClinic, visitId: VisitId, revision = 0) => request(clinic, visitId, { payload: { revision } });

async function jobOf(clinic: TestClinic, visitId: VisitId) {
  return CodesView.parse((await request(clinic, visitId, {})).json()).job;
}

test("the request is answered at once; the codes come later, with an event, and without a name having left", async () => {
  const { clinic, visitId, controls } = await drafted();
  controls.hold();
  const begun = CodesView.parse((await ask(clinic, visitId)).json());
  expect(begun).toMatchObject({ isOffered: true, job: { state: "running", asks: 1, result: null } });
  await expect.poll(() => controls.runs().length).toBe(1);
  const before = clinic.changed.length;
  controls.release();
  await clinic.codes.settled();
  expect(clinic.changed.slice(before)).toEqual([visitId]);
  expect(await jobOf(clinic, visitId)).toMatchObject({
    state: "done",
    isCurrent: true,
    problem: null,
    result: {
      runId: controls.runs()[0]?.id,
      suggested: expect.arrayContaining([expect.objectContaining({ code: "I10" })]),
    },
  });
  const [run] = controls.runs();
  expect(run).toMatchObject({
    note: codableText(fakeNote),
    model: "balanced",
    doctor: "user-clinician",
    patient: "patient-ada",
  });
  expect(JSON.stringify(run)).not.toMatch(/Quill|Hale|1950|1007/u);
});

test("the same text is the same job, an edit is another, and an accepted code is no edit", async () => {
  const { clinic, visitId, controls } = await drafted();
  await Promise.all([ask(clinic, visitId), ask(clinic, visitId)]);
  await clinic.codes.settled();
  await ask(clinic, visitId);
  await clinic.codes.settled();
  expect(controls.runs()).toHaveLength(1);
  const coded = { ...fakeNote, assessment: `${fakeNote.assessment}\nICD-10 I10: Essential (primary) hypertension` };
  await request(clinic, visitId, { what: "note", payload: { baseRevision: 0, note: coded } });
  expect((await ask(clinic, visitId, 0)).statusCode).toBe(409);
  expect(CodesView.parse((await ask(clinic, visitId, 1)).json()).job).toMatchObject({ state: "done", isCurrent: true });
  const edited = { ...coded, plan: "Rest." };
  await request(clinic, visitId, { what: "note", payload: { baseRevision: 1, note: edited } });
  expect(await jobOf(clinic, visitId)).toMatchObject({ state: "done", revision: 0, isCurrent: false });
  await ask(clinic, visitId, 2);
  await clinic.codes.settled();
  expect(controls.runs()).toHaveLength(2);
  expect(await jobOf(clinic, visitId)).toMatchObject({ state: "done", revision: 2, isCurrent: true });
});

test("a refusal is a failed job in words of ours, and asking again begins it anew", async () => {
  const { clinic, visitId, controls } = await drafted();
  controls.fault({ kind: "fail", status: 401 });
  await ask(clinic, visitId);
  await clinic.codes.settled();
  expect(await jobOf(clinic, visitId)).toMatchObject({
    state: "failed",
    problem: { code: "coding_refused", detail: "status 401" },
    result: null,
  });
  await ask(clinic, visitId);
  await clinic.codes.settled();
  expect(await jobOf(clinic, visitId)).toMatchObject({ state: "done", asks: 1, problem: null });
});

test("killed while the service works: the next start asks again, says so, and there is one answer", async () => {
  let isDead = false;
  const outside: Outside = (work) => (isDead ? Promise.reject(new Error("killed")) : work());
  const { clinic, visitId, controls, open } = await drafted(outside);
  controls.hold();
  await ask(clinic, visitId);
  await expect.poll(() => controls.runs().length).toBe(1);
  isDead = true;
  const again = await clinic.restart();
  open.clinic = again;
  expect(await jobOf(again, visitId)).toMatchObject({ state: "running", asks: 2 });
  await expect.poll(() => controls.runs().length).toBe(2);
  controls.release();
  await Promise.all([clinic.codes.settled(), again.codes.settled()]);
  expect(await jobOf(again, visitId)).toMatchObject({
    state: "done",
    asks: 2,
    result: { runId: controls.runs()[1]?.id },
  });
  expect(await again.rows("SELECT COUNT(*) AS n FROM code_jobs")).toEqual([{ n: 1 }]);
  expect(await verifyAudit(again.store)).toMatchObject({ intact: true });
});

test("only the visit's clinician, only between draft and signature; every way in is audited", async () => {
  const { clinic, visitId, controls } = await openClinic();
  const early = await ask(clinic, visitId);
  expect([early.statusCode, early.json().problem.code]).toEqual([409, "conflict"]);
  await finish(clinic, visitId, [chunkOf(0)]);
  await clinic.jobs.settled();
  for (const payload of [{ revision: 0 }, undefined]) {
    const refused = await request(clinic, visitId, { as: "stranger", ...(payload && { payload }) });
    expect([refused.statusCode, refused.json().problem.code]).toEqual([403, "not_owner"]);
  }
  await ask(clinic, visitId);
  await clinic.codes.settled();
  const sha256 = createHash("sha256").update(canonicalNote(fakeNote)).digest("hex");
  const sign = { what: "sign", payload: { revision: 0, sha256, followUps: [] } };
  expect((await request(clinic, visitId, sign)).statusCode).toBe(200);
  expect((await ask(clinic, visitId)).statusCode).toBe(409);
  expect(controls.runs()).toHaveLength(1);
  const trail = await clinic.rows("SELECT actor, action, outcome FROM audit WHERE object LIKE 'codes:%' ORDER BY seq");
  expect(trail).toEqual([
    { actor: "user-clinician", action: "E", outcome: "ok" },
    { actor: "user-clinician", action: "C", outcome: "ok" },
  ]);
  const rows = await clinic.rows("SELECT * FROM audit");
  expect(JSON.stringify(rows)).not.toContain(token);
});

test("discarding the visit erases what was suggested", async () => {
  const { clinic, visitId } = await drafted();
  await ask(clinic, visitId);
  await clinic.codes.settled();
  await request(clinic, visitId, { what: "discard", payload: { reason: "discarded" } });
  expect(await clinic.rows("SELECT * FROM code_jobs")).toEqual([]);
});

test("a clinic without a code service offers nothing", async () => {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  const visitId = await startVisit(clinic);
  expect((await request(clinic, visitId, {})).json()).toEqual({ isOffered: false, job: null });
  expect((await ask(clinic, visitId)).statusCode).toBe(404);
});

test.each([
  [{ CODIFY_URL: "https://codify.example.org" }, "CODIFY_TOKEN"],
  [{ CODIFY_TOKEN: token }, "CODIFY_URL"],
  [{ CODIFY_URL: "http://codify.example.org", CODIFY_TOKEN: token }, "CODIFY_URL: must be https"],
  [{ CODIFY_URL: "codify", CODIFY_TOKEN: token }, "CODIFY_URL"],
  [{ CODIFY_URL: "https://codify.example.org", CODIFY_TOKEN: token, CODIFY_MODEL: "best" }, "CODIFY_MODEL"],
])("the setting at fault is named, and never its value: %#", (env, name) => {
  expect(() => readConfig(env)).toThrow(name);
  expect(() => readConfig(env)).not.toThrow(token);
});
