import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyAudit } from "#bff/audit.ts";
import type { FakeOpenEmr } from "./fake-openemr.ts";
import {
  begin,
  createBrowser,
  doctor,
  front,
  signIn,
  startTestClinic,
  tokenForm,
  type TestClinic,
} from "./test-sign-in.ts";

let clinic: TestClinic;
beforeEach(async () => {
  clinic = await startTestClinic();
});
afterEach(async () => {
  await clinic.app.close();
  await clinic.store.close();
});

const refusals = async (): Promise<unknown[]> =>
  (await clinic.store.query("SELECT object FROM audit WHERE outcome <> 'ok'")).map((row) => row["object"]);
const sessions = (): Promise<unknown[]> => clinic.store.query("SELECT * FROM sessions");

test("a clinician signs in and the page never sees a token", async () => {
  const browser = createBrowser(clinic);
  const answer = await signIn(clinic, browser, doctor);
  expect(answer.json()).toEqual({
    access_token: "held",
    token_type: "Bearer",
    scope: "chartside",
    expires_in: 12 * 60 * 60,
  });
  expect(answer.setCookies.join("\n")).toMatch(
    /__Host-sid=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict/u,
  );
  expect((await browser.get("/api/session")).json()).toEqual({
    user: { id: "user-doctor", name: "Kim Lee", role: "clinician" },
    absoluteExpiry: "2026-11-22T00:00:00.000Z",
  });
  expect(await clinic.store.query("SELECT actor, role, object, outcome FROM audit")).toEqual([
    { actor: "user-doctor", role: "clinician", object: "signed in", outcome: "ok" },
  ]);
});

test.each([
  [{ sub: "a", kind: "admin", name: "Root" } as const, { role: "administrator", name: "Kim Root" }],
  [{ sub: "f", kind: "front", name: "Ames" } as const, { role: "front_desk", name: "Kim Ames" }],
  [{ sub: "o", kind: "front on 7.0.0" } as const, { role: "front_desk", name: "Signed in" }],
])("OpenEMR shows who has which role: %o", async (user, expected) => {
  const browser = createBrowser(clinic);
  await signIn(clinic, browser, user);
  expect((await browser.get("/api/session")).json()).toMatchObject({ user: expected });
});

test("a role given by the administrator goes before the one that OpenEMR shows", async () => {
  await clinic.store.transact({
    statements: [{ sql: "INSERT INTO roles (user_id, role) VALUES (?, ?)", params: [front.sub, "clinician"] }],
  });
  const browser = createBrowser(clinic);
  await signIn(clinic, browser, front);
  expect((await browser.get("/api/session")).json()).toMatchObject({ user: { role: "clinician" } });
});

test("a failing OpenEMR makes nobody a clinician", async () => {
  clinic.openEmr.apiFails = true;
  const answer = await signIn(clinic, createBrowser(clinic), front);
  expect(answer.json()).toMatchObject({ status: 503, problem: { code: "openemr_down", detail: "role probe 500" } });
  expect(await sessions()).toEqual([]);
});

test("no login cookie, no exchange", async () => {
  const browser = createBrowser(clinic);
  const code = await begin(clinic, browser, doctor);
  browser.cookies.clear();
  const answer = await browser.post("/auth/token", tokenForm(clinic, code));
  expect(answer.json()).toMatchObject({ status: 403, problem: { code: "sign_in_failed", detail: "no login cookie" } });
  expect(clinic.openEmr.asked).toEqual([]);
  expect(await refusals()).toEqual([]);
  expect(clinic.logged.join("")).toContain("no login cookie");
});

test("the login cookie works once, even if the first use failed", async () => {
  const browser = createBrowser(clinic);
  const code = await begin(clinic, browser, doctor);
  const login = browser.cookies.get("__Host-login") ?? "";
  const wrong = tokenForm(clinic, code);
  wrong.set("redirect_uri", "http://localhost:3000/elsewhere");
  expect((await browser.post("/auth/token", wrong)).status).toBe(403);
  expect(browser.cookies.has("__Host-login")).toBe(false);
  browser.cookies.set("__Host-login", login);
  expect((await browser.post("/auth/token", tokenForm(clinic, code))).json()).toMatchObject({
    problem: { detail: "login cookie used or over" },
  });
  expect(await sessions()).toEqual([]);
});

test("a login begun more than ten minutes ago is over", async () => {
  const browser = createBrowser(clinic);
  const code = await begin(clinic, browser, doctor);
  clinic.clock.ms += 10 * 60_000;
  expect((await browser.post("/auth/token", tokenForm(clinic, code))).status).toBe(403);
});

test("a code that was used is refused in another login, although OpenEMR exchanges it again", async () => {
  const browser = createBrowser(clinic);
  const code = await begin(clinic, browser, doctor);
  expect((await browser.post("/auth/token", tokenForm(clinic, code))).status).toBe(200);
  const thief = createBrowser(clinic);
  await thief.post("/auth/begin");
  const answer = await thief.post("/auth/token", tokenForm(clinic, code));
  expect(answer.json()).toMatchObject({ problem: { code: "sign_in_failed", detail: "id_token: nonce" } });
  expect(thief.cookies.has("__Host-sid")).toBe(false);
});

const changes: [string, (form: URLSearchParams) => void][] = [
  ["a parameter twice", (form) => form.append("code", "another")],
  ["one parameter more", (form) => form.append("scope", "openid")],
  ["one parameter less", (form) => form.delete("client_id")],
  ["a client secret", (form) => form.append("client_secret", "guess")],
  ["another grant type", (form) => form.set("grant_type", "password")],
  ["another client", (form) => form.set("client_id", "another")],
  ["another redirect URI", (form) => form.set("redirect_uri", "http://evil.example/callback")],
  ["a short verifier", (form) => form.set("code_verifier", "v".repeat(42))],
  ["a long verifier", (form) => form.set("code_verifier", "v".repeat(129))],
  ["a verifier of other characters", (form) => form.set("code_verifier", `${"v".repeat(43)} `)],
  ["an empty code", (form) => form.set("code", "")],
];
test.each(changes)("a form with %s never reaches OpenEMR", async (_, change) => {
  const browser = createBrowser(clinic);
  const form = tokenForm(clinic, await begin(clinic, browser, doctor));
  change(form);
  const answer = await browser.post("/auth/token", form);
  expect(answer.json()).toMatchObject({ status: 403, problem: { code: "sign_in_failed" } });
  expect(clinic.openEmr.asked).toEqual([]);
  expect(await refusals()).toHaveLength(1);
});

const lies: [string, (openEmr: FakeOpenEmr) => void, string][] = [
  ["no signature", (openEmr) => (openEmr.signature = "none"), "ERR_JOSE_ALG_NOT_ALLOWED"],
  ["a symmetric signature", (openEmr) => (openEmr.signature = "HS256"), "ERR_JOSE_ALG_NOT_ALLOWED"],
  ["another key", (openEmr) => (openEmr.signature = "other key"), "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"],
  ["another audience", (openEmr) => (openEmr.idToken = { aud: "another" }), "ERR_JWT_CLAIM_VALIDATION_FAILED"],
  ["another issuer", (openEmr) => (openEmr.idToken = { iss: "http://evil" }), "ERR_JWT_CLAIM_VALIDATION_FAILED"],
  ["another nonce", (openEmr) => (openEmr.idToken = { nonce: "guess" }), "nonce"],
  ["no nonce", (openEmr) => (openEmr.idToken = { nonce: undefined }), "ERR_JWT_CLAIM_VALIDATION_FAILED"],
  ["another person", (openEmr) => (openEmr.idToken = { sub: "user-admin" }), "sub"],
  ["another party", (openEmr) => (openEmr.idToken = { azp: "another" }), "azp"],
  [
    "an end in the past",
    (openEmr) => (openEmr.idToken = { exp: Date.UTC(2026, 10, 21, 11) / 1000 }),
    "ERR_JWT_EXPIRED",
  ],
  ["an early start", (openEmr) => (openEmr.idToken = { iat: Date.UTC(2026, 10, 21, 11) / 1000 }), "ERR_JWT_EXPIRED"],
  ["no time", (openEmr) => (openEmr.idToken = { iat: undefined }), "ERR_JWT_CLAIM_VALIDATION_FAILED"],
];
test.each(lies)("an id_token with %s signs nobody in", async (_, lie, word) => {
  lie(clinic.openEmr);
  const answer = await signIn(clinic, createBrowser(clinic), doctor);
  expect(answer.json()).toMatchObject({
    status: 403,
    problem: { code: "sign_in_failed", detail: `id_token: ${word}` },
  });
  expect(await sessions()).toEqual([]);
  expect(await refusals()).toEqual([`sign-in: id_token: ${word}`]);
});

test("a new key of OpenEMR is found by reading its key set again", async () => {
  await signIn(clinic, createBrowser(clinic), doctor);
  await clinic.openEmr.rotateKey();
  expect((await signIn(clinic, createBrowser(clinic), doctor)).status).toBe(200);
});

test("without the right to OpenEMR's API nobody gets in, and the answer says which", async () => {
  clinic.openEmr.scopes = ["openid", "api:fhir"];
  const answer = await signIn(clinic, createBrowser(clinic), doctor);
  expect(answer.json()).toMatchObject({ problem: { detail: "id_token: scope api:oemr was not granted" } });
});

test("a session id that an attacker planted is never the one in use", async () => {
  const browser = createBrowser(clinic);
  browser.cookies.set("__Host-sid", "planted");
  await signIn(clinic, browser, doctor);
  expect(browser.cookies.get("__Host-sid")).not.toBe("planted");
  const attacker = createBrowser(clinic);
  attacker.cookies.set("__Host-sid", "planted");
  expect((await attacker.get("/api/session")).status).toBe(401);
});

test("signing in again in the same browser ends the session before", async () => {
  const browser = createBrowser(clinic);
  await signIn(clinic, browser, doctor);
  const before = browser.cookies.get("__Host-sid") ?? "";
  await signIn(clinic, browser, doctor);
  expect(await sessions()).toHaveLength(1);
  const old = createBrowser(clinic);
  old.cookies.set("__Host-sid", before);
  expect((await old.get("/api/session")).status).toBe(401);
});

test("only hashes and sealed tokens are stored; log, audit and answers hold no secret", async () => {
  const browser = createBrowser(clinic);
  const code = await begin(clinic, browser, doctor);
  const login = browser.cookies.get("__Host-login") ?? "none";
  const answer = await browser.post("/auth/token", tokenForm(clinic, code));
  const { token } = (await browser.get("/api/token")).json() as { token: string };
  await browser.post("/auth/token", tokenForm(clinic, code));
  const rows = await Promise.all(
    ["sessions", "logins", "audit"].map((table) => clinic.store.query(`SELECT * FROM ${table}`)),
  );
  const stored = Buffer.concat(
    rows
      .flat()
      .flatMap((row) =>
        Object.values(row).map((value) => Buffer.from(value instanceof Uint8Array ? value : `${value}`)),
      ),
  ).toString("latin1");
  const sid = browser.cookies.get("__Host-sid") ?? "none";
  for (const secret of [token, sid, login, "refresh-0", "the-secret", code]) {
    expect(stored).not.toContain(secret);
    expect(clinic.logged.join("")).not.toContain(secret);
    expect(answer.body).not.toContain(secret);
  }
  expect(clinic.logged.join("")).toContain("/auth/token");
  expect(await verifyAudit(clinic.store)).toMatchObject({ intact: true });
});
