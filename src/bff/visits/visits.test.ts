import { expect, onTestFinished, test } from "vitest";
import { VisitView } from "#protocol/bff.ts";
import {
  createTestClinic,
  finish,
  newVisitId,
  putChunk,
  startVisit,
  chunkOf,
  viewOf,
  visitBody,
} from "./test-clinic.ts";

async function openClinic() {
  const clinic = await createTestClinic();
  onTestFinished(() => clinic.close());
  return clinic;
}

test("the same request makes the same visit, with the patient as OpenEMR knows them", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  const again = await clinic.request("clinician", {
    method: "PUT",
    url: `/api/visits/${visitId}`,
    payload: visitBody(),
  });
  expect(again.statusCode).toBe(200);
  expect(VisitView.parse(again.json())).toMatchObject({
    id: visitId,
    state: "ready",
    patient: { name: "Ada Quill", birthDate: "1950-02-01", recordNumber: "1007" },
    received: { chunks: 0, durationMs: 0 },
    declared: null,
  });
  expect(clinic.counts.patientReads).toBe(1);
  expect(await clinic.rows("SELECT patient_pid FROM visits")).toEqual([{ patient_pid: "7" }]);
});

test("another body under the same id is a conflict, and another clinician is refused", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  const url = `/api/visits/${visitId}`;
  const other = await clinic.request("clinician", { method: "PUT", url, payload: { ...visitBody(), reason: "Knee" } });
  expect([other.statusCode, other.json().problem.code]).toEqual([409, "conflict"]);
  const stranger = await clinic.request("stranger", { method: "PUT", url, payload: visitBody() });
  expect([stranger.statusCode, stranger.json().problem.code]).toEqual([403, "not_owner"]);
});

test("the encounter that was open in OpenEMR is part of the visit", async () => {
  const clinic = await openClinic();
  const url = `/api/visits/${newVisitId()}`;
  const opened = { ...visitBody(), encounterId: "0d9c1c3e-5f8e-4b1a-9f57-3f6f0a4f1d11" };
  const put = (payload: object) => clinic.request("clinician", { method: "PUT", url, payload });
  expect([await put(opened), await put(opened)].map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect(await clinic.rows("SELECT launched_encounter FROM visits")).toEqual([
    { launched_encounter: opened.encounterId },
  ]);
  expect((await put(visitBody())).statusCode).toBe(409);
});

test("two requests at once make one visit", async () => {
  const clinic = await openClinic();
  const put = { method: "PUT", url: `/api/visits/${newVisitId()}`, payload: visitBody() } as const;
  const answers = await Promise.all([clinic.request("clinician", put), clinic.request("clinician", put)]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM visits")).toEqual([{ n: 1 }]);
});

test("without everybody's yes the visit is declined and takes no audio", async () => {
  const clinic = await openClinic();
  const visitId = newVisitId();
  const body = visitBody();
  const consent = { ...(body["consent"] as object), others: ["yes", "no"] };
  const url = `/api/visits/${visitId}`;
  const answer = await clinic.request("clinician", { method: "PUT", url, payload: { ...body, consent } });
  expect(answer.json().state).toBe("declined");
  expect((await putChunk(clinic, visitId, chunkOf(0))).statusCode).toBe(409);
  expect(clinic.scribe.jobs).toHaveLength(0);
});

test("only its clinician and administrators read a visit; every reading and refusal is in the audit", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  const read = (as: string) => clinic.request(as, { method: "GET", url: `/api/visits/${visitId}` });
  const statuses = [];
  for (const as of ["clinician", "administrator", "stranger", "desk", "nobody"])
    statuses.push((await read(as)).statusCode);
  expect(statuses).toEqual([200, 200, 403, 403, 401]);
  const trail = await clinic.rows(
    `SELECT actor, action, outcome FROM audit WHERE object = 'visit:${visitId}' ORDER BY seq`,
  );
  expect(trail).toEqual([
    { actor: "user-clinician", action: "C", outcome: "ok" },
    { actor: "user-clinician", action: "R", outcome: "ok" },
    { actor: "user-admin", action: "R", outcome: "ok" },
    { actor: "user-stranger", action: "R", outcome: "refused" },
  ]);
});

test("the list holds only one's own visits, newest first", async () => {
  const clinic = await openClinic();
  const first = await startVisit(clinic);
  const second = newVisitId();
  const later = { ...visitBody(), startedAt: "2026-11-20T16:00:00.000Z" };
  await clinic.request("clinician", { method: "PUT", url: `/api/visits/${second}`, payload: later });
  const ids = async (as: string) =>
    (await clinic.request(as, { method: "GET", url: "/api/visits" }))
      .json()
      .visits.map((visit: { id: string }) => visit.id);
  expect(await ids("clinician")).toEqual([second, first]);
  expect(await ids("stranger")).toEqual([]);
});

test("a discarded visit keeps no note, takes no chunk, and discarding again is harmless", async () => {
  const clinic = await openClinic();
  const visitId = await startVisit(clinic);
  await putChunk(clinic, visitId, chunkOf(0));
  const discard = () =>
    clinic.request("clinician", {
      method: "POST",
      url: `/api/visits/${visitId}/discard`,
      payload: { reason: "withdrawn" },
    });
  expect((await discard()).statusCode).toBe(204);
  expect((await discard()).statusCode).toBe(204);
  expect((await viewOf(clinic, visitId)).state).toBe("withdrawn");
  expect((await putChunk(clinic, visitId, chunkOf(1))).statusCode).toBe(409);
  expect((await finish(clinic, visitId, [chunkOf(0)])).statusCode).toBe(409);
});

test("a malformed request names the field and repeats nothing of it", async () => {
  const clinic = await openClinic();
  const payload = { ...visitBody(), startedAt: "Ada Quill yesterday" };
  const answer = await clinic.request("clinician", { method: "PUT", url: `/api/visits/${newVisitId()}`, payload });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().problem).toEqual({ code: "invalid_request", category: "input", field: "startedAt" });
  expect(answer.body).not.toContain("Ada");
});
