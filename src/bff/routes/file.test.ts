import { afterEach, beforeEach, expect, test } from "vitest";
import { insertRow } from "#bff/visits/insert-row.ts";
import { createTestClinic } from "#bff/openemr/test-clinic.ts";
import type { TestClinic } from "#bff/openemr/test-clinic.ts";
import { VisitView } from "#protocol/bff.ts";
import { fileRoutes } from "./file.ts";

const visitId = "77777777-7777-4777-8777-777777777777";
const url = `/api/visits/${visitId}/file`;
let clinic: TestClinic;

beforeEach(async () => {
  clinic = createTestClinic(fileRoutes);
  await clinic.addVisit({ id: visitId, state: "signed" });
});
afterEach(() => clinic.close());

async function addFiling(state: string): Promise<void> {
  const problem_json = JSON.stringify({ code: "openemr_role_missing", category: "openemr" });
  const later = clinic.clock.nowMs + 300_000;
  const row = { visit_id: visitId, clinician_id: "user-lee", state, problem_json, next_try_at: later };
  await clinic.store.transact({ statements: [insertRow("filings", row)] });
}

const filing = async () => (await clinic.store.query("SELECT state, next_try_at FROM filings"))[0];

test.each(["failed", "waiting"])("a %s filing is due now and filing is woken", async (state) => {
  await addFiling(state);
  const { status, json } = await clinic.as("lee", `POST ${url}`);
  expect(status).toBe(200);
  expect(VisitView.parse(json).filing?.state).toBe("waiting");
  expect(await filing()).toEqual({ state: "waiting", next_try_at: clinic.clock.nowMs });
  expect(clinic.woken).toBe(1);
  expect((await clinic.auditRows()).at(-1)).toMatchObject({
    action: "E",
    object: `filing:${visitId}`,
    patient: "patient-1",
  });
});

test("a filed note is left alone", async () => {
  await addFiling("verified");
  expect((await clinic.as("lee", `POST ${url}`)).status).toBe(200);
  expect(await filing()).toMatchObject({ state: "verified" });
});

test("only the visit's own clinician, and only what is signed", async () => {
  expect(await clinic.as("lee", `POST ${url}`)).toMatchObject({ status: 409 });
  await addFiling("failed");
  expect(await clinic.as("ray", `POST ${url}`)).toMatchObject({
    status: 403,
    json: { problem: { code: "not_owner" } },
  });
  expect(await clinic.as("desk", `POST ${url}`)).toMatchObject({ status: 403 });
  expect((await filing())?.["state"]).toBe("failed");
  expect(clinic.woken).toBe(0);
});
