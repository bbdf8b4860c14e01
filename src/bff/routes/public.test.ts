import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApp } from "#bff/app.ts";
import { readConfig } from "#bff/config.ts";
import { createLog } from "#bff/log.ts";
import { createReadiness } from "#bff/readiness.ts";
import { createMemoryStore } from "#bff/store/memory-store.ts";
import { createScribes } from "#bff/scribes/scribes.ts";
import { createUpstreamHealth } from "#bff/upstream/upstream-health.ts";
import { createFakeScribe } from "#bff/visits/fake-scribe.ts";
import { problem } from "#model/problem.ts";
import { Bootstrap } from "#protocol/bff.ts";
import { bootstrapRoutes } from "./bootstrap.ts";
import { healthRoutes } from "./health.ts";
import { jwksRoutes } from "./jwks.ts";
import { staticRoutes } from "./static.ts";

const awayScribe = { ...createFakeScribe(), abilities: () => Promise.reject(problem("scribe_down")) };
const host = { host: "localhost:3000" };
const log = createLog({ level: "silent" });
const clock = { ms: Date.UTC(2026, 10, 21, 12), now: () => clock.ms };
let app: FastifyInstance | undefined;
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chartside-static-"));
});
afterEach(async () => {
  await app?.close();
  await rm(folder, { recursive: true });
});

function start(...routes: Parameters<typeof createApp>[0]["routes"]): FastifyInstance {
  app = createApp({ origin: "http://localhost:3000", log, routes });
  return app;
}

test("the app learns what it needs, and the upstreams are asked at most every five seconds", async () => {
  let chart = 200;
  const asked: string[] = [];
  const config = readConfig({
    CHARTSIDE_DEMO_ACCOUNTS: JSON.stringify([{ role: "Clinician", username: "u", password: "p" }]),
  });
  const health = createUpstreamHealth({
    config,
    clock,
    openemr: async ({ url }) => (asked.push(url), { status: chart, headers: {}, body: "" }),
    scribes: createScribes([{ name: "one", scribe: awayScribe, breaker: () => "closed" }], {
      clock,
      failoverAfterMs: null,
    }),
  });
  const server = start(
    bootstrapRoutes({
      config,
      clock,
      upstreams: { health, maxChunkMs: async () => 9000 },
      journalKeys: { current: null },
    }),
  );
  const get = async (query = ""): Promise<Bootstrap> =>
    Bootstrap.parse((await server.inject({ url: `/api/bootstrap${query}`, headers: host })).json());
  expect(await get()).toMatchObject({
    now: "2026-11-21T12:00:00.000Z",
    oidc: {
      authority: "http://127.0.0.1:8300/oauth2/default",
      authorizationEndpoint: "http://127.0.0.1:8300/oauth2/default/authorize",
      clientId: "chartside-sandbox",
    },
    upstreams: { openemr: "up", scribe: "down" },
    maxChunkMs: 9000,
    demo: { accounts: [{ role: "Clinician", username: "u", password: "p" }] },
  });
  chart = 500;
  clock.ms += 4_999;
  expect((await get()).upstreams.openemr).toBe("up");
  expect(asked).toEqual(["http://127.0.0.1:8300/oauth2/default/.well-known/openid-configuration"]);
  clock.ms += 1;
  expect((await get()).upstreams.openemr).toBe("down");
  // An app that opens does not wait for the look that it makes the clinic server take.
  chart = 200;
  clock.ms += 5_000;
  expect((await get("?upstreams=last")).upstreams.openemr).toBe("down");
  await health(); // it is over
  expect((await get("?upstreams=last")).upstreams.openemr).toBe("up");
  expect(asked).toHaveLength(3);
});

test("without demo accounts there is no banner, and a malformed list stops the start", () => {
  const parts = {
    clock,
    upstreams: { health: () => Promise.reject(new Error("unused")), maxChunkMs: async () => 9000 },
    journalKeys: { current: null },
  };
  expect(() => bootstrapRoutes({ ...parts, config: readConfig({ CHARTSIDE_DEMO_ACCOUNTS: "[1]" }) })).toThrow(
    "CHARTSIDE_DEMO_ACCOUNTS",
  );
});

test("the key set is public where it is switched on, and not there where it is not", async () => {
  const jwks = { keys: [{ kty: "RSA", kid: "one" }] };
  const on = start(jwksRoutes({ clientKeys: { jwks, sign: async () => "" } }));
  const answer = await on.inject({ url: "/.well-known/jwks.json", headers: host });
  expect(answer.json()).toEqual(jwks);
  const off = start(jwksRoutes({ clientKeys: undefined }));
  expect((await off.inject({ url: "/.well-known/jwks.json", headers: host })).statusCode).toBe(404);
});

test("ready means that the store takes a write and nobody asked the server to stop", async () => {
  const store = createMemoryStore();
  const readiness = createReadiness({ store, clock });
  const server = start(healthRoutes({ readiness }));
  const status = async (url: string): Promise<number> => (await server.inject({ url })).statusCode;
  expect(readiness.isWatched()).toBe(false);
  expect(await status("/readyz")).toBe(200);
  expect(readiness.isWatched()).toBe(true);
  readiness.drain();
  expect(await status("/readyz")).toBe(503);
  expect(await status("/healthz")).toBe(200);
  await store.close();
  const broken = createReadiness({ store, clock });
  expect(await broken.ask()).toBe(false);
});

async function built(): Promise<FastifyInstance> {
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), "<!doctype html><title>Chartside</title>");
  await writeFile(join(folder, "assets", "main-abc123.js"), `const text = "${"long ".repeat(1000)}";`);
  await writeFile(join(folder, "icon.svg"), "<svg/>");
  await writeFile(join(folder, "sw.js"), "");
  return start(staticRoutes({ CHARTSIDE_STATIC_DIR: folder }));
}

test.each(["/", "/visits/7", "/callback?code=a.b&state=c", "/index.html/x"])("%s is a page of the app", async (url) => {
  const answer = await (await built()).inject({ url, headers: host });
  expect(answer.body).toContain("<title>Chartside</title>");
  expect(answer.headers["cache-control"]).toBe("no-cache");
  expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
});

test("files with a hash in their name are kept for ever and sent compressed, others for a day", async () => {
  const server = await built();
  const script = await server.inject({
    url: "/assets/main-abc123.js",
    headers: { ...host, "accept-encoding": "gzip" },
  });
  expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(script.headers["content-encoding"]).toBe("gzip");
  expect(script.headers["content-type"]).toContain("javascript");
  expect(script.rawPayload.length).toBeLessThan(500);
  const icon = await server.inject({ url: "/icon.svg", headers: host });
  expect(icon.headers["cache-control"]).toBe("public, max-age=86400");
  const worker = await server.inject({ url: "/sw.js", headers: host });
  expect(worker.headers["cache-control"]).toBe("no-cache");
  expect(worker.headers["content-type"]).toContain("javascript");
});

test.each(["/assets/missing-1.js", "/api/nothing", "/api", "/auth/none", "/webhooks/none", "/..%2fsecret", "/.env"])(
  "%s is no page: not found, as problem+json",
  async (url) => {
    const answer = await (await built()).inject({ url, headers: host });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ problem: { code: "not_found" } });
  },
);

test("without a build the API still runs", async () => {
  const server = start(staticRoutes({ CHARTSIDE_STATIC_DIR: join(folder, "none") }));
  expect((await server.inject({ url: "/", headers: host })).statusCode).toBe(404);
});
