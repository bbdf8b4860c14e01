/**
 * A visit of two parts through the routes, the real adapter and the real local scribe, with a fault at every exchange between
 * clinic server and scribe. The browser does what it always does. In the end: one note of every second, each chunk stored once.
 */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { createScribeSend } from "#bff/upstream/scribe-send.ts";
import { createLocalScribe, type LocalScribe } from "#local-scribe/local-scribe.ts";
import { limitModels } from "#local-scribe/models.ts";
import {
  createCountingEngine,
  createHandClock,
  createTrialClient,
  quotingWriter,
  temporaryDirectory,
  visitChunks,
} from "#local-scribe/trial.ts";
import type { VisitId } from "#model/id.ts";
import { turnText } from "#model/transcript.ts";
import { NoteView } from "#protocol/bff.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import { createMedScribeAlliance } from "#scribe/medscribealliance/medscribealliance.ts";
import type { Scribe } from "#scribe/scribe.ts";
import { type Fault, openFaultyWay } from "./faulty-way.ts";
import type { TestClinic } from "./test-clinic.ts";
import { createTestClinic, finish, putChunk, startVisit, viewOf } from "./test-clinic.ts";

const clock = createHandClock();
const chunks = visitChunks()
  .slice(0, 3)
  .map((payload, sequence) => ({
    sequence,
    payload,
    sha256: createHash("sha256").update(payload).digest("hex"),
    durationMs: 16_000,
  }));

/** Two chunks of 16 s fit into 80 % of this. */
const maxSessionMs = 41_000;

async function openWorld() {
  const dataDir = temporaryDirectory();
  const open = (): Promise<LocalScribe> =>
    createLocalScribe({
      dataDir,
      clock,
      speech: createCountingEngine(),
      writer: quotingWriter,
      models: limitModels({ maxSessionMs, expiryMs: undefined }),
    });
  const world = { local: await open() };
  const way = await openFaultyWay(world.local.url);
  const wire = createScribeSend({ SCRIBE_URL: way.url });
  const waiting = { ...createFakeWaiting(), clock };
  const scribe = createMedScribeAlliance({ url: way.url, apiKey: "sk_test_chartside", send: wire.send, waiting });
  const clinic = await createTestClinic(scribe);
  onTestFinished(async () => {
    await clinic.close();
    await wire.close();
    await way.close();
    await world.local.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const restart = async (): Promise<void> => {
    await world.local.close();
    world.local = await open();
    way.target = world.local.url;
  };
  return { clinic, way, restart, stored: () => storedIn(clinic, world.local) };
}

/** What each job that counts holds at the scribe, in order of the parts. */
async function storedIn(clinic: TestClinic<Scribe>, local: LocalScribe): Promise<string[][]> {
  const jobs = await clinic.rows("SELECT job_json FROM scribe_jobs WHERE state = 'done' ORDER BY part");
  const client = createTrialClient(local.url);
  const ids = jobs.map(({ job_json: job }) => JSON.parse(String(job)).id as string);
  return Promise.all(ids.map(async (id) => (await client.read(id)).session.audio_files ?? []));
}

/** As the outbox does: what is not listed is sent in order, then the end is declared; any failure is tried again. */
async function browse(clinic: TestClinic<Scribe>, visitId: VisitId): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    const listed = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/chunks` });
    const held = new Set(listed.json().receipts.map(({ sequence }: { sequence: number }) => sequence));
    let isSent = true;
    for (const chunk of chunks.filter(({ sequence }) => !held.has(sequence))) {
      isSent &&= (await putChunk(clinic, visitId, chunk)).statusCode === 200;
    }
    if (isSent && (await finish(clinic, visitId, chunks)).statusCode === 200) return;
  }
  throw new Error("the visit could not be sent");
}

type World = Awaited<ReturnType<typeof openWorld>>;

/** From the first chunk to the draft; resolves with the number of exchanges. */
async function wholeVisit(world: World): Promise<number> {
  const { clinic, way } = world;
  const visitId = await startVisit(clinic);
  await vi.waitFor(
    async () => {
      const { state } = await viewOf(clinic, visitId);
      if (state !== "processing" && state !== "draft_ready") await browse(clinic, visitId);
      await clinic.poll();
      expect((await viewOf(clinic, visitId)).state).toBe("draft_ready");
    },
    { timeout: 120_000, interval: 20 },
  );
  const answer = await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}/note` });
  const { transcript, note } = NoteView.parse(answer.json());
  const heard = transcript.turns.map(turnText).join(" ").split(" ");
  // The counting engine hears one word for every whole second of a part.
  expect(heard).toEqual(Array.from({ length: heard.length }, () => "second"));
  expect(heard.length).toBe(secondsHeard);
  expect(note.subjective.match(/second/gu)).toHaveLength(secondsHeard);
  expect(await clinic.rows("SELECT COUNT(*) AS n FROM drafts")).toEqual([{ n: 1 }]);
  expect(await world.stored()).toEqual([["audio_0.webm", "audio_1.webm"], ["audio_0.webm"]]);
  return way.seen.length;
}

const secondsHeard = 46;

const pause: Fault = { status: 503, code: "service_unavailable", retryAfter: "1" };

test(
  "at every exchange: the answer is lost after the scribe did its work, and then it asks for a pause",
  { timeout: 600_000 },
  async () => {
    const exchanges = await wholeVisit(await openWorld());
    expect(exchanges).toBeGreaterThan(12);
    for (let at = 0; at < exchanges; at += 1) {
      const world = await openWorld();
      const faults = new Map<number, Fault>([
        [at, "lose"],
        [at + 1, pause],
      ]);
      world.way.faultOf = (_line, place) => faults.get(place);
      await wholeVisit(world);
    }
  },
);

test("at every chunk: the scribe has lost the session", { timeout: 600_000 }, async () => {
  for (let at = 0; at < chunks.length; at += 1) {
    const world = await openWorld();
    let count = 0;
    world.way.faultOf = (line) => {
      const isThis = line === "POST /v1/sessions/ID/audio" && count++ === at;
      return isThis ? { status: 410, code: "session_expired" } : undefined;
    };
    await wholeVisit(world);
    expect(await world.clinic.rows("SELECT COUNT(*) AS n FROM scribe_jobs WHERE state = 'lost'")).toEqual([{ n: 1 }]);
  }
});

test("after every chunk: the scribe is killed and started again", { timeout: 600_000 }, async () => {
  for (let at = 0; at < chunks.length; at += 1) {
    const world = await openWorld();
    const visitId = await startVisit(world.clinic);
    for (const chunk of chunks.slice(0, at + 1))
      expect((await putChunk(world.clinic, visitId, chunk)).statusCode).toBe(200);
    await world.restart();
    await browse(world.clinic, visitId);
    await world.restart();
    await vi.waitFor(
      async () => {
        await world.clinic.poll();
        expect((await viewOf(world.clinic, visitId)).state).toBe("draft_ready");
      },
      { timeout: 120_000, interval: 20 },
    );
    expect(await world.stored()).toEqual([["audio_0.webm", "audio_1.webm"], ["audio_0.webm"]]);
  }
});

test("without parts the scribe would lose a visit longer than its limit", async () => {
  const { clinic, way } = await openWorld();
  const client = createTrialClient(way.target);
  const id = await client.create();
  const statuses = [];
  for (const { sequence, payload } of chunks) statuses.push((await client.send(id, sequence, payload)).status);
  expect(statuses).toEqual([200, 200, 410]);
  expect((await client.read(id)).session.status).toBe("expired");
  expect(clinic.changed).toEqual([]);
});
