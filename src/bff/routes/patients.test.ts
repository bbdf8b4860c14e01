import { afterEach, beforeEach, expect, test } from "vitest";
import { ana, createTestClinic } from "#bff/openemr/test-clinic.ts";
import type { TestClinic } from "#bff/openemr/test-clinic.ts";
import { patientRoutes } from "./patients.ts";

let clinic: TestClinic;
beforeEach(() => {
  clinic = createTestClinic(patientRoutes);
});
afterEach(() => clinic.close());

test.each(["lee", "desk", "admin"])(
  "%s finds patients by the beginning of a name, with an audit row for each",
  async (user) => {
    const { status, json } = await clinic.as(user, "POST /api/patients/search", { text: "ana di" });
    expect(status).toBe(200);
    expect(json).toEqual({ patients: [ana] });
    expect(await clinic.auditRows()).toEqual([
      { actor: `user-${user}`, action: "R", outcome: "ok", patient: ana.id, object: "patients:search" },
    ]);
  },
);

test("a search without a result is in the audit too, without the words", async () => {
  await clinic.as("lee", "POST /api/patients/search", { text: "Zzz" });
  const rows = await clinic.auditRows();
  expect(rows).toMatchObject([{ patient: null, object: "patients:search" }]);
  expect(JSON.stringify(rows)).not.toContain("Zzz");
});

test("one letter is too little, and nobody searches signed out", async () => {
  expect(await clinic.as("lee", "POST /api/patients/search", { text: "a" })).toMatchObject({ status: 400 });
  expect(await clinic.as("nobody", "POST /api/patients/search", { text: "ana" })).toMatchObject({ status: 401 });
});
