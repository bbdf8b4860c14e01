/** Registering and checking, end to end over real sockets: every profile, and OpenEMR's pages in a real browser on 8.2. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type ClientKeys, readClientKeys } from "#bff/auth/client-keys.ts";
import { createSeal } from "#bff/auth/seal.ts";
import { readConfig } from "#bff/config.ts";
import { createOpenEmrSend } from "#bff/upstream/openemr-send.ts";
import { systemClock } from "#model/clock.ts";
import type { ProfileName } from "#sandbox/openemr/profiles/profile.ts";
import { createSandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import { accounts } from "#sandbox/seed.ts";
import { registerClient } from "./openemr-client.ts";
import { signInFrom } from "#sandbox/openemr/replay/visitor.ts";
import { signInAtPages } from "./openemr-sign-in-page.ts";
import { tryOpenEmr } from "./openemr-trial.ts";

type Checked = { username: string; inBrowser: boolean; patientToWrite?: string };

/** As the clinic server's own are made. */
async function newKeys(): Promise<ClientKeys> {
  const folder = await mkdtemp(join(tmpdir(), "chartside-check-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return readClientKeys({ config: { CHARTSIDE_DATA_DIR: folder }, seal: createSeal([new Uint8Array(32)]) });
}

async function serverOf(profile: ProfileName, keys?: ClientKeys) {
  const sandbox = await createSandboxOpenEmr({ profile });
  const before = readConfig({ OPENEMR_URL: sandbox.url });
  const wire = createOpenEmrSend(before);
  onTestFinished(async () => {
    await wire.close();
    await sandbox.close();
  });
  const send = wire.interactive;
  const { clientId, clientSecret, scopes } = await registerClient(send, { config: before, keys });
  const config = { ...before, OPENEMR_CLIENT_ID: clientId, OPENEMR_CLIENT_SECRET: clientSecret };
  const check = async ({ username, inBrowser, patientToWrite }: Checked) => {
    const rows: string[] = [];
    const password = accounts.find((one) => one.username === username)?.password ?? "";
    const account = { username, password };
    const isGood = await tryOpenEmr(
      {
        config,
        send,
        clock: systemClock,
        keys,
        signIn: (page) => (inBrowser ? signInAtPages({ ...page, account }) : signInFrom(page.authorizeUrl, account)),
        ...(patientToWrite === undefined ? {} : { patientToWrite }),
      },
      (question, verdict, told = "") => rows.push(`${verdict} ${question} ${told}`.trim()),
    );
    return { isGood, rows };
  };
  return { sandbox, clientId, scopes, check };
}

test.each<ProfileName>(["openemr-7.0.0", "openemr-8.0", "openemr-8.2", "fhir-scheduling"])(
  "%s: a client is registered, enabled by its administrator, and everything that Chartside does works",
  async (profile) => {
    const { sandbox, clientId, check, scopes } = await serverOf(profile);
    sandbox.controls.enableClient(clientId);
    const page = `${sandbox.url}/interface/patient_file/summary/demographics.php?set_pid=1`;
    expect(await (await fetch(page)).text()).toContain(`ehr-launch-client.php?client_id=${clientId}`);
    const [patient] = sandbox.chart().patients;
    const written = { patientToWrite: patient?.uuid ?? "" };
    const { isGood, rows } = await check({ username: "dr.rivera", inBrowser: profile === "openemr-8.2", ...written });
    expect(rows.filter((row) => row.startsWith("no"))).toEqual([]);
    expect(isGood).toBe(true);
    for (const scope of scopes) if (scope !== "launch") expect(rows).toContain(`yes scope ${scope}`);
    expect(rows).toContain(
      "absent token for background work, by signed assertion switched off (OPENEMR_CLIENT_ASSERTION)",
    );
    const has = profile === "fhir-scheduling" ? "yes" : "absent";
    expect(rows.some((row) => row.startsWith(`${has} slots and bookings over FHIR`))).toBe(true);
    expect(rows).toContain("yes read it back, to the letter");
    const after = sandbox.chart().patients.find(({ uuid }) => uuid === patient?.uuid);
    expect(after?.soapNotes).toHaveLength((patient?.soapNotes.length ?? 0) + 1);
    const standing = after?.appointments.filter(
      ({ comment, status }) => comment.startsWith("Chartside check") && status !== "x",
    );
    expect(standing).toEqual([]);
  },
);

test("a client that nobody enabled, a wrong password, and what the front desk may not: each is told as such", async () => {
  const { sandbox, clientId, check } = await serverOf("openemr-8.2");
  const refused = await check({ username: "dr.rivera", inBrowser: false });
  expect(refused.isGood).toBe(false);
  expect(refused.rows.at(-1)).toMatch(
    /^no the trial stopped here the sign-in was refused \(is the client enabled\?\)/u,
  );
  sandbox.controls.enableClient(clientId);
  expect((await check({ username: "nobody", inBrowser: true })).rows.at(-1)).toContain(
    "did not take this name and password",
  );
  const desk = await check({ username: "desk", inBrowser: false });
  expect(desk.rows.some((row) => row.startsWith("refused a patient's encounters this account's role may not"))).toBe(
    true,
  );
  expect(desk.isGood).toBe(true);
});

test.each<ProfileName>(["openemr-7.0.0", "openemr-8.2"])(
  "%s: with a key of its own the check says what a token of nobody is given and what it is refused",
  async (profile) => {
    const { sandbox, clientId, scopes, check } = await serverOf(profile, await newKeys());
    sandbox.controls.enableClient(clientId);
    expect(scopes.some((scope) => scope.startsWith("system/"))).toBe(true);
    const { isGood, rows } = await check({ username: "dr.rivera", inBrowser: false });
    expect(isGood).toBe(true);
    const told = rows.filter((row) => row.includes("background"));
    expect(told[0]).toMatch(/^yes token for background work, by signed assertion system\/.*, for 5 minutes$/u);
    expect(told[1]).toMatch(profile === "openemr-8.2" ? /^yes the calendar/u : /^absent the calendar/u);
    expect(told[2]).toMatch(/^absent the standard API in the background .*waits until they sign in$/u);
  },
);
