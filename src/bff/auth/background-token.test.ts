/** Tokens of nobody, against the sandbox over real sockets: registered with the published key, as each version takes them. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { readConfig } from "#bff/config.ts";
import type { Config } from "#bff/config.ts";
import { createOpenEmrSend } from "#bff/upstream/openemr-send.ts";
import { systemClock } from "#model/clock.ts";
import type { Send } from "#openemr/send.ts";
import type { ProfileName } from "#sandbox/openemr/profiles/profile.ts";
import { createSandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import { askForBackgroundToken, createBackgroundTokens } from "./background-token.ts";
import { type ClientKeys, readClientKeys } from "./client-keys.ts";
import { scopesFor, systemScopesFor, listedScopes } from "./scopes.ts";
import { createSeal } from "./seal.ts";

let folder: string;
/** Of this server and of OpenEMR, ahead of the machine's. */
let ahead = 0;
const clock = { now: () => systemClock.now() + ahead };
let keys: ClientKeys;
const seal = createSeal([new Uint8Array(32).fill(7)]);
beforeEach(async () => {
  ahead = 0;
  folder = await mkdtemp(join(tmpdir(), "chartside-keys-"));
  keys = await readClientKeys({ config: { CHARTSIDE_DATA_DIR: folder }, seal });
});
afterEach(() => rm(folder, { recursive: true }));

/** A client with this key, switched on by its administrator. */
async function registered(profile: ProfileName, isEnabled = true) {
  const sandbox = await createSandboxOpenEmr({ profile, clock });
  const base = readConfig({ OPENEMR_URL: sandbox.url });
  const wire = createOpenEmrSend(base);
  onTestFinished(async () => {
    await wire.close();
    await sandbox.close();
  });
  const issuer = `${sandbox.url}/oauth2/default`;
  const listed = await listedScopes(wire.interactive, issuer);
  const answer = await fetch(`${issuer}/registration`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      application_type: "private",
      client_name: "Chartside",
      redirect_uris: ["http://localhost:3000/callback"],
      jwks: keys.jwks,
      scope: [...scopesFor(listed, base), ...systemScopesFor(listed)].join(" "),
    }),
  });
  const { client_id: clientId } = (await answer.json()) as { client_id: string };
  if (isEnabled) sandbox.controls.enableClient(clientId);
  const asked: string[] = [];
  const send: Send = (request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return wire.interactive(request);
  };
  const config: Config = { ...base, OPENEMR_CLIENT_ID: clientId };
  const warned: string[] = [];
  const log = { info: () => {}, error: () => {}, warn: (_fields: object, words: string) => void warned.push(words) };
  return { sandbox, config, send, asked, log, warned };
}

const get = (url: string, token: string) => fetch(url, { headers: { authorization: `Bearer ${token}` } });

test("the key pair is made once, its private half is sealed, and the public half says what it is for", async () => {
  const again = await readClientKeys({ config: { CHARTSIDE_DATA_DIR: folder }, seal });
  expect(again.jwks).toEqual(keys.jwks);
  expect(keys.jwks.keys).toEqual([
    { kty: "RSA", n: expect.any(String), e: "AQAB", kid: expect.any(String), use: "sig", alg: "RS384" },
  ]);
  expect(await readFile(join(folder, "client-key.json"), "utf8")).not.toContain("PRIVATE");
  const other = createSeal([new Uint8Array(32).fill(8)]);
  await expect(readClientKeys({ config: { CHARTSIDE_DATA_DIR: folder }, seal: other })).rejects.toThrow("sealed");
});

test.each<[ProfileName, number]>([
  ["openemr-8.0", 200],
  ["openemr-8.2", 200],
  ["fhir-scheduling", 200],
])("%s: the calendar may be read over FHIR, the standard API refuses", async (profile, status) => {
  const { sandbox, config, send } = await registered(profile);
  const answer = await askForBackgroundToken({ config, send, clock, keys });
  expect(answer).toMatchObject({ scopes: ["system/Appointment.read"], expiresInMs: 300_000 });
  const token = "accessToken" in answer ? answer.accessToken : "";
  expect((await get(`${sandbox.url}/apis/default/fhir/Appointment?date=2026-12-01`, token)).status).toBe(status);
  expect((await get(`${sandbox.url}/apis/default/fhir/Encounter`, token)).status).toBe(401);
  expect((await get(`${sandbox.url}/apis/default/api/appointment`, token)).status).toBe(403);
});

test("7.0.0 lists the standard API's scopes and refuses it all the same", async () => {
  const { sandbox, config, send } = await registered("openemr-7.0.0");
  const answer = await askForBackgroundToken({ config, send, clock, keys });
  expect(answer).toMatchObject({ scopes: expect.arrayContaining(["system/soap_note.write"]) });
  const token = "accessToken" in answer ? answer.accessToken : "";
  expect((await get(`${sandbox.url}/apis/default/api/patient/1/encounter/1/soap_note`, token)).status).toBe(401);
});

test("a client that nobody enabled, one without this key, and an assertion that was used are refused", async () => {
  const off = await registered("openemr-8.2", false);
  expect(await askForBackgroundToken({ ...off, clock, keys })).toEqual({
    refused: "invalid_client, HTTP 401",
  });
  const on = await registered("openemr-8.2");
  const elsewhere = await mkdtemp(join(tmpdir(), "chartside-keys-"));
  onTestFinished(() => rm(elsewhere, { recursive: true }));
  const stranger = await readClientKeys({ config: { CHARTSIDE_DATA_DIR: elsewhere }, seal });
  expect(await askForBackgroundToken({ ...on, clock, keys: stranger })).toEqual({
    refused: "invalid_client, HTTP 401",
  });
  const kept: { body?: string } = {};
  const spy: Send = (request) => {
    if (request.body !== undefined) kept.body = request.body;
    return on.send(request);
  };
  expect(await askForBackgroundToken({ ...on, send: spy, clock, keys })).toHaveProperty("accessToken");
  const replayed = await fetch(`${on.sandbox.url}/oauth2/default/token`, {
    method: "POST",
    body: new URLSearchParams(kept.body),
  });
  expect(replayed.status).toBe(401);
});

test("many ask at once, one request is sent; it is kept until a minute before its end, and asked anew", async () => {
  const { config, send, asked, log } = await registered("openemr-8.2");
  const background = createBackgroundTokens({ config, send, clock, keys, log });
  const tokens = await Promise.all(Array.from({ length: 5 }, () => background.tokenFor("calendar")));
  expect(new Set(tokens).size).toBe(1);
  expect(tokens[0]).toEqual(expect.any(String));
  const requests = () => asked.filter((path) => path.startsWith("POST")).length;
  expect(requests()).toBe(1);
  ahead = 3 * 60_000;
  expect(await background.tokenFor("calendar")).toBe(tokens[0]);
  expect(requests()).toBe(1);
  ahead = 4 * 60_000 + 1000;
  await background.tokenFor("calendar");
  expect(requests()).toBe(2);
});

test("scopes that filing needs are not granted by 8.2; a refusal is kept for an hour and said once", async () => {
  const { config, send, log, asked, warned } = await registered("openemr-8.2", false);
  const background = createBackgroundTokens({ config, send, clock, keys, log });
  expect(await background.tokenFor("filing")).toBeUndefined();
  expect(await background.tokenFor("calendar")).toBeUndefined();
  ahead = 59 * 60_000;
  expect(await background.tokenFor("calendar")).toBeUndefined();
  expect(asked.filter((path) => path.startsWith("POST"))).toHaveLength(1);
  expect(warned).toEqual(["no token for background work"]);
  ahead = 61 * 60_000;
  await background.tokenFor("calendar");
  expect(asked.filter((path) => path.startsWith("POST"))).toHaveLength(2);
});

test("OpenEMR that is away is asked again, not taken as a refusal", async () => {
  const { sandbox, config, send, log } = await registered("openemr-8.2");
  const background = createBackgroundTokens({ config, send, clock, keys, log });
  sandbox.controls.goDown("unavailable");
  expect(await background.tokenFor("calendar")).toBeUndefined();
  sandbox.controls.comeUp();
  expect(await background.tokenFor("calendar")).toEqual(expect.any(String));
});

test("what OpenEMR refused to a token of nobody is left alone for an hour", async () => {
  const { config, send, log } = await registered("openemr-8.2");
  const background = createBackgroundTokens({ config, send, clock, keys, log });
  background.refused("calendar");
  expect(await background.tokenFor("calendar")).toBeUndefined();
  ahead = 61 * 60_000;
  expect(await background.tokenFor("calendar")).toEqual(expect.any(String));
});
