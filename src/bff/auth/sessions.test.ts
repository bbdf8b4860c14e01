import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UserId } from "#model/id.ts";
import { createAuth } from "./auth.ts";
import { createSeal } from "./seal.ts";
import { createSuccessors } from "./successors.ts";
import {
  createBrowser,
  doctor,
  front,
  signIn,
  startTestClinic,
  type Browser,
  type TestClinic,
} from "./test-sign-in.ts";

const minute = 60_000;
let clinic: TestClinic;
let browser: Browser;
beforeEach(async () => {
  clinic = await startTestClinic();
  browser = createBrowser(clinic);
  await signIn(clinic, browser, doctor);
});
afterEach(async () => {
  await clinic.app.close();
  await clinic.store.close();
});

const logouts = (): number => clinic.openEmr.asked.filter((request) => request.url.includes("/logout?")).length;
const refreshes = (): number =>
  clinic.openEmr.asked.filter((request) => request.body?.includes("grant_type=refresh_token")).length;
const token = async (who: Browser = browser): Promise<string> =>
  ((await who.get("/api/token")).json() as { token: string }).token;
const objects = async (): Promise<unknown[]> =>
  (await clinic.store.query("SELECT object FROM audit ORDER BY seq")).map((row) => row["object"]);
const fileWaits = (state: string) =>
  clinic.store.transact({
    statements: [
      { sql: "DELETE FROM filings", params: [] },
      {
        sql: "INSERT INTO filings (visit_id, clinician_id, state, next_try_at) VALUES ('v', ?, ?, 0)",
        params: [doctor.sub, state],
      },
    ],
  });

test("fifteen minutes without a request end a session, a request in time keeps it", async () => {
  clinic.clock.ms += 14 * minute;
  expect((await browser.post("/api/activity")).status).toBe(200);
  clinic.clock.ms += 14 * minute;
  expect((await browser.post("/api/activity")).status).toBe(200);
  clinic.clock.ms += 15 * minute;
  expect((await browser.post("/api/activity")).status).toBe(401);
  expect(await objects()).toEqual(["signed in", "session ended: idle"]);
  expect(clinic.ended).toHaveLength(1);
});

test("what the page asks on its own is no activity", async () => {
  for (let n = 0; n < 3; n += 1) {
    clinic.clock.ms += 4 * minute;
    expect((await browser.get("/api/peek")).status).toBe(200);
    expect((await browser.get("/api/session")).status).toBe(200);
  }
  clinic.clock.ms += 3 * minute;
  expect((await browser.get("/api/peek")).status).toBe(401);
});

test("twelve hours end a session whatever happens", async () => {
  for (let n = 0; n < 12 * 6 - 1; n += 1) {
    clinic.clock.ms += 10 * minute;
    expect((await browser.post("/api/activity")).status).toBe(200);
  }
  clinic.clock.ms += 10 * minute;
  expect((await browser.post("/api/activity")).status).toBe(401);
  expect((await objects()).at(-1)).toBe("session ended: 12 hours");
});

test("the sweep ends what nobody asks for any more", async () => {
  clinic.clock.ms += 15 * minute;
  await clinic.auth.sweep();
  expect(await clinic.store.query("SELECT * FROM sessions")).toEqual([]);
  expect(logouts()).toBe(1);
});

test("signing out destroys the session here and tells OpenEMR", async () => {
  const sid = browser.cookies.get("__Host-sid") ?? "";
  expect((await browser.post("/auth/logout")).status).toBe(204);
  expect(browser.cookies.has("__Host-sid")).toBe(false);
  browser.cookies.set("__Host-sid", sid);
  expect((await browser.get("/api/session")).status).toBe(401);
  expect(logouts()).toBe(1);
  expect(clinic.ended).toHaveLength(1);
  expect(await clinic.auth.tokenOf(UserId.parse(doctor.sub))).toBeUndefined();
  expect((await browser.post("/auth/logout")).status).toBe(204);
});

test("signing out works while OpenEMR is away", async () => {
  clinic.openEmr.down = true;
  expect((await browser.post("/auth/logout")).status).toBe(204);
  expect((await browser.get("/api/session")).status).toBe(401);
});

test("OpenEMR hears of a sign-out only when it was the user's last session: it would end the others too", async () => {
  const other = createBrowser(clinic);
  await signIn(clinic, other, doctor);
  await browser.post("/auth/logout");
  expect(logouts()).toBe(0);
  expect((await other.get("/api/session")).status).toBe(200);
  await other.post("/auth/logout");
  expect(logouts()).toBe(1);
});

test("while a signed note waits, its author's grant stays for filing alone, and goes when the queue is empty", async () => {
  await fileWaits("waiting");
  const sid = browser.cookies.get("__Host-sid") ?? "";
  await browser.post("/auth/logout");
  browser.cookies.set("__Host-sid", sid);
  expect((await browser.get("/api/session")).status).toBe(401);
  expect((await browser.post("/api/activity")).status).toBe(401);
  expect(await clinic.auth.tokenOf(UserId.parse(doctor.sub))).toEqual(expect.any(String));
  await clinic.auth.sweep();
  expect(logouts()).toBe(0);
  await fileWaits("verified");
  await clinic.auth.sweep();
  expect(await clinic.auth.tokenOf(UserId.parse(doctor.sub))).toBeUndefined();
  expect(logouts()).toBe(1);
});

test("a grant for filing is given up after seven days", async () => {
  await fileWaits("waiting");
  await browser.post("/auth/logout");
  clinic.clock.ms += 7 * 24 * 60 * minute;
  await clinic.auth.sweep();
  expect(await clinic.store.query("SELECT * FROM sessions")).toEqual([]);
});

test("a token is refreshed five minutes before it ends, once for all who ask at the same time", async () => {
  const first = await token();
  clinic.clock.ms += 54 * minute;
  await keepAwake();
  expect(await token()).toBe(first);
  clinic.clock.ms += 2 * minute;
  let release: () => void = () => undefined;
  clinic.openEmr.beforeRefresh = () => new Promise((resolve) => (release = resolve));
  const asked = [token(), token(), token()];
  await until(() => refreshes() > 0);
  release();
  const tokens = await Promise.all(asked);
  expect(new Set(tokens).size).toBe(1);
  expect(tokens[0]).not.toBe(first);
  expect(refreshes()).toBe(1);
  expect(clinic.waits).toBe(0);
});

test("a server that takes no scope at a refresh (7.0.0) is asked without it, with the same token", async () => {
  clinic.openEmr.refreshWithoutScope = true;
  const before = await token();
  clinic.clock.ms += 14 * minute;
  for (let n = 0; n < 4; n += 1, clinic.clock.ms += 14 * minute) await browser.post("/api/activity");
  expect(await token()).not.toBe(before);
  expect(refreshes()).toBe(2);
});

test("two programs that share the store refresh once: the second waits for the first", async () => {
  let first: Promise<unknown> = Promise.resolve();
  const waits = vi.fn<() => Promise<void>>(() => first.then(() => undefined));
  const second = createAuth({
    ...clinic,
    audit: {
      entry: () => {
        throw new Error("unused");
      },
      background: () => {
        throw new Error("unused");
      },
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    seal: createSeal([new Uint8Array(32).fill(7)]),
    send: clinic.openEmr.send,
    successors: createSuccessors(clinic.clock),
    onEnded: () => undefined,
    onSignedIn: () => undefined,
    wait: waits,
  });
  clinic.clock.ms += 56 * minute;
  await keepAwake();
  let release: () => void = () => undefined;
  clinic.openEmr.beforeRefresh = () => new Promise((resolve) => (release = resolve));
  const user = UserId.parse(doctor.sub);
  first = clinic.auth.tokenOf(user);
  await until(() => refreshes() > 0);
  const other = second.tokenOf(user);
  await until(() => waits.mock.calls.length > 0);
  release();
  expect(await other).toBe(await first);
  expect(refreshes()).toBe(1);
});

test("a lease left by a program that died is taken over when it is out", async () => {
  clinic.clock.ms += 56 * minute;
  await keepAwake();
  await clinic.store.transact({
    statements: [{ sql: "UPDATE sessions SET refresh_lease_until = ?", params: [clinic.clock.ms + 15_000] }],
  });
  const asked = token();
  for (let n = 0; n < 5; n += 1) await new Promise((resolve) => setImmediate(resolve));
  clinic.clock.ms += 15_000;
  expect(await asked).toEqual(expect.any(String));
  expect(refreshes()).toBe(1);
});

test("OpenEMR refusing the refresh token ends the session", async () => {
  clinic.openEmr.refreshTokens.clear();
  clinic.clock.ms += 56 * minute;
  await keepAwake();
  expect((await browser.get("/api/token")).status).toBe(401);
  expect((await browser.get("/api/session")).status).toBe(401);
  expect((await objects()).at(-1)).toBe("session ended: OpenEMR takes its token no more");
});

test("while OpenEMR is away a token that still works is used, and later the failure is told", async () => {
  const first = await token();
  clinic.clock.ms += 56 * minute;
  await keepAwake();
  clinic.openEmr.down = true;
  expect(await token()).toBe(first);
  clinic.clock.ms += 4 * minute;
  await keepAwake();
  expect((await browser.get("/api/token")).status).toBe(503);
  clinic.openEmr.down = false;
  expect(await token()).not.toBe(first);
});

test("signing out during a refresh wins: the fresh tokens are thrown away", async () => {
  clinic.clock.ms += 56 * minute;
  await keepAwake();
  let release: () => void = () => undefined;
  clinic.openEmr.beforeRefresh = () => new Promise((resolve) => (release = resolve));
  const asked = browser.get("/api/token");
  await until(() => refreshes() > 0);
  await createBrowserLike(browser).post("/auth/logout");
  release();
  expect((await asked).status).toBe(401);
  expect(await clinic.store.query("SELECT * FROM sessions")).toEqual([]);
});

test("a session whose sealing key is gone is signed out, not broken", async () => {
  const sealed = createSeal([new Uint8Array(32).fill(9)]).seal("{}", "row");
  await clinic.store.transact({ statements: [{ sql: "UPDATE sessions SET grant_sealed = ?", params: [sealed] }] });
  expect((await browser.get("/api/token")).json()).toMatchObject({ status: 401, problem: { code: "signed_out" } });
  expect((await browser.post("/auth/logout")).status).toBe(204);
  expect((await signIn(clinic, browser, doctor)).status).toBe(200);
});

test("another role is refused, and the audit says so", async () => {
  const desk = createBrowser(clinic);
  await signIn(clinic, desk, front);
  expect((await desk.get("/api/token")).json()).toMatchObject({ status: 403, problem: { code: "forbidden" } });
  expect(await clinic.store.query("SELECT actor, object FROM audit WHERE outcome = 'refused'")).toEqual([
    { actor: front.sub, object: "GET /api/token" },
  ]);
});

test("a sealed grant opens with an older key, and not in another row or with a changed byte", () => {
  const [old, now] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const sealed = createSeal([old]).seal("token", "row");
  expect(createSeal([now, old]).open(sealed, "row")).toBe("token");
  expect(() => createSeal([now]).open(sealed, "row")).toThrow("not configured");
  expect(() => createSeal([old]).open(sealed, "other row")).toThrow();
  sealed[sealed.length - 1]! ^= 1;
  expect(() => createSeal([old]).open(sealed, "row")).toThrow();
});

/** The clock jumps; the session must not count as idle because of that. */
async function keepAwake(): Promise<void> {
  await clinic.store.transact({ statements: [{ sql: "UPDATE sessions SET seen_at = ?", params: [clinic.clock.ms] }] });
}

function createBrowserLike({ cookies }: Browser): Browser {
  const copy = createBrowser(clinic);
  for (const [name, value] of cookies) copy.cookies.set(name, value);
  return copy;
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
