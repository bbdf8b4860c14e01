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
const visitId = "33333333-3333-4333-8333-333333333333";

async function launch(row: { patient_id?: string | null; encounter_uuid?: string | null } = {}): Promise<void> {
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
  expect(await view()).toMatchObject({ visitId: null });
  const filing = { visit_id: visitId, clinician_id: "user-lee", state: "verified", next_try_at: 1 };
  await clinic.store.transact({ statements: [insertRow("filings", { ...filing, encounter_uuid: encounter })] });
  expect(await view()).toMatchObject({ visitId });
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
