/** A clinic server with sign-in and nothing else, and a browser that signs in, for tests. */
import type { FastifyInstance } from "fastify";
import { createApp } from "#bff/app.ts";
import { createAudit } from "#bff/audit.ts";
import { readConfig, type Config } from "#bff/config.ts";
import { createLog } from "#bff/log.ts";
import { authRoutes } from "#bff/routes/auth.ts";
import { sessionRoutes } from "#bff/routes/session.ts";
import { createMemoryStore } from "#bff/store/memory-store.ts";
import type { Store } from "#bff/store/store.ts";
import { createAuth, type FullAuth } from "./auth.ts";
import { createFakeOpenEmr, type FakeOpenEmr, type FakeUser } from "./fake-openemr.ts";
import { issuerOf } from "./openid.ts";
import { createSeal } from "./seal.ts";
import { createSuccessors } from "./successors.ts";

export const doctor: FakeUser = { sub: "user-doctor", kind: "doctor", name: "Lee" };
export const front: FakeUser = { sub: "user-front", kind: "front", name: "Ames" };
export const verifier = "v".repeat(43);

export type TestClinic = {
  app: FastifyInstance;
  auth: FullAuth;
  store: Store;
  config: Config;
  openEmr: FakeOpenEmr;
  clock: { ms: number; now(): number };
  logged: string[];
  ended: string[];
  /** How often somebody waited for another program's refresh. */
  waits: number;
};

export async function startTestClinic(): Promise<TestClinic> {
  const clock = { ms: Date.UTC(2026, 10, 21, 12), now: () => clock.ms };
  const config = readConfig({ OPENEMR_CLIENT_SECRET: "the-secret" });
  const openEmr = await createFakeOpenEmr({
    issuer: issuerOf(config),
    clientId: config.OPENEMR_CLIENT_ID,
    clientSecret: config.OPENEMR_CLIENT_SECRET,
    clock,
  });
  const store = createMemoryStore();
  const logged: string[] = [];
  const ended: string[] = [];
  const log = createLog({ level: "debug", destination: { write: (line) => void logged.push(line) } });
  const auth = createAuth({
    config,
    clock,
    store,
    log,
    audit: createAudit(clock),
    seal: createSeal([new Uint8Array(32).fill(7)]),
    send: openEmr.send,
    successors: createSuccessors(clock),
    onEnded: (hash) => void ended.push(hash),
    onSignedIn: () => undefined,
    wait: () => {
      clinic.waits += 1;
      return new Promise((resolve) => setImmediate(resolve));
    },
  });
  const app = createApp({
    origin: config.CHARTSIDE_ORIGIN,
    log,
    routes: [
      authRoutes({ auth }),
      sessionRoutes({ auth }),
      async (routes) => {
        routes.get("/api/token", async (request) => {
          const principal = await auth.require(request, ["clinician"]);
          return { token: await principal.accessToken() };
        });
        routes.post("/api/activity", async (request) => (await auth.require(request, ["clinician"])).user);
        routes.get("/api/peek", { config: { passive: true } }, async (request) => {
          return (await auth.require(request, ["clinician"])).user;
        });
      },
    ],
  });
  const clinic: TestClinic = { app, auth, store, config, openEmr, clock, logged, ended, waits: 0 };
  return clinic;
}

export type Browser = {
  cookies: Map<string, string>;
  headers: Record<string, string>;
  get(url: string): Promise<Answer>;
  post(url: string, form?: URLSearchParams): Promise<Answer>;
};
export type Answer = { status: number; body: string; json: () => unknown; setCookies: string[] };

/** Keeps cookies and sends the headers that a browser on our own page sends. */
export function createBrowser({ app }: Pick<TestClinic, "app">): Browser {
  const cookies = new Map<string, string>();
  const headers = { host: "localhost:3000", origin: "http://localhost:3000", "x-bff": "1" };
  const send = async (method: "GET" | "POST", url: string, payload?: string): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const type = payload === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
    const answer = await app.inject({
      method,
      url,
      headers: { ...browser.headers, ...type, ...(cookie === "" ? {} : { cookie }) },
      ...(payload === undefined ? {} : { payload }),
    });
    for (const { name, value } of answer.cookies) {
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    const set = answer.headers["set-cookie"];
    return {
      status: answer.statusCode,
      body: answer.body,
      json: () => answer.json(),
      setCookies: set === undefined ? [] : [set].flat(),
    };
  };
  const browser: Browser = {
    cookies,
    headers,
    get: (url) => send("GET", url),
    post: (url, form) => send("POST", url, form?.toString()),
  };
  return browser;
}

/** The form as oidc-client-ts posts it. */
export function tokenForm(clinic: Pick<TestClinic, "config">, code: string): URLSearchParams {
  return new URLSearchParams({
    grant_type: "authorization_code",
    client_id: clinic.config.OPENEMR_CLIENT_ID,
    redirect_uri: `${clinic.config.CHARTSIDE_ORIGIN}/callback`,
    code,
    code_verifier: verifier,
  });
}

/** Begins at our server and comes back from OpenEMR with a code. */
export async function begin(clinic: TestClinic, browser: Browser, user: FakeUser): Promise<string> {
  const { nonce } = (await browser.post("/auth/begin")).json() as { nonce: string };
  return clinic.openEmr.code(user, nonce);
}

export async function signIn(clinic: TestClinic, browser: Browser, user: FakeUser): Promise<Answer> {
  const code = await begin(clinic, browser, user);
  return browser.post("/auth/token", tokenForm(clinic, code));
}
