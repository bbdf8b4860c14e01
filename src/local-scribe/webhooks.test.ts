import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { MsaError } from "#protocol/medscribealliance.ts";
import { MsaNotification, MsaWebhook, MsaWebhooks } from "#protocol/medscribealliance-service.ts";
import { createLocalScribe, type LocalScribe } from "./local-scribe.ts";
import {
  createCountingEngine,
  createHandClock,
  createTrialClient,
  quotingWriter,
  temporaryDirectory,
  visitChunks,
} from "./trial.ts";

type Posted = { url: string; headers: Record<string, string>; body: string; at: number };
let running: LocalScribe | undefined;

afterEach(() => running?.close());

async function start(answer: () => number = () => 200, dataDir = temporaryDirectory()) {
  const clock = createHandClock();
  const posted: Posted[] = [];
  running = await createLocalScribe({
    dataDir,
    clock,
    speech: createCountingEngine(),
    writer: quotingWriter,
    post: async (url, headers, body) => {
      posted.push({ url, headers, body, at: clock.now() });
      return answer();
    },
  });
  const client = createTrialClient(running.url);
  const register = (more: object = {}) =>
    client.postJson("/v1/webhooks", { url: "https://clinic.example/hook", events: ["session.completed"], ...more });
  return { client, clock, posted, register, scribe: running, dataDir };
}

async function finishVisit({ client, scribe }: Awaited<ReturnType<typeof start>>): Promise<string> {
  const id = await client.create();
  await client.send(id, 0, visitChunks()[0]!);
  await client.end(id, 1);
  await client.finished(id);
  await scribe.tick();
  return id;
}

test("a registration can be listed and removed, and its secret is never told", async () => {
  const { client, register } = await start();
  const answer = await register({ secret: "whsec_my_secret_key" });
  expect(answer.status).toBe(201);
  const text = await answer.text();
  expect(text).not.toContain("whsec");
  const { webhook_id } = MsaWebhook.parse(JSON.parse(text));
  const listed = await (await client.call("/v1/webhooks")).text();
  expect(listed).not.toContain("whsec");
  expect(MsaWebhooks.parse(JSON.parse(listed)).webhooks).toMatchObject([
    { webhook_id, url: "https://clinic.example/hook", events: ["session.completed"], status: "active" },
  ]);
  expect((await client.call(`/v1/webhooks/${webhook_id}`, { method: "DELETE" })).status).toBe(204);
  const again = await client.call(`/v1/webhooks/${webhook_id}`, { method: "DELETE" });
  expect(again.status).toBe(404);
  expect(MsaError.parse(await again.json()).error.code).toBe("webhook_not_found");
});

test("a webhook must be safe to call", async () => {
  const { register } = await start();
  expect((await register({ url: "http://clinic.example/hook" })).status).toBe(400);
  expect((await register({ url: "ftp://127.0.0.1/hook" })).status).toBe(400);
  expect((await register({ url: "http://127.0.0.1:9/hook" })).status).toBe(201);
  expect((await register({ events: ["session.invented"] })).status).toBe(400);
});

test("a notification is signed, tells the event and the session, and nothing else", async () => {
  const trial = await start();
  await trial.register({ secret: "whsec_my_secret_key" });
  const id = await finishVisit(trial);
  expect(trial.posted).toHaveLength(1);
  const { headers, body, url } = trial.posted[0]!;
  expect(url).toBe("https://clinic.example/hook");
  expect(Object.keys(JSON.parse(body) as object)).toEqual(["event", "timestamp", "session_id"]);
  expect(MsaNotification.parse(JSON.parse(body))).toMatchObject({ event: "session.completed", session_id: id });
  const t = Math.floor(trial.clock.now() / 1000);
  const v1 = createHmac("sha256", "whsec_my_secret_key").update(`${t}.${body}`).digest("hex");
  expect(headers["x-msa-signature"]).toBe(`t=${t},v1=${v1}`);
});

test("every step of a session is told to those who asked for it", async () => {
  const trial = await start();
  await trial.register({ events: ["session.started", "session.ended", "session.completed", "session.expired"] });
  const done = await finishVisit(trial);
  const lost = await trial.client.create({ model: "lite" });
  trial.clock.advance(600_000);
  await trial.scribe.tick();
  const told = trial.posted.map(({ body }) => MsaNotification.parse(JSON.parse(body)));
  expect(told.map(({ event, session_id }) => [event, session_id])).toEqual([
    ["session.started", done],
    ["session.ended", done],
    ["session.completed", done],
    ["session.started", lost],
    ["session.expired", lost],
  ]);
});

test("a receiver that is away is tried again after 1, 5, 15 and 60 minutes, then given up", async () => {
  const trial = await start(() => 503);
  await trial.register();
  await finishVisit(trial);
  const began = trial.clock.now();
  for (let minute = 0; minute < 300; minute++) {
    trial.clock.advance(60_000);
    await trial.scribe.tick();
  }
  expect(trial.posted.map(({ at }) => (at - began) / 60_000)).toEqual([0, 1, 6, 21, 81]);
});

test("what is still to be told survives a restart", async () => {
  const dead = await start(() => {
    throw new Error("no route");
  });
  await dead.register();
  const id = await finishVisit(dead);
  await dead.scribe.close();
  const trial = await start(() => 200, dead.dataDir);
  trial.clock.advance(60_000);
  await trial.scribe.tick();
  await trial.scribe.tick();
  expect(trial.posted).toHaveLength(1);
  expect(trial.posted[0]?.body).toContain(id);
});
