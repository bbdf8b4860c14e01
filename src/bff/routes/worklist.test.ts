import { afterEach, beforeEach, expect, test } from "vitest";
import { ana, createTestClinic } from "#bff/openemr/test-clinic.ts";
import type { TestClinic } from "#bff/openemr/test-clinic.ts";
import { Worklist } from "#protocol/bff.ts";
import { worklistRoutes } from "./worklist.ts";

const monday = "2026-11-23";
const visitId = "44444444-4444-4444-8444-444444444444";
let clinic: TestClinic;

beforeEach(() => {
  clinic = createTestClinic(worklistRoutes);
  clinic.clock.nowMs = Date.parse("2026-11-23T13:00:00Z");
  appointment("1", "5", "09:30 Cough");
  appointment("2", "5", "08:15 Knee");
  appointment("2", "6", "10:00 Skin");
});
afterEach(() => clinic.close());

/** `what` is time and title, "09:30 Cough". */
function appointment(pid: string, aid: string, what: string): string {
  const [time = "", title = ""] = what.split(" ");
  const row = { pid, pc_aid: aid, pc_eventDate: monday, pc_startTime: time, pc_duration: "900", pc_title: title };
  return clinic.chart.insert(row).pc_eid;
}

async function worklist(user: string, query = `date=${monday}`): Promise<Worklist> {
  const { status, json } = await clinic.as(user, `GET /api/worklist?${query}`);
  expect(status).toBe(200);
  return Worklist.parse(json);
}

const lines = (list: Worklist) => list.rows.map((row) => `${row.startTime} ${row.reason} ${row.visit?.state ?? "-"}`);

test("a clinician sees their own day in order of time; all of it when asked", async () => {
  const mine = await worklist("lee");
  expect(lines(mine)).toEqual(["08:15 Knee -", "09:30 Cough -"]);
  expect(mine.rows[1]).toMatchObject({
    patient: ana,
    clinician: { id: "user-lee", name: "Kim Lee" },
    durationMinutes: 15,
  });
  expect(mine).toMatchObject({ stale: false, fetchedAt: "2026-11-23T13:00:00.000Z" });
  expect(lines(await worklist("lee", `date=${monday}&scope=all`))).toHaveLength(3);
});

test("without a date it is the clinic's today, not the machine's", async () => {
  clinic.clock.nowMs = Date.parse("2026-11-24T03:00:00Z");
  expect((await worklist("lee", "")).date).toBe(monday);
});

test("each line carries its visit; a visit without an appointment gets a line", async () => {
  const eid = appointment("1", "5", "14:00 Review");
  await clinic.addVisit({ id: visitId, appointment_id: eid, state: "draft_ready" });
  await clinic.addVisit({
    id: visitId.replace("4", "5"),
    patient_id: "x",
    state: "ready",
    reason: "Walk-in",
    patient_json: JSON.stringify({ ...ana, id: "x" }),
  });
  expect(lines(await worklist("lee"))).toEqual([
    "08:00 Walk-in ready",
    "08:15 Knee -",
    "09:30 Cough -",
    "14:00 Review draft_ready",
  ]);
});

test("a visit without an appointment number belongs to the patient's appointment of that day", async () => {
  await clinic.addVisit({ id: visitId, state: "recording" });
  expect(lines(await worklist("lee"))).toEqual(["08:15 Knee -", "09:30 Cough recording"]);
});

test("of several tries for one appointment the newest counts, a discarded one only if it is alone", async () => {
  const eid = appointment("1", "5", "14:00 Review");
  const at = clinic.clock.nowMs;
  await clinic.addVisit({ id: visitId, appointment_id: eid, state: "in_review", started_at: at });
  await clinic.addVisit({
    id: visitId.replace("4", "5"),
    appointment_id: eid,
    state: "discarded",
    started_at: at + 1000,
  });
  expect(lines(await worklist("lee"))).toContain("14:00 Review in_review");
  expect((await worklist("lee")).rows).toHaveLength(3);
});

test("another clinician's walk-ins are not mine", async () => {
  await clinic.addVisit({ id: visitId, clinician_id: "user-ray", clinician_name: "Ann Ray", reason: "Walk-in" });
  expect(lines(await worklist("lee"))).toEqual(["08:15 Knee -", "09:30 Cough -"]);
  expect(lines(await worklist("admin", `date=${monday}&scope=all`))).toContain("08:00 Walk-in ready");
});

test("when OpenEMR is down, the last list comes back, marked as old, with the visits of now", async () => {
  await worklist("lee");
  clinic.chart.fault = () => ({ when: "before", code: "openemr_down" });
  clinic.clock.nowMs += 60_000;
  await clinic.addVisit({ id: visitId, state: "recording" });
  const old = await worklist("lee");
  expect(old).toMatchObject({ stale: true, fetchedAt: "2026-11-23T13:00:00.000Z" });
  expect(lines(old)).toEqual(["08:15 Knee -", "09:30 Cough recording"]);
});

test("what was never seen cannot be remembered, nor is the list of all given as mine", async () => {
  await worklist("lee", `date=${monday}&scope=all`);
  clinic.chart.fault = () => ({ when: "before", code: "timed_out" });
  expect(await clinic.as("lee", `GET /api/worklist?date=${monday}`)).toMatchObject({ status: 504 });
  expect(await clinic.as("ray", `GET /api/worklist?date=${monday}&scope=all`)).toMatchObject({ status: 504 });
});

test("a refusal is told, not covered by an old list", async () => {
  await worklist("lee");
  clinic.chart.fault = () => ({ when: "before", code: "signed_out" });
  expect(await clinic.as("lee", `GET /api/worklist?date=${monday}`)).toMatchObject({ status: 401 });
});

test("the front desk has no worklist, and a bad date is refused", async () => {
  expect(await clinic.as("desk", `GET /api/worklist?date=${monday}`)).toMatchObject({ status: 403 });
  expect(await clinic.as("lee", "GET /api/worklist?date=2026-13-01")).toMatchObject({
    status: 400,
    json: { problem: { code: "invalid_request", field: "date" } },
  });
});

test("every look is in the audit, old lists too; no row, no list", async () => {
  await worklist("lee");
  clinic.chart.fault = () => ({ when: "before", code: "openemr_down" });
  await worklist("lee");
  const row = { actor: "user-lee", action: "R", outcome: "ok", patient: null, object: `worklist:${monday}:mine` };
  expect(await clinic.auditRows()).toEqual([row, row]);
  clinic.store.transact = () => Promise.reject(new Error("disk full"));
  expect(await clinic.as("lee", `GET /api/worklist?date=${monday}`)).toMatchObject({ status: 500 });
});

test("the day teaches which number OpenEMR gave each clinician", async () => {
  await worklist("lee", `date=${monday}&scope=all`);
  expect(
    await clinic.store.query("SELECT user_id, provider_id, facility_id FROM provider_ids ORDER BY user_id"),
  ).toEqual([
    { user_id: "user-lee", provider_id: "5", facility_id: "3" },
    { user_id: "user-ray", provider_id: "6", facility_id: "3" },
  ]);
});
