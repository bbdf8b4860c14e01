import { afterEach, beforeEach, expect, test } from "vitest";
import { fhirAddressOf } from "./launch.ts";
import { type Browser, createBrowser, doctor, startTestClinic, type TestClinic, tokenForm } from "./test-sign-in.ts";

let clinic: TestClinic;
beforeEach(async () => {
  clinic = await startTestClinic();
});
afterEach(async () => {
  await clinic.app.close();
  await clinic.store.close();
});

const page = { patient: "5a0d0002-0c22-4a20-9a00-000000000001", encounter: "0d9c1c3e-5f8e-4b1a-9f57-3f6f0a4f1d11" };

/** The browser's own page tells what OpenEMR's page gave it. */
async function beginWith(browser: Browser, launch: object) {
  const answer = await clinic.app.inject({
    method: "POST",
    url: "/auth/begin",
    headers: browser.headers,
    payload: { launch },
  });
  for (const { name, value } of answer.cookies) browser.cookies.set(name, value);
  return answer;
}

const ours = () => ({ iss: fhirAddressOf(clinic.config), launch: "opaque-1" });

async function comeBack(browser: Browser, nonce: string) {
  return browser.post("/auth/token", tokenForm(clinic, clinic.openEmr.code(doctor, nonce)));
}

const launches = () => clinic.store.query("SELECT session_hash, patient_id, encounter_uuid FROM launches");

test("a patient's page opens a session that knows whose page it was", async () => {
  clinic.openEmr.context = page;
  const browser = createBrowser(clinic);
  const began = (await beginWith(browser, ours())).json();
  expect(began.aud).toBe("http://127.0.0.1:8300/apis/default/fhir");
  expect(began.scope).toMatch(/ launch$/u);
  expect((await comeBack(browser, began.nonce)).status).toBe(200);
  const [session] = await clinic.store.query("SELECT id_hash FROM sessions");
  expect(await launches()).toEqual([
    { session_hash: session?.["id_hash"], patient_id: page.patient, encounter_uuid: page.encounter },
  ]);
});

const appointment = "0d9c1c3e-5f8e-4b1a-9f57-3f6f0a4f1d33";

test.each([
  ["OpenEMR's words", [`Appointment/${appointment}`, `Encounter/${page.encounter}`], page.encounter, appointment],
  ["SMART 2", [{ reference: `Encounter/${page.encounter}` }], page.encounter, null],
  [
    "an encounter that is there for another reason",
    [{ reference: `Encounter/${page.encounter}`, role: "history" }],
    null,
    null,
  ],
  ["what cannot be an id", ["Encounter/../../x", { canonical: "a" }, 7, null, "Encounter"], null, null],
  ["no list", "Encounter", null, null],
])("fhirContext names the encounter and the appointment: %s", async (...[, fhirContext, encounter, ofAppointment]) => {
  clinic.openEmr.context = { patient: page.patient, fhirContext };
  const browser = createBrowser(clinic);
  const began = (await beginWith(browser, ours())).json();
  expect((await comeBack(browser, began.nonce)).status).toBe(200);
  expect(await clinic.store.query("SELECT encounter_uuid, appointment_uuid FROM launches")).toEqual([
    { encounter_uuid: encounter, appointment_uuid: ofAppointment },
  ]);
});

test("an encounter that is named by itself goes before one in fhirContext", async () => {
  clinic.openEmr.context = { ...page, fhirContext: [`Encounter/${appointment}`] };
  const browser = createBrowser(clinic);
  const began = (await beginWith(browser, ours())).json();
  expect((await comeBack(browser, began.nonce)).status).toBe(200);
  expect(await launches()).toMatchObject([{ encounter_uuid: page.encounter }]);
});

test("an ordinary sign-in asks for no launch and keeps none, whatever the answer says", async () => {
  clinic.openEmr.context = page;
  const browser = createBrowser(clinic);
  const began = (await browser.post("/auth/begin")).json() as { nonce: string; scope: string };
  expect(began.scope.split(" ")).not.toContain("launch");
  expect(began).not.toHaveProperty("aud");
  expect((await comeBack(browser, began.nonce)).status).toBe(200);
  expect(await launches()).toEqual([]);
});

test.each([
  "https://evil.example/apis/default/fhir",
  "http://127.0.0.1:8300/apis/other/fhir",
  "http://127.0.0.1:8300/apis/default/fhir.evil.example",
  "http://127.0.0.1:8300",
])("the page of another server opens nothing: %s", async (iss) => {
  const answer = await beginWith(createBrowser(clinic), { iss, launch: "opaque-1" });
  expect(answer.json()).toMatchObject({ status: 403, problem: { code: "launch_refused", field: "iss" } });
  expect(answer.cookies).toEqual([]);
  expect(await clinic.store.query("SELECT * FROM logins")).toEqual([]);
});

test("a launch works once, also when two begin with it at the same time", async () => {
  clinic.openEmr.context = page;
  const [first, second] = [createBrowser(clinic), createBrowser(clinic)];
  const began = [(await beginWith(first, ours())).json(), (await beginWith(second, ours())).json()];
  expect((await comeBack(first, began[0].nonce)).status).toBe(200);
  expect((await comeBack(second, began[1].nonce)).json()).toMatchObject({ problem: { code: "launch_used" } });
  expect(second.cookies.has("__Host-sid")).toBe(false);
  expect(await clinic.store.query("SELECT * FROM sessions")).toHaveLength(1);
  expect((await beginWith(createBrowser(clinic), ours())).json()).toMatchObject({ problem: { code: "launch_used" } });
  expect(await clinic.store.query("SELECT object FROM audit WHERE outcome = 'refused'")).toEqual([
    { object: "sign-in: launch_used" },
  ]);
});

test("OpenEMR that names no patient, or nonsense, signs in all the same", async () => {
  clinic.openEmr.context = { patient: "../../etc", encounter: page.encounter };
  const browser = createBrowser(clinic);
  const began = (await beginWith(browser, ours())).json();
  expect((await comeBack(browser, began.nonce)).status).toBe(200);
  expect(await launches()).toMatchObject([{ patient_id: null, encounter_uuid: null }]);
});
