/** The whole clinic server against the sandbox OpenEMR, over real sockets. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSandboxOpenEmr, type SandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import { signIn as throughThePages } from "#sandbox/openemr/replay/visitor.ts";
import { accounts } from "#sandbox/seed.ts";
import { createBrowser, type Answer, type Browser } from "./auth/test-sign-in.ts";
import { readConfig, type Config } from "./config.ts";
import { createLog } from "./log.ts";
import { insertRow, type Columns } from "./visits/insert-row.ts";
import { startUpkeep } from "./upkeep.ts";
import { wireUp, type ClinicServer } from "./wire-up.ts";

const minute = 60_000;
const clock = { ms: 0, now: () => clock.ms };
let folder = "";
let config: Config;
let sandbox: SandboxOpenEmr;
let clinic: ClinicServer;
let stopUpkeep: () => void;
let logged: string[] = [];

beforeEach(async () => {
  clock.ms = Date.UTC(2026, 10, 20, 15);
  folder = await mkdtemp(join(tmpdir(), "chartside-clinic-"));
  sandbox = await createSandboxOpenEmr({ clock });
  config = readConfig({ CHARTSIDE_DATA_DIR: folder, OPENEMR_URL: sandbox.url, SCRIBE_URL: "http://127.0.0.1:9" });
  await start();
});
afterEach(async () => {
  await stop();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

async function start(): Promise<void> {
  logged = [];
  const log = createLog({ level: "debug", destination: { write: (line) => void logged.push(line) } });
  clinic = await wireUp({ config, log, clock });
  stopUpkeep = await startUpkeep(clinic.parts);
}

async function stop(): Promise<void> {
  stopUpkeep();
  await clinic.close();
}

type Visitor = { username: string; untick?: string[] };

/** Through OpenEMR's own pages and back. */
async function signIn(browser: Browser, { username, untick = [] }: Visitor): Promise<Answer> {
  const account = accounts.find((one) => one.username === username);
  const { nonce, scope } = (await browser.post("/auth/begin")).json() as { nonce: string; scope: string };
  const { code, verifier } = await throughThePages({
    url: sandbox.url,
    username,
    password: account?.password ?? "",
    clientId: config.OPENEMR_CLIENT_ID,
    clientSecret: config.OPENEMR_CLIENT_SECRET,
    redirectUri: `${config.CHARTSIDE_ORIGIN}/callback`,
    scopes: scope.split(" "),
    nonce,
    untick,
  });
  const form = { client_id: config.OPENEMR_CLIENT_ID, redirect_uri: `${config.CHARTSIDE_ORIGIN}/callback`, code };
  return browser.post(
    "/auth/token",
    new URLSearchParams({ ...form, grant_type: "authorization_code", code_verifier: verifier }),
  );
}

test.each(accounts.map((account) => [account.username, account] as const))(
  "%s signs in with OpenEMR and has the role that OpenEMR gives",
  async (username, { role, name, userUuid }) => {
    const browser = createBrowser(clinic);
    expect((await signIn(browser, { username })).status).toBe(200);
    expect((await browser.get("/api/session")).json()).toMatchObject({ user: { id: userUuid, name, role } });
    const allowed = { clinician: 200, administrator: 200, front_desk: 403 }[role];
    expect((await browser.get("/api/worklist")).status).toBe(allowed);
  },
);

test("a session goes on over restarts and refreshes of its token, and ends with sign-out, here and at OpenEMR", async () => {
  const browser = createBrowser(clinic);
  await signIn(browser, { username: "dr.rivera" });
  for (let n = 0; n < 8; n += 1) {
    clock.ms += 14 * minute;
    expect((await browser.get("/api/worklist")).status).toBe(200);
  }
  await stop();
  await start();
  const after = createBrowser(clinic);
  for (const [name, value] of browser.cookies) after.cookies.set(name, value);
  const list = await after.get("/api/worklist");
  expect(list.json()).toMatchObject({ stale: false });
  expect((await after.post("/auth/logout")).status).toBe(204);
  expect((await after.get("/api/worklist")).status).toBe(401);
  expect(logged.join("")).not.toContain("not told");
});

test("a consent page without the API's tick is a sign-in that failed, and the answer says why", async () => {
  const answer = await signIn(createBrowser(clinic), { username: "dr.rivera", untick: ["api:oemr"] });
  expect(answer.json()).toMatchObject({
    problem: { code: "sign_in_failed", detail: "id_token: scope api:oemr was not granted" },
  });
});

test("the administrator reads the audit trail; nobody else does", async () => {
  const doctor = createBrowser(clinic);
  await signIn(doctor, { username: "dr.rivera" });
  await doctor.get("/api/worklist");
  expect((await doctor.get("/api/audit")).status).toBe(403);
  const admin = createBrowser(clinic);
  await signIn(admin, { username: "admin" });
  const page = (await admin.get("/api/audit")).json() as {
    rows: { object: string; outcome: string }[];
    intact: boolean;
  };
  expect(page.intact).toBe(true);
  expect(page.rows[0]).toMatchObject({ object: "audit", outcome: "ok" });
  expect(page.rows.map((row) => `${row.object} ${row.outcome}`)).toContain("GET /api/audit refused");
  expect((await admin.get("/api/audit?before=2")).json()).toMatchObject({ rows: [{ seq: 1, object: "signed in" }] });
  await clinic.parts.store.transact({
    statements: [{ sql: "UPDATE audit SET actor = 'x' WHERE seq = 1", params: [] }],
  });
  clock.ms += minute;
  expect((await admin.get("/api/audit")).json()).toMatchObject({ intact: false });
});

test("no patient and no secret reaches the log", async () => {
  const browser = createBrowser(clinic);
  await signIn(browser, { username: "dr.rivera" });
  const list = (await browser.get("/api/worklist")).json() as { rows: { patient: { name: string } }[] };
  await browser.get("/api/worklist?date=Quill");
  expect(list.rows.length).toBeGreaterThan(0);
  const lines = logged.join("");
  for (const { patient } of list.rows) expect(lines).not.toContain(patient.name);
  for (const secret of [...browser.cookies.values(), config.OPENEMR_CLIENT_SECRET, "eyJ", "Quill"]) {
    expect(lines).not.toContain(secret);
  }
  expect(lines).toContain("/api/worklist");
});

const visitId = "66666666-6666-4666-8666-666666666666";
const followUpId = "11111111-1111-4111-8111-111111111111";
const noteWord = "zebrafish";

/** A signed visit whose note, transcript, evidence and codes all hold the word, and the follow-up that it asked for. */
async function plantNote(): Promise<void> {
  const patient = JSON.stringify({ id: "patient-1", name: "Ana Diaz", birthDate: null, recordNumber: "1", sex: null });
  const section = `The ${noteWord} is well.`;
  const note = JSON.stringify({ subjective: section, objective: section, assessment: section, plan: section });
  const at = clock.ms;
  const insert = (table: string, columns: Columns) => insertRow(table, columns);
  const whose = { clinician_id: "user-lee", clinician_name: "Kim Lee", patient_json: patient };
  const person = { ...whose, patient_id: "patient-1", patient_pid: "1", reason: "Cough" };
  const times = { started_at: at, created_at: at, updated_at: at };
  const statements = [
    insert("visits", { ...person, ...times, id: visitId, consent_json: "{}", device: "Room 3", state: "signed" }),
    insert("drafts", {
      visit_id: visitId,
      draft_json: note,
      transcript_json: note,
      evidence_json: note,
      follow_ups_json: "[]",
      created_at: at,
    }),
    insert("revisions", { visit_id: visitId, revision: 1, note_json: note, saved_at: at, saved_by: "user-lee" }),
    insert("signed_notes", {
      visit_id: visitId,
      note_json: note,
      sha256: "0".repeat(64),
      signed_at: at,
      signed_by: "user-lee",
      signer_name: "Kim Lee",
      drafted_with: "x",
    }),
    insert("follow_ups", {
      ...person,
      id: followUpId,
      visit_id: visitId,
      sentence: "Back in two weeks.",
      due: "2026-12-07",
      window_from: "2026-12-04",
      window_to: "2026-12-14",
      state: "open",
      asked_at: at,
    }),
  ];
  await clinic.parts.store.transact({ statements });
}

/** All that the front desk may ask for. A route that is not here must refuse it, also one that is added later. */
const deskMay = new Set([
  "GET /api/session",
  "GET /api/services",
  "GET /api/events",
  "POST /api/patients",
  "POST /api/patients/search",
  "POST /auth/begin",
  "POST /auth/token",
  "POST /auth/logout",
  "GET /api/desk/follow-ups",
  "GET /api/desk/follow-ups/:id/times",
  "POST /api/desk/follow-ups/:id/bookings",
  "POST /api/desk/follow-ups/:id/cancellation",
  "POST /api/desk/follow-ups/:id/state",
  "POST /api/desk/follow-ups/:id/waitlist",
  "POST /api/desk/confirmation",
  "GET /api/desk/calendar",
  // For everybody, signed in or not; webhooks prove themselves by signature.
  "GET /healthz",
  "GET /readyz",
  "GET /.well-known/jwks.json",
  "GET /api/bootstrap",
  "POST /webhooks/:service",
  "GET /*",
]);

test("the front desk reads no note by any route: each one refuses it or holds no word of it", async () => {
  await stop();
  const routes: string[] = [];
  const bare = { ...config, CHARTSIDE_STATIC_DIR: join(folder, "no-pages") };
  clinic = await wireUp({ config: bare, log: createLog({ level: "silent" }), clock });
  clinic.app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) if (!["HEAD", "OPTIONS"].includes(one)) routes.push(`${one} ${url}`);
  });
  await clinic.app.ready();
  stopUpkeep = await startUpkeep(clinic.parts);
  await plantNote();
  const desk = createBrowser(clinic);
  await signIn(desk, { username: "desk" });
  expect(routes.length).toBeGreaterThan(40);
  const cookie = [...desk.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const answers: Record<string, number> = {};
  for (const route of routes.filter((one) => one !== "GET /api/events" && one !== "POST /auth/logout")) {
    const [method = "GET", path = ""] = route.split(" ");
    const url = path.replace(":visitId", visitId).replace(":id", followUpId).replaceAll(/:\w+/gu, "1").replace("*", "");
    const headers = { ...desk.headers, cookie };
    const answer = await clinic.app.inject({ method: method as "GET", url, headers });
    expect(`${route} ${answer.body}`).not.toContain(noteWord);
    if (!deskMay.has(route)) answers[route] = answer.statusCode;
  }
  expect(Object.entries(answers).filter(([, status]) => status !== 403)).toEqual([]);
  expect(Object.keys(answers)).toContain("GET /api/visits/:visitId/note");
  const queue = await desk.get("/api/desk/follow-ups");
  expect(queue.body).toContain("Back in two weeks.");
});
