import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { dateIn } from "#model/clock.ts";
import { accounts, clientId, clientScopes, clientSecret } from "#sandbox/seed.ts";
import { exchange, refresh, signIn, tokensFor } from "./replay/visitor.ts";
import type { Tokens, Visit } from "./replay/visitor.ts";
import { createSandboxOpenEmr } from "./sandbox.ts";
import type { SandboxOpenEmr, SandboxOptions } from "./sandbox.ts";

const zone = "America/New_York";
const tuesday = Date.parse("2026-12-08T09:30:00-05:00");
const open: SandboxOpenEmr[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function start(options: SandboxOptions = {}): Promise<SandboxOpenEmr> {
  const sandbox = await createSandboxOpenEmr({ clock: { now: () => tuesday }, ...options });
  open.push(sandbox);
  return sandbox;
}

function visitTo(sandbox: SandboxOpenEmr, index = 0): Visit {
  const { username, password } = accounts[index]!;
  const redirectUri = "http://localhost:3000/callback";
  return { url: sandbox.url, username, password, clientId, clientSecret, redirectUri, scopes: clientScopes };
}

type Call = { method?: string; path: string; body?: unknown };

function call(sandbox: SandboxOpenEmr, tokens: Tokens, { method = "GET", path, body }: Call): Promise<Response> {
  return fetch(`${sandbox.url}/apis/default${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens.access_token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const note = { subjective: "Knee hurts.", objective: "Swollen.", assessment: "Sprain.", plan: "Rest." };
const writeNote = { method: "POST", path: "/api/patient/1/encounter/1/soap_note", body: note };

test("every account of the seed signs in with the client's scopes, and api: scopes are only in the token", async () => {
  const sandbox = await start();
  for (const index of accounts.keys()) {
    const tokens = await tokensFor(visitTo(sandbox, index));
    expect(tokens.scope.split(" ").toSorted()).toEqual(
      clientScopes.filter((scope) => !scope.startsWith("api:")).toSorted(),
    );
    expect((await call(sandbox, tokens, { path: "/api/patient?lname=Qui" })).status).toBe(200);
  }
});

test.each([
  "2026-12-08T09:30:00-05:00",
  "2026-12-12T09:30:00-05:00",
  "2027-03-14T09:30:00-04:00",
  "2026-12-08T23:59:00-05:00",
])("at %s the day's list of the FHIR calendar holds today's visits", async (instant) => {
  const nowMs = Date.parse(instant);
  const sandbox = await start({ clock: { now: () => nowMs } });
  const tokens = await tokensFor(visitTo(sandbox));
  const date = dateIn(zone, nowMs);
  const bundle = (await (await call(sandbox, tokens, { path: `/fhir/Appointment?date=${date}` })).json()) as {
    entry: { resource: { start: string; participant: { actor: { reference: string } }[] } }[];
  };
  const mine = bundle.entry.filter(({ resource }) =>
    resource.participant.some(({ actor }) => actor.reference === `Practitioner/${accounts[0].userUuid}`),
  );
  expect(mine.filter(({ resource }) => resource.participant.length === 3).length).toBeGreaterThanOrEqual(5);
  expect(mine.every(({ resource }) => resource.start.startsWith(date))).toBe(true);
});

test("chart, sign-in and refresh token outlive a restart; a later day gets its appointments", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-openemr-"));
  folders.push(folder);
  const dataFile = join(folder, "chart.sqlite");
  const first = await start({ dataFile });
  const tokens = await tokensFor(visitTo(first));
  await call(first, tokens, writeNote);
  const booked = first.chart().patients.map(({ appointments }) => appointments);
  await open.pop()!.close();

  const later = tuesday + 30 * 86_400_000;
  const second = await start({ dataFile, clock: { now: () => later } });
  expect(second.chart().patients[0]?.soapNotes).toMatchObject([note]);
  expect(second.chart().patients.flatMap(({ appointments }) => appointments)).toEqual(
    expect.arrayContaining(booked.flat()),
  );
  const today = dateIn(zone, later);
  const onToday = second
    .chart()
    .patients.flatMap(({ appointments }) => appointments.filter(({ date }) => date === today));
  expect(onToday.filter(({ provider }) => provider === "dr.okafor").length).toBeGreaterThanOrEqual(5);
  const renewed = (await (await refresh(visitTo(second), tokens.refresh_token!)).json()) as Tokens;
  const readBack = await call(second, renewed, { path: "/api/patient/1/encounter/1/soap_note/1" });
  expect(await readBack.json()).toMatchObject(note);
});

test("fail: the next call is refused and nothing is written; the one after works", async () => {
  const sandbox = await start();
  const tokens = await tokensFor(visitTo(sandbox));
  sandbox.controls.fault({ kind: "fail", method: "POST", path: "/soap_note", status: 502 });
  expect((await call(sandbox, tokens, writeNote)).status).toBe(502);
  expect(sandbox.chart().patients[0]?.soapNotes).toEqual([]);
  expect((await call(sandbox, tokens, writeNote)).status).toBe(201);
});

test("lose-answer: the note is in the chart although the line was cut", async () => {
  const sandbox = await start();
  const tokens = await tokensFor(visitTo(sandbox));
  sandbox.controls.fault({ kind: "lose-answer", method: "POST", path: "/soap_note" });
  await expect(call(sandbox, tokens, writeNote)).rejects.toThrow("fetch failed");
  expect(sandbox.chart().patients[0]?.soapNotes).toHaveLength(1);
});

test("down and up: refused sockets, then 503, then answers", async () => {
  const sandbox = await start();
  const tokens = await tokensFor(visitTo(sandbox));
  sandbox.controls.goDown();
  await expect(call(sandbox, tokens, { path: "/api/patient" })).rejects.toThrow("fetch failed");
  sandbox.controls.goDown("unavailable");
  expect((await call(sandbox, tokens, { path: "/api/patient" })).status).toBe(503);
  sandbox.controls.comeUp();
  expect((await call(sandbox, tokens, { path: "/api/patient" })).status).toBe(200);
});

test("a login revoked elsewhere is a 400 on every call; refresh still works unless the tokens went too", async () => {
  const sandbox = await start();
  const tokens = await tokensFor(visitTo(sandbox));
  sandbox.controls.revokeLogin("dr.rivera");
  expect((await call(sandbox, tokens, { path: "/api/patient" })).status).toBe(400);
  const renewed = await refresh(visitTo(sandbox), tokens.refresh_token!);
  expect(renewed.status).toBe(200);
  sandbox.controls.revokeLogin("dr.rivera", { tokens: true });
  expect((await refresh(visitTo(sandbox), ((await renewed.json()) as Tokens).refresh_token!)).status).toBe(401);
});

test("access tokens expired by hand, and one that ran out by itself, are 401 until refreshed", async () => {
  let nowMs = tuesday;
  const sandbox = await start({ clock: { now: () => nowMs } });
  const tokens = await tokensFor(visitTo(sandbox));
  sandbox.controls.expireAccessTokens();
  expect((await call(sandbox, tokens, { path: "/api/patient" })).status).toBe(401);
  const renewed = (await (await refresh(visitTo(sandbox), tokens.refresh_token!)).json()) as Tokens;
  expect((await call(sandbox, renewed, { path: "/api/patient" })).status).toBe(200);
  nowMs += 3_601_000;
  expect((await call(sandbox, renewed, { path: "/api/patient" })).status).toBe(401);
});

test("the chart shows who booked what, and reset brings the first day back", async () => {
  const sandbox = await start();
  const eid = sandbox.controls.addAppointment({
    pid: 1,
    provider: "dr.okafor",
    date: "2026-12-22",
    startTime: "10:00",
    minutes: 30,
  });
  const [ada] = sandbox.chart().patients;
  expect(ada?.name).toBe("Ada Quill");
  expect(ada?.appointments.find((row) => row.eid === eid)).toMatchObject({
    provider: "dr.okafor",
    endTime: "10:30:00",
  });
  sandbox.controls.reset();
  expect(sandbox.chart().patients[0]?.appointments.some(({ title }) => title === "Booked elsewhere")).toBe(false);
  expect(sandbox.chart().patients).toHaveLength(12);
});

test("the controls are reachable over HTTP only when asked for", async () => {
  const closed = await start();
  expect((await fetch(`${closed.url}/sandbox/chart`)).status).toBe(404);
  const opened = await start({ httpControls: true });
  const post = (path: string, body: unknown) =>
    fetch(`${opened.url}/sandbox/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const third = { pid: 1, provider: "dr.rivera", date: "2026-12-22", startTime: "10:00", minutes: 15 };
  expect(await (await post("appointment", third)).json()).toEqual({ eid: expect.any(Number) as number });
  expect((await post("appointment", { ...third, date: "soon" })).status).toBe(400);
  expect((await post("fault", { kind: "fail", status: 429 })).status).toBe(200);
  expect((await fetch(`${opened.url}/oauth2/default/jwk`)).status).toBe(429);
  const chart = (await (await fetch(`${opened.url}/sandbox/chart`)).json()) as { patients: unknown[] };
  expect(chart.patients).toHaveLength(12);
});

test("a code is bound to its verifier and dies with the next sign-in of the same user", async () => {
  const sandbox = await start();
  const visit = visitTo(sandbox);
  const first = await signIn(visit);
  expect((await exchange(visit, { ...first, verifier: `${first.verifier}x` })).status).toBe(400);
  await signIn(visit);
  expect((await exchange(visit, first)).status).toBe(400);
});
