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

const cora = { firstName: "Cora", lastName: "Lindgren", birthDate: "1990-04-05", sex: "Female", phone: "212-555-0199" };

test("a telephone number finds the patient, with or without its signs", async () => {
  for (const text of ["212-555-0101", "2125550101", "(212) 555-0101"]) {
    expect(await clinic.as("desk", "POST /api/patients/search", { text })).toMatchObject({ json: { patients: [ana] } });
  }
});

test.each(["lee", "desk", "admin"])(
  "%s makes a patient who is not in the chart yet, and it is in the audit",
  async (user) => {
    const { status, json } = await clinic.as(user, "POST /api/patients", cora);
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: "patient-3", name: "Cora Lindgren", birthDate: "1990-04-05" });
    expect(clinic.chart.patients.at(-1)).toMatchObject({
      fname: "Cora",
      DOB: "1990-04-05",
      phone_home: "212-555-0199",
    });
    expect(await clinic.auditRows()).toEqual([
      { actor: `user-${user}`, action: "C", outcome: "ok", patient: "patient-3", object: "patient" },
    ]);
  },
);

test.each([
  ["the same", { firstName: "Ana", lastName: "Diaz", birthDate: "1980-02-03" }],
  ["a letter missing", { firstName: "Anna", lastName: "Diez", birthDate: "1980-02-03" }],
  ["accents, and first and last the wrong way round", { firstName: "Díaz", lastName: "Ana", birthDate: "1980-02-03" }],
  ["married since", { firstName: "Ana", lastName: "Olsen", birthDate: "1980-02-03" }],
  ["another birth date", { firstName: "Ana", lastName: "Diaz", birthDate: "1980-03-02" }],
])("somebody alike (%s) is shown before anybody is made", async (_how, who) => {
  const wanted = { ...cora, ...who };
  const { status, json } = await clinic.as("desk", "POST /api/patients", wanted);
  expect(status).toBe(409);
  expect(json).toMatchObject({ problem: { code: "possible_duplicate" }, duplicates: [ana] });
  expect(clinic.chart.patients).toHaveLength(2);
  const again = await clinic.as("desk", "POST /api/patients", { ...wanted, notTheSameAs: [ana.id] });
  expect(again.status).toBe(200);
  expect(clinic.chart.patients).toHaveLength(3);
});

test("born on the same day with another name is no duplicate", async () => {
  expect(await clinic.as("desk", "POST /api/patients", { ...cora, birthDate: "1980-02-03" })).toMatchObject({
    status: 200,
  });
});

test("an answer that was lost makes nobody twice: the next try shows who was made", async () => {
  clinic.chart.fault = ({ method }) => (method === "POST" ? { when: "after", code: "timed_out" } : undefined);
  expect(await clinic.as("desk", "POST /api/patients", cora)).toMatchObject({ status: 504 });
  clinic.chart.fault = () => undefined;
  expect(await clinic.as("desk", "POST /api/patients", cora)).toMatchObject({
    status: 409,
    json: { duplicates: [{ id: "patient-3" }] },
  });
  expect(clinic.chart.patients).toHaveLength(3);
});

test("where OpenEMR does not let the account make patients, that is said", async () => {
  clinic.chart.fault = ({ method }) =>
    method === "POST" ? { when: "before", code: "openemr_role_missing" } : undefined;
  expect(await clinic.as("desk", "POST /api/patients", cora)).toMatchObject({
    status: 403,
    json: { problem: { code: "openemr_role_missing" } },
  });
});
