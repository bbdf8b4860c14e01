/** What is documented of 8.3, beside what 8.2 does. */
import { afterEach, expect, test } from "vitest";
import { accounts, clientId, clientScopes, clientSecret } from "#sandbox/seed.ts";
import { tokensFor } from "#sandbox/openemr/replay/visitor.ts";
import { createSandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import type { SandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import type { ProfileName } from "./profile.ts";

const open: SandboxOpenEmr[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

async function signedIn(profile: ProfileName) {
  const sandbox = await createSandboxOpenEmr({ profile });
  open.push(sandbox);
  const { username, password } = accounts.find((account) => account.role === "clinician")!;
  const redirectUri = "http://localhost:3000/callback";
  const visit = { url: sandbox.url, username, password, clientId, clientSecret, redirectUri, scopes: clientScopes };
  const { access_token: token } = await tokensFor(visit);
  const call = async (method: string, path: string, body?: unknown): Promise<unknown[]> => {
    const answer = await fetch(`${sandbox.url}/apis/default/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return [answer.status, await answer.json()];
  };
  const eid = sandbox.controls.addAppointment({
    pid: 1,
    provider: username,
    date: "2030-01-07",
    startTime: "09:00",
    minutes: 30,
  });
  return { sandbox, call, eid };
}

const notFound = [404, { message: "record not found" }];
const note = { subjective: "Cough.", objective: "Clear.", assessment: "Cold.", plan: "Rest." };

test("8.3: another patient's appointment is neither read nor deleted; one's own is", async () => {
  const { sandbox, call, eid } = await signedIn("openemr-8.3");
  expect(await call("GET", `/patient/2/appointment/${eid}`)).toEqual(notFound);
  expect(await call("DELETE", `/patient/2/appointment/${eid}`)).toEqual(notFound);
  const kept = (): boolean => sandbox.chart().patients[0]!.appointments.some((row) => row.eid === eid);
  expect(kept()).toBe(true);
  expect(await call("DELETE", `/patient/1/appointment/${eid}`)).toEqual([200, { message: "record deleted" }]);
  expect(kept()).toBe(false);
});

test("8.3: a note is filed only under an encounter of its patient", async () => {
  const { sandbox, call } = await signedIn("openemr-8.3");
  expect(await call("POST", "/patient/1/encounter/4711/soap_note", note)).toEqual(notFound);
  const { uuid } = sandbox.chart().patients[0]!;
  const [, made] = await call("POST", `/patient/${uuid}/encounter`, { pc_catid: "5", class_code: "AMB" });
  const { encounter } = (made as { data: { encounter: number } }).data;
  expect(await call("POST", `/patient/2/encounter/${encounter}/soap_note`, note)).toEqual(notFound);
  expect((await call("POST", `/patient/1/encounter/${encounter}/soap_note`, note))[0]).toBe(201);
  expect(sandbox.chart().patients.flatMap(({ soapNotes }) => soapNotes)).toHaveLength(1);
});

test("8.2 does all of it", async () => {
  const { call, eid } = await signedIn("openemr-8.2");
  expect((await call("POST", "/patient/1/encounter/4711/soap_note", note))[0]).toBe(201);
  expect((await call("DELETE", `/patient/2/appointment/${eid}`))[1]).toEqual({ message: "record deleted" });
});
