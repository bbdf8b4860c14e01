import { afterEach, beforeEach, expect, test } from "vitest";
import { followUpStatements } from "#bff/openemr/follow-up-rows.ts";
import { ana, createTestClinic } from "#bff/openemr/test-clinic.ts";
import type { TestClinic } from "#bff/openemr/test-clinic.ts";
import { UserId, VisitId } from "#model/id.ts";
import { BookingRulesView } from "#protocol/bff-booking-rules.ts";
import { FollowUpQueue, FreeTimes } from "#protocol/bff-desk.ts";
import { bookingRulesRoutes } from "./booking-rules.ts";
import { deskRoutes } from "./desk.ts";

const visitId = VisitId.parse("66666666-6666-4666-8666-666666666666");
let clinic: TestClinic;

beforeEach(async () => {
  clinic = createTestClinic((parts) => async (app) => {
    await app.register(deskRoutes(parts));
    await app.register(bookingRulesRoutes(parts));
  });
  await clinic.addVisit({ id: visitId, state: "filed" });
  const clinician = { id: UserId.parse("user-lee"), name: "Kim Lee" };
  const visit = { id: visitId, patient: ana, patientPid: "1", clinician };
  const origin = { visit, now: clinic.clock.nowMs, timeZone: "America/New_York" };
  const request = { sentence: "Back in two weeks.", interval: { count: 2, unit: "week" as const }, reason: "" };
  await clinic.store.transact({ statements: followUpStatements([request], origin) });
});
afterEach(() => clinic.close());

async function read(): Promise<BookingRulesView> {
  const { status, json } = await clinic.as("admin", "GET /api/booking-rules");
  expect(status).toBe(200);
  return BookingRulesView.parse(json);
}

async function firstTimes(): Promise<string[]> {
  const [card] = FollowUpQueue.parse((await clinic.as("desk", "GET /api/desk/follow-ups")).json).followUps;
  const { json } = await clinic.as("desk", `GET /api/desk/follow-ups/${card?.id}/times`);
  return FreeTimes.parse(json).times.map((time) => `${time.date} ${time.startTime}`);
}

test("at first the environment's rules hold; OpenEMR's practitioners are named, and their numbers learned", async () => {
  const { version, rules, clinicians } = await read();
  expect(version).toBe(0);
  expect(rules.hours.monday).toEqual([["08:00", "17:00"]]);
  expect(clinicians).toEqual([
    { id: "user-ray", name: "Ann Ray" },
    { id: "user-lee", name: "Kim Lee" },
  ]);
  expect(await clinic.store.query("SELECT user_id, provider_id FROM provider_ids ORDER BY user_id")).toEqual([
    { user_id: "user-lee", provider_id: "5" },
    { user_id: "user-ray", provider_id: "6" },
  ]);
  await read();
  expect(clinic.chart.requests.filter(({ url }) => url.includes("practitioner"))).toHaveLength(1);
});

test("saved hours of one clinician decide at once which times are free, and who saved them is in the audit", async () => {
  expect((await firstTimes())[0]).toBe("2026-12-04 08:00");
  const { version, rules } = await read();
  const clinicians = { "user-lee": { hours: { monday: [["13:00", "15:00"] as [string, string]] }, breaks: [] } };
  const saved = await clinic.as("admin", "PUT /api/booking-rules", {
    baseVersion: version,
    rules: { ...rules, clinicians },
  });
  expect(saved).toMatchObject({ status: 200, json: { version: 1, savedAt: "2026-11-21T14:00:00.000Z" } });
  const times = await firstTimes();
  expect(times[0]).toBe("2026-12-07 13:00");
  expect(times.at(-1)).toBe("2026-12-14 14:30");
  expect(await clinic.auditRows()).toContainEqual(
    expect.objectContaining({ actor: "user-admin", action: "U", object: "booking_rules:1" }),
  );
});

test("who saves over somebody else's change is told; nothing is lost", async () => {
  const { rules } = await read();
  const put = (bufferMinutes: number) =>
    clinic.as("admin", "PUT /api/booking-rules", { baseVersion: 0, rules: { ...rules, bufferMinutes } });
  expect((await put(5)).status).toBe(200);
  expect(await put(20)).toMatchObject({ status: 409, json: { problem: { code: "conflict" } } });
  expect((await read()).rules.bufferMinutes).toBe(5);
});

test("only administrators; what makes no sense is refused with the field at fault", async () => {
  const { rules } = await read();
  for (const user of ["lee", "desk"]) {
    expect(await clinic.as(user, "GET /api/booking-rules")).toMatchObject({ status: 403 });
    expect(await clinic.as(user, "PUT /api/booking-rules", { baseVersion: 0, rules })).toMatchObject({ status: 403 });
  }
  const hours = { monday: [["17:00", "08:00"]] };
  expect(
    await clinic.as("admin", "PUT /api/booking-rules", { baseVersion: 0, rules: { ...rules, hours } }),
  ).toMatchObject({ status: 400, json: { problem: { field: "rules.hours.monday.0" } } });
});

test("while OpenEMR is away, or will not list its practitioners, the hours can still be kept", async () => {
  clinic.chart.fault = () => ({ when: "before", code: "openemr_down" });
  expect((await read()).clinicians).toEqual([{ id: "user-lee", name: "Kim Lee" }]);
});
