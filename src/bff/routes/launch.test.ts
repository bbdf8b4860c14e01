import { afterEach, beforeEach, expect, test } from "vitest";
import { ana, createTestClinic, type TestClinic } from "#bff/openemr/test-clinic.ts";
import { insertRow } from "#bff/visits/insert-row.ts";
import { launchRoutes } from "./launch.ts";

let clinic: TestClinic;
beforeEach(() => {
  clinic = createTestClinic(launchRoutes);
});
afterEach(() => clinic.close());

const encounter = "0d9c1c3e-5f8e-4b1a-9f57-3f6f0a4f1d11";
const other = "0d9c1c3e-5f8e-4b1a-9f57-3f6f0a4f1d22";
const visitId = "33333333-3333-4333-8333-333333333333";

type Page = { patient_id?: string | null; encounter_uuid?: string | null; appointment_uuid?: string };

async function launch(row: Page = {}): Promise<void> {
  const columns = { launch_hash: "h", session_hash: "s", patient_id: ana.id, encounter_uuid: encounter, used_at: 1 };
  await clinic.store.transact({ statements: [insertRow("launches", { ...columns, ...row })] });
}

const at = (pc_startTime: string, more: object = {}) =>
  clinic.chart.insert({ pid: "1", pc_aid: "5", pc_eventDate: "2026-11-21", pc_startTime, pc_title: "Cough", ...more });

const view = async (user = "lee") => (await clinic.as(user, "GET /api/launch")).json;

test("the clinician's own appointment of today that is nearest to now, and the encounter that was open", async () => {
  at("08:00");
  const nearest = at("09:15");
  at("09:05", { pc_aid: "6" });
  at("09:01", { pc_apptstatus: "x" });
  at("09:00", { pc_eventDate: "2026-11-22" });
  at("09:00", { pid: "2" });
  await launch();
  expect(await view()).toEqual({
    patient: ana,
    appointmentId: nearest.pc_eid,
    reason: "Cough",
    startTime: "09:15",
    encounterId: encounter,
    visitId: null,
  });
  expect(await clinic.auditRows()).toMatchObject([{ action: "R", object: "launch", patient: ana.id }]);
});

test("without an appointment it is a walk-in; another clinician's appointment is better than none", async () => {
  await launch();
  expect(await view()).toMatchObject({ appointmentId: null, startTime: null });
  const other = at("11:00", { pc_aid: "6" });
  expect(await view()).toMatchObject({ appointmentId: other.pc_eid });
});

test("a visit that was begun in that encounter is opened, one of another clinician or thrown away is not", async () => {
  await launch();
  await clinic.addVisit({ id: visitId, launched_encounter: encounter });
  expect(await view()).toMatchObject({ visitId });
  expect(await view("ray")).toMatchObject({ visitId: null });
  await clinic.store.transact({ statements: [{ sql: "UPDATE visits SET state = 'discarded'", params: [] }] });
  expect(await view()).toMatchObject({ visitId: null });
});

test("a visit whose note went into that encounter is opened, one of the same appointment in another encounter is not", async () => {
  const { pc_eid } = at("09:15");
  await launch();
  await clinic.addVisit({ id: visitId, appointment_id: pc_eid });
  const filing = { visit_id: visitId, clinician_id: "user-lee", state: "verified", next_try_at: 1, encounter_id: "18" };
  await clinic.store.transact({ statements: [insertRow("filings", { ...filing, encounter_uuid: other })] });
  clinic.chart.encounters.push({ eid: "19", euuid: encounter, puuid: ana.id, date: "2026-11-21 00:00:00" });
  expect(await view()).toMatchObject({ visitId: null });
  const sql = "UPDATE filings SET encounter_uuid = ?";
  await clinic.store.transact({ statements: [{ sql, params: [encounter] }] });
  expect(await view()).toMatchObject({ visitId });
});

const joined = async () => (await clinic.store.query("SELECT joined_encounter FROM visits"))[0]?.["joined_encounter"];

test("a visit begun from the worklist is opened by the page of today's encounter, and its note goes there", async () => {
  const { pc_eid } = at("09:15");
  await launch();
  await clinic.addVisit({ id: visitId, appointment_id: pc_eid });
  clinic.chart.encounters.push({ eid: "19", euuid: encounter, puuid: ana.id, date: "2026-11-21 08:55:00" });
  expect(await view()).toMatchObject({ visitId, encounterId: encounter });
  expect(await joined()).toBe(encounter);
  expect((await clinic.auditRows()).at(-1)).toMatchObject({ action: "U", object: `visit:${visitId}:encounter` });
  // Again: it is known now, and nothing changes.
  expect(await view()).toMatchObject({ visitId });
  expect((await clinic.auditRows()).at(-1)).toMatchObject({ action: "R", object: "launch" });
});

test.each([
  ["the encounter is of another day", { date: "2026-11-20 00:00:00" }, {}],
  ["the encounter is another patient's", { puuid: "patient-2" }, {}],
  ["the visit is of another appointment", {}, { appointment_id: "999" }],
  ["the visit is another patient's", {}, { patient_id: "patient-2" }],
  ["the visit was begun yesterday", {}, { started_at: Date.parse("2026-11-20T14:00:00Z") }],
  ["the visit began in another encounter", {}, { launched_encounter: other }],
  ["the visit is another clinician's", {}, { clinician_id: "user-ray" }],
])("a visit begun from the worklist is not taken when %s", async (_why, ofEncounter, ofVisit) => {
  const { pc_eid } = at("09:15");
  await launch();
  await clinic.addVisit({ id: visitId, appointment_id: pc_eid, ...ofVisit });
  const row = { eid: "19", euuid: encounter, puuid: ana.id, date: "2026-11-21 00:00:00" };
  clinic.chart.encounters.push({ ...row, ...ofEncounter });
  expect(await view()).toMatchObject({ visitId: null });
  expect(await joined()).toBeNull();
});

test.each([
  ["2026-11-21", "the named one"],
  ["2026-11-23", "the nearest of today"],
])("the appointment that the page was about (on %s): %s", async (pc_eventDate, chosen) => {
  const nearest = at("09:00");
  const named = at("15:00", { pc_eventDate });
  await launch({ encounter_uuid: null, appointment_uuid: other });
  const { send } = clinic.chart;
  clinic.chart.send = async (request) => {
    const answer = await send(request);
    return { ...answer, body: answer.body.replaceAll(`"appointment-${named.pc_eid}"`, JSON.stringify(other)) };
  };
  expect(await view()).toMatchObject({ appointmentId: (chosen === "the named one" ? named : nearest).pc_eid });
});

test("without an encounter the visit of the appointment is opened", async () => {
  const { pc_eid } = at("09:15");
  await launch({ encounter_uuid: null });
  await clinic.addVisit({ id: visitId, appointment_id: pc_eid });
  expect(await view()).toMatchObject({ encounterId: null, visitId });
});

test("no launch, or one without a patient, is nothing to open; the desk opens no visits", async () => {
  expect((await clinic.as("lee", "GET /api/launch")).status).toBe(404);
  await launch({ patient_id: null });
  expect((await clinic.as("lee", "GET /api/launch")).status).toBe(404);
  expect((await clinic.as("desk", "GET /api/launch")).status).toBe(403);
});
