import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { accounts, clientId, clientSecret, patients } from "#sandbox/seed.ts";
import { signInFrom } from "./replay/visitor.ts";
import { createSandboxOpenEmr } from "./sandbox.ts";
import type { SandboxOpenEmr } from "./sandbox.ts";

let sandbox: SandboxOpenEmr;
beforeAll(async () => {
  sandbox = await createSandboxOpenEmr({ appOrigin: "http://app.example" });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.controls.reset());

const ada = patients[0];
const redirectUri = "http://app.example/callback";
const page = (pid: number) => `${sandbox.url}/interface/patient_file/summary/demographics.php?set_pid=${pid}`;

async function startEncounter(pid: number): Promise<void> {
  const body = new URLSearchParams({ pid: String(pid) });
  await fetch(`${sandbox.url}/interface/forms/newpatient/save.php`, { method: "POST", body });
}

/** What the button tells the app; the last button is that of the newest encounter. */
async function launched(pid: number): Promise<URL> {
  const html = await (await fetch(page(pid))).text();
  const path = [...html.matchAll(/href="([^"]*ehr-launch-client[^"]*)"/gu)].at(-1)?.[1]?.replaceAll("&amp;", "&");
  const answer = await fetch(sandbox.url + (path ?? ""), { redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "about:blank");
}

function authorizeUrl(more: Record<string, string>): string {
  const base = { response_type: "code", client_id: clientId, redirect_uri: redirectUri, state: "s" };
  return `${sandbox.url}/oauth2/default/authorize?${new URLSearchParams({ ...base, scope: "openid api:oemr launch", ...more })}`;
}

async function tokensOf(url: string): Promise<Record<string, unknown>> {
  const { username, password } = accounts[0];
  const back = await signInFrom(url, { username, password });
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uri: redirectUri,
    code: back.get("code") ?? "",
  });
  return (await fetch(`${sandbox.url}/oauth2/default/token`, { method: "POST", body })).json() as Promise<
    Record<string, unknown>
  >;
}

const askedWith = (url: URL) => ({
  launch: url.searchParams.get("launch") ?? "",
  aud: url.searchParams.get("aud") ?? "",
});

test("the button leads to the app with iss, aud and a launch; its tokens name patient and encounter", async () => {
  await startEncounter(ada?.pid ?? 0);
  const url = await launched(ada?.pid ?? 0);
  expect(url.origin + url.pathname).toBe("http://app.example/launch");
  expect(url.searchParams.get("iss")).toBe(`${sandbox.url}/apis/default/fhir`);
  expect(url.searchParams.get("launch")).not.toContain(ada?.uuid);
  const [patient] = sandbox.chart().patients;
  expect(await tokensOf(authorizeUrl(askedWith(url)))).toMatchObject({
    patient: ada?.uuid,
    encounter: patient?.encounters[0]?.uuid,
    need_patient_banner: true,
  });
});

test("without an encounter only the patient and the appointment are named; without the scope nobody is", async () => {
  const asked = askedWith(await launched(2));
  const tokens = await tokensOf(authorizeUrl(asked));
  expect(tokens["patient"]).toBe(patients[1]?.uuid);
  expect(tokens).not.toHaveProperty("encounter");
  expect(tokens["fhirContext"]).toEqual([expect.stringMatching(/^Appointment\/[0-9a-f-]{36}$/u)]);
  expect(await tokensOf(authorizeUrl({ ...asked, scope: "openid api:oemr" }))).not.toHaveProperty("patient");
});

test("a launch without aud, for another server, or of another server is refused", async () => {
  const { launch, aud } = askedWith(await launched(1));
  for (const asked of [{ launch }, { launch, aud: "https://other.example/fhir" }, { launch: `${launch}x1`, aud }]) {
    const answer = await fetch(authorizeUrl(asked), { redirect: "manual" });
    expect(answer.status).toBe(400);
  }
});

test("an app that was registered with a start address is shown once it is enabled", async () => {
  const registration = {
    application_type: "private",
    client_name: "Another app",
    redirect_uris: ["http://other.example/back"],
    initiate_login_uri: "http://other.example/start",
    scope: "openid launch user/patient.read",
  };
  const answer = await fetch(`${sandbox.url}/oauth2/default/registration`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(registration),
  });
  const { client_id: otherId } = (await answer.json()) as { client_id: string };
  const buttons = async () => (await fetch(page(1))).text();
  expect(await buttons()).not.toContain("Launch Another app");
  sandbox.controls.enableClient(otherId);
  expect(await buttons()).toContain("Launch Another app");
});
