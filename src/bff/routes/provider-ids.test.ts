import { afterEach, beforeEach, expect, test } from "vitest";
import { createProviderIds } from "#bff/openemr/provider-ids.ts";
import { createTestClinic, type TestClinic } from "#bff/openemr/test-clinic.ts";
import { UserId } from "#model/id.ts";
import { createOpenEmr } from "#openemr/openemr.ts";
import { ProviderList } from "#protocol/bff-providers.ts";
import { bookingRulesRoutes } from "./booking-rules.ts";
import { providerIdRoutes } from "./provider-ids.ts";

let clinic: TestClinic;
beforeEach(() => {
  clinic = createTestClinic((parts) => async (app) => {
    await app.register(providerIdRoutes(parts));
    await app.register(bookingRulesRoutes(parts));
  });
  clinic.chart.insert({ pid: "1", pc_aid: "5", pc_eventDate: "2026-11-20", pc_startTime: "09:00", pc_facility: "4" });
  clinic.chart.insert({ pid: "1", pc_aid: "5", pc_eventDate: "2026-11-24", pc_startTime: "09:00" });
  clinic.chart.insert({ pid: "2", pc_aid: "6", pc_eventDate: "2026-11-19", pc_startTime: "10:00" });
});
afterEach(() => clinic.close());

const lee = UserId.parse("user-lee");

async function list(call = "GET /api/provider-ids", body?: object): Promise<ProviderList["clinicians"]> {
  return ProviderList.parse((await clinic.as("admin", call, body)).json).clinicians;
}

/** What booking and filing go by. */
function used(clinicianId: UserId) {
  const clock = { now: () => clinic.clock.nowMs };
  const wire = { send: clinic.chart.send, baseUrl: "http://c", site: "default", timeZone: "America/New_York", clock };
  const parts = { store: clinic.store, clock, openemr: createOpenEmr(wire), configured: {} };
  return createProviderIds(parts).known(clinicianId, []);
}

test("the numbers are filled from the newest appointment of each clinician", async () => {
  expect(await list()).toEqual([]);
  const learned = await list("POST /api/provider-ids/learn");
  expect(learned).toMatchObject([
    {
      clinician: { id: "user-ray", name: "Ann Ray" },
      used: { providerId: "6", facilityId: "3", from: "appointment" },
      learned: { appointmentDate: "2026-11-19" },
    },
    {
      clinician: { id: "user-lee", name: "Kim Lee" },
      used: { providerId: "5", facilityId: "3", from: "appointment" },
      learned: { appointmentDate: "2026-11-24" },
    },
  ]);
  expect(await list()).toEqual(learned);
});

test("OpenEMR's list of practitioners takes no facility away and is no newer than an appointment", async () => {
  await list("POST /api/provider-ids/learn");
  await clinic.as("admin", "GET /api/booking-rules");
  expect((await list()).map((view) => view.used)).toEqual([
    { providerId: "6", facilityId: "3", from: "appointment" },
    { providerId: "5", facilityId: "3", from: "appointment" },
  ]);
});

test("what an administrator types is used at once, survives new appointments, and can be taken back", async () => {
  await list("POST /api/provider-ids/learn");
  expect(await used(lee)).toEqual({ providerId: "5", facilityId: "3" });
  const typed = await list(`PUT /api/provider-ids/${lee}`, { providerId: "51", facilityId: "9" });
  expect(typed[1]).toMatchObject({
    used: { providerId: "51", facilityId: "9", from: "typed" },
    learned: { providerId: "5" },
    typedAt: "2026-11-21T14:00:00.000Z",
  });
  await list("POST /api/provider-ids/learn");
  expect(await used(lee)).toEqual({ providerId: "51", facilityId: "9" });
  await list(`DELETE /api/provider-ids/${lee}`);
  expect(await used(lee)).toEqual({ providerId: "5", facilityId: "3" });
  expect((await clinic.auditRows()).map(({ actor, action, object }) => [actor, action, object])).toEqual([
    ["user-admin", "R", "provider_ids:appointments"],
    ["user-admin", "U", "provider_ids:user-lee"],
    ["user-admin", "R", "provider_ids:appointments"],
    ["user-admin", "D", "provider_ids:user-lee"],
  ]);
});

test.each([
  [{ providerId: "0", facilityId: null }, "providerId"],
  [{ providerId: "5a", facilityId: null }, "providerId"],
  [{ providerId: "", facilityId: null }, "providerId"],
  [{ providerId: "12345678901", facilityId: null }, "providerId"],
  [{ providerId: "5", facilityId: "-3" }, "facilityId"],
  [{ providerId: "6", facilityId: null }, "providerId"],
])("no number, and no number of another clinician, is taken: %o", async (body, field) => {
  await list("POST /api/provider-ids/learn");
  expect(await clinic.as("admin", `PUT /api/provider-ids/${lee}`, body)).toMatchObject({
    status: 400,
    json: { problem: { code: "invalid_request", field } },
  });
  expect(await used(lee)).toEqual({ providerId: "5", facilityId: "3" });
});

test("nobody types numbers of a stranger, and only administrators type any", async () => {
  const body = { providerId: "9", facilityId: null };
  expect((await clinic.as("admin", "PUT /api/provider-ids/nobody", body)).status).toBe(404);
  for (const user of ["lee", "desk"]) {
    expect((await clinic.as(user, "GET /api/provider-ids")).status).toBe(403);
    expect((await clinic.as(user, `PUT /api/provider-ids/${lee}`, body)).status).toBe(403);
    expect((await clinic.as(user, "POST /api/provider-ids/learn")).status).toBe(403);
    expect((await clinic.as(user, `DELETE /api/provider-ids/${lee}`)).status).toBe(403);
  }
});

test("working hours can be set for clinicians whom only appointments have shown", async () => {
  clinic.chart.fault = ({ url }) =>
    url.includes("practitioner") ? { when: "before", code: "openemr_role_missing" } : undefined;
  await list("POST /api/provider-ids/learn");
  expect((await clinic.as("admin", "GET /api/booking-rules")).json).toMatchObject({
    clinicians: [
      { id: "user-ray", name: "Ann Ray" },
      { id: "user-lee", name: "Kim Lee" },
    ],
  });
});
