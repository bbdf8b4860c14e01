import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { fastify, type FastifyInstance, type FastifyPluginAsync } from "fastify";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { problem } from "#model/problem.ts";
import { createApp } from "./app.ts";
import { limitBytesInFlight } from "./limits.ts";
import { createLog } from "./log.ts";
import { answerProblems } from "./problem-answer.ts";

const origin = "http://localhost:3000";
const ours = { host: "localhost:3000", origin, "x-bff": "1", "sec-fetch-site": "same-origin" };
const without = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(ours).filter(([key]) => key !== name));
const canary = "Canary Quillfeather";

const routes: FastifyPluginAsync = async (app) => {
  app.get("/api/read", async () => ({ ok: true }));
  app.post("/api/write", async () => ({ ok: true }));
  app.post("/webhooks/scribe", async () => ({ ok: true }));
  app.post("/api/field", async (request) => {
    if (!z.object({ name: z.literal("right") }).safeParse(request.body).success) {
      throw problem("invalid_request", { field: "name" });
    }
  });
  app.get("/api/row", async () => z.object({ name: z.literal("right") }).parse({ name: canary }));
  app.get("/api/patients/:name/taken", async () => {
    throw problem("time_taken", { retryAfterMs: 1500 });
  });
  app.get("/api/broken/:name", async (request) => {
    throw new Error(`cannot read ${JSON.stringify(request.params)}`);
  });
};

let lines: string[] = [];
let app: FastifyInstance | undefined;
afterEach(async () => app?.close());

function start(): FastifyInstance {
  lines = [];
  const log = createLog({ level: "debug", destination: { write: (line) => void lines.push(line) } });
  app = createApp({ origin, log, routes: [routes] });
  return app;
}

test.each([
  ["no x-bff", without("x-bff")],
  ["another value of x-bff", { ...ours, "x-bff": "true" }],
  ["a foreign origin", { ...ours, origin: "http://evil.example" }],
  ["a foreign site", { ...ours, "sec-fetch-site": "cross-site" }],
  ["a neighbouring site", { ...ours, "sec-fetch-site": "same-site" }],
  ["the null origin", { ...ours, origin: "null" }],
  ["nothing that says where it is from", { host: ours.host, "x-bff": "1" }],
  ["an address typed by hand", { host: ours.host, "x-bff": "1", "sec-fetch-site": "none" }],
])("a change with %s is refused", async (_, headers) => {
  const answer = await start().inject({
    method: "POST",
    url: "/api/write",
    headers: headers,
  });
  expect(answer.statusCode).toBe(403);
  expect(answer.headers["content-type"]).toContain("application/problem+json");
  expect(answer.json()).toMatchObject({ type: "urn:chartside:forbidden", problem: { code: "forbidden" } });
});

test("a change from our own page goes through, by either proof of where it is from", async () => {
  for (const left of ["origin", "sec-fetch-site"]) {
    const answer = await start().inject({ method: "POST", url: "/api/write", headers: without(left) });
    expect(answer.json()).toEqual({ ok: true });
    await app?.close();
  }
});

test("a read for another site's page is refused, a webhook needs no x-bff", async () => {
  const read = {
    method: "GET",
    url: "/api/read",
    headers: { host: ours.host, "sec-fetch-site": "cross-site" },
  } as const;
  expect((await start().inject(read)).statusCode).toBe(403);
  await app?.close();
  const hook = { method: "POST", url: "/webhooks/scribe", headers: { host: ours.host } } as const;
  expect((await start().inject(hook)).statusCode).toBe(200);
});

test.each([
  ["another host", "GET /api/read HTTP/1.1\r\nHost: evil.example\r\n"],
  ["two hosts", "GET /api/read HTTP/1.1\r\nHost: localhost:3000\r\nHost: localhost:3000\r\n"],
  ["an absolute-form URI", "GET http://localhost:3000/api/read HTTP/1.1\r\nHost: localhost:3000\r\n"],
])("a request with %s is refused", async (_, head) => {
  const status = await rawStatus(start(), head);
  expect(status).toBe("HTTP/1.1 400 Bad Request");
});

test("a request with more headers than are read is refused", async () => {
  const head = `GET /api/read HTTP/1.1\r\nHost: localhost:3000\r\n${"a: b\r\n".repeat(150)}`;
  expect(await rawStatus(start(), head)).toContain("431");
});

test("the same request without fault is answered", async () => {
  const status = await rawStatus(start(), "GET /api/read HTTP/1.1\r\nHost: localhost:3000\r\n");
  expect(status).toBe("HTTP/1.1 200 OK");
});

test("every answer carries the security headers", async () => {
  const answer = await start().inject({ url: "/api/read", headers: { host: ours.host } });
  expect(answer.headers).toMatchObject({
    "content-security-policy": expect.stringContaining("default-src 'none'; script-src 'self'; style-src 'self';"),
    "permissions-policy": expect.stringContaining("microphone=(self)"),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
  });
  expect(answer.headers["content-security-policy"]).toContain(
    "require-trusted-types-for 'script'; trusted-types chartside",
  );
  expect(answer.headers["strict-transport-security"]).toBeUndefined();
});

test("a problem keeps its code, status and patience", async () => {
  const answer = await start().inject({ url: "/api/patients/x/taken", headers: { host: ours.host } });
  expect(answer.statusCode).toBe(409);
  expect(answer.headers["retry-after"]).toBe("2");
  expect(answer.json()).toMatchObject({ problem: { code: "time_taken", category: "state", retryAfterMs: 1500 } });
});

test("a wrong body names its field and is not repeated", async () => {
  const send = (payload: string) =>
    start().inject({
      method: "POST",
      url: "/api/field",
      headers: { ...ours, "content-type": "application/json" },
      payload,
    });
  const answer = await send(JSON.stringify({ name: canary }));
  expect(answer.json()).toMatchObject({ status: 400, problem: { code: "invalid_request", field: "name" } });
  await app?.close();
  const broken = await send(`{"name": ${canary}`);
  expect(broken.json()).toMatchObject({ status: 400, problem: { code: "invalid_request" } });
  expect(answer.body + broken.body + lines.join("")).not.toContain("Quillfeather");
});

test("a stored row that cannot be read is our fault, is logged, and is not shown", async () => {
  const answer = await start().inject({ url: "/api/row", headers: { host: ours.host } });
  expect(answer.json()).toMatchObject({ status: 500, problem: { code: "internal_error" } });
  expect(lines.join("")).toContain("ZodError");
  expect(answer.body + lines.join("")).not.toContain("Quillfeather");
});

test("bodies in memory stay under the cap: whoever comes later is asked to wait, and may go on when one is done", async () => {
  const server = fastify();
  app = server;
  limitBytesInFlight(server, 1000);
  answerProblems(server, createLog({ level: "silent" }));
  const held: (() => void)[] = [];
  server.post("/hold", async () => new Promise<string>((resolve) => held.push(() => resolve("done"))));
  const post = () =>
    server.inject({
      method: "POST",
      url: "/hold",
      headers: { "content-type": "text/plain" },
      payload: "x".repeat(600),
    });
  const first = post();
  first.then(
    () => undefined,
    () => undefined,
  );
  while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const refused = await post();
  expect(refused.statusCode).toBe(429);
  expect(refused.headers["retry-after"]).toBe("1");
  held.pop()?.();
  expect((await first).body).toBe("done");
  const second = post();
  second.then(
    () => undefined,
    () => undefined,
  );
  while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
  held.pop()?.();
  expect((await second).statusCode).toBe(200);
});

test("neither URLs nor messages of errors reach the log or the answer", async () => {
  const url = `/api/broken/${encodeURIComponent(canary)}?name=${encodeURIComponent(canary)}`;
  const answer = await start().inject({ url, headers: { host: ours.host, authorization: "Bearer canary-token" } });
  expect(answer.statusCode).toBe(500);
  const missing = await app!.inject({ url: `/api/none/Quillfeather`, headers: { host: ours.host } });
  expect(missing.statusCode).toBe(404);
  const told = lines.join("") + answer.body + missing.body;
  expect(told).not.toMatch(/Quillfeather|canary-token/u);
  expect(told).toContain("/api/broken/:name");
  expect(told).toContain(answer.json().requestId);
});

test("a field that is not on the list stays out of the log, and its name shows that", () => {
  start();
  const log = createLog({ level: "info", destination: { write: (line) => void lines.push(line) } });
  log.info({ patient: canary, status: 200 }, "seen");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ status: 200, leftOut: "patient" });
  expect(lines.join("")).not.toContain("Quillfeather");
});

async function rawStatus(app: FastifyInstance, head: string): Promise<string> {
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${head}Connection: close\r\n\r\n`));
    socket.once("data", (bytes) => {
      resolve(bytes.toString().split("\r\n")[0] ?? "");
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

test("a body that does not arrive in time: the connection is broken off, except where a whole recording may take long", async () => {
  const log = createLog({ level: "debug", destination: { write: () => {} } });
  const asked: string[] = [];
  const long: FastifyPluginAsync = async (routed) => {
    routed.addHook("onRequest", async ({ url }) => void asked.push(url));
    routed.post("/webhooks/long", { config: { hasLongBody: true } }, async () => ({ ok: true }));
  };
  app = createApp({ origin, log, routes: [routes, long], bodyMs: 50 });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  const begin = (path: string) =>
    new Promise<Socket>((resolve) => {
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost:3000\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{`;
      const socket = connect(port, "127.0.0.1", () => socket.write(head, () => resolve(socket)));
    });
  const slow = await begin("/webhooks/long");
  const late = await begin("/webhooks/scribe");
  await new Promise((resolve) => late.once("close", resolve));
  expect(asked).toEqual(["/webhooks/long"]);
  const answer = new Promise<string>((resolve) => slow.once("data", (bytes) => resolve(bytes.toString())));
  slow.write("}");
  expect((await answer).split("\r\n")[0]).toBe("HTTP/1.1 200 OK");
  slow.destroy();
});
