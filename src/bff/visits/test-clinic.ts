/** The visit routes on the real app, store and audit, with a clock and timers moved by hand: for tests. */
import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { createApp } from "#bff/app.ts";
import { createAudit } from "#bff/audit.ts";
import type { JournalKeys } from "#bff/auth/journal-keys.ts";
import { type CodeJobs, createCodeJobs } from "#bff/coding/code-jobs.ts";
import { type Config, readConfig } from "#bff/config.ts";
import { chunkRoutes } from "#bff/routes/chunks.ts";
import { codesRoutes } from "#bff/routes/codes.ts";
import { deviceRoutes } from "#bff/routes/device.ts";
import { journalKeyRoutes } from "#bff/routes/journal-key.ts";
import { noteRoutes } from "#bff/routes/notes.ts";
import { serviceRoutes } from "#bff/routes/services.ts";
import { visitRoutes } from "#bff/routes/visits.ts";
import { webhookRoutes } from "#bff/routes/webhooks.ts";
import { wholeFileRoutes } from "#bff/routes/whole-file.ts";
import { openKeptHealth } from "#bff/scribes/kept-health.ts";
import { createSqliteStore } from "#bff/store/sqlite-store.ts";
import type { Row, Store } from "#bff/store/store.ts";
import type { PatientId } from "#model/id.ts";
import { VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { VisitView } from "#protocol/bff.ts";
import type { Scribe } from "#scribe/scribe.ts";
import type { FakeScribe } from "./fake-scribe.ts";
import { createFakeScribe } from "./fake-scribe.ts";
import type { VisitJobs } from "./jobs.ts";
import { createJobs } from "./jobs.ts";
import { createManualSchedule, type ManualSchedule } from "./manual-schedule.ts";
import { type Beside, scribesOf } from "./test-scribes.ts";
import { fakeAuth } from "./test-users.ts";
import { createVisitReader } from "./visit-view.ts";

const origin = "http://localhost:3000";
export const webhookSecret = "whsec_test_0123456789";
/** The secret before that one, still accepted. */
export const earlierWebhookSecret = "whsec_test_9876543210";

const ownHeaders = { host: "localhost:3000", origin, "x-bff": "1" };
const allRoutes = [
  visitRoutes,
  chunkRoutes,
  deviceRoutes,
  journalKeyRoutes,
  noteRoutes,
  serviceRoutes,
  webhookRoutes,
  wholeFileRoutes,
];

export type TestClinic<S extends Scribe = FakeScribe> = {
  app: FastifyInstance;
  store: Store;
  scribe: S;
  jobs: VisitJobs;
  codes: CodeJobs;
  schedule: ManualSchedule;
  clock: { now(): number; advance(ms: number): void };
  /** May be changed while it runs. */
  config: Config;
  journalKeys: JournalKeys;
  /** Visits that changed, in order. */
  changed: VisitId[];
  /** How often the filing queue was woken, and the desk's queue changed. */
  counts: { filing: number; followUps: number; patientReads: number };
  request(as: string, options: InjectOptions): Promise<LightMyRequestResponse>;
  rows(sql: string): Promise<Row[]>;
  /** One look at every watched job that is due next. */
  poll(): Promise<void>;
  /** The program ends and starts again on the same file, with nothing cut off. */
  restart(scribe?: S): Promise<TestClinic<S>>;
  close(): Promise<void>;
};

/** Between the program and everything that outlives it; a test of crashes can cut the program off there. */
export type Outside = <T>(work: () => Promise<T>) => Promise<T>;

type Place = { directory: string; nowMs: number; beside: Beside };

export async function createTestClinic(): Promise<TestClinic>;
export async function createTestClinic<S extends Scribe>(
  scribe: S,
  outside?: Outside,
  beside?: Beside,
): Promise<TestClinic<S>>;
export async function createTestClinic(
  scribe: Scribe = createFakeScribe(),
  outside: Outside = (work) => work(),
  beside: Beside = {},
): Promise<TestClinic<Scribe>> {
  const directory = await mkdtemp(join(tmpdir(), "chartside-visits-"));
  return start({ directory, nowMs: Date.UTC(2026, 10, 20, 15, 0), beside }, scribe, outside);
}

async function start<S extends Scribe>(place: Place, scribe: S, outside: Outside): Promise<TestClinic<S>> {
  const disk = await createSqliteStore(join(place.directory, "chartside.sqlite"));
  const store: Store = { ...disk, transact: (transaction) => outside(() => disk.transact(transaction)) };
  const { changed, counts, ...around } = surroundings(place.nowMs);
  const schedule = createManualSchedule();
  const health = await openKeptHealth({ store, log: around.log });
  const scribes = scribesOf(place.beside, scribe, { clock: around.clock, health });
  const jobs = createJobs({ ...around, store, scribes, schedule });
  const codes = createCodeJobs({ ...around, store, coding: place.beside.coding });
  const parts = { ...around, store, scribes, jobs, codes, visits: createVisitReader({ store, config: around.config }) };
  const routes = [...allRoutes, codesRoutes].map((make) => make(parts));
  const app = createApp({ origin, log: around.log, routes });
  const stop = async (): Promise<void> => {
    codes.stop();
    await jobs.stop();
    await app.close();
    await health.settled();
    await store.close();
  };
  await jobs.resume();
  await codes.resume();
  return {
    app,
    store,
    scribe,
    jobs,
    codes,
    schedule,
    clock: around.clock,
    config: around.config,
    journalKeys: around.journalKeys,
    changed,
    counts,
    request: (as, options) =>
      app.inject({ ...options, headers: { ...ownHeaders, "x-test-user": as, ...options.headers } }),
    rows: (sql) => disk.query(sql),
    poll: async () => {
      schedule.runNext();
      await jobs.settled();
    },
    restart: async (reached = scribe) => {
      await stop();
      return start({ ...place, nowMs: around.clock.now() }, reached, (work) => work());
    },
    close: async () => {
      await stop();
      await rm(place.directory, { recursive: true, force: true });
    },
  };
}

/** Everything around the routes that is not under test: it counts what it is told. */
function surroundings(startMs: number) {
  let nowMs = startMs;
  const clock = { now: () => nowMs, advance: (ms: number) => void (nowMs += ms) };
  const changed: VisitId[] = [];
  const counts = { filing: 0, followUps: 0, patientReads: 0 };
  return {
    clock,
    changed,
    counts,
    auth: fakeAuth,
    audit: createAudit(clock),
    config: readConfig({ SCRIBE_WEBHOOK_SECRET: `${webhookSecret}, ${earlierWebhookSecret}` }),
    journalKeys: { current: null, unwrap: () => new Uint8Array() },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    events: {
      visitChanged: async (visitId: VisitId) => void changed.push(visitId),
      followUpsChanged: async () => void (counts.followUps += 1),
    },
    filing: { wake: () => void (counts.filing += 1), stop: async () => {} },
    openemr: { patients: { get: readPatient(counts) } },
  };
}

function readPatient(counts: { patientReads: number }) {
  return async ({ token }: { token: string }, id: PatientId) => {
    counts.patientReads += 1;
    if (token !== "token of user-clinician" && token !== "token of user-stranger") throw problem("signed_out");
    if (id !== "patient-ada") throw problem("not_found");
    const patient = { id, name: "Ada Quill", birthDate: "1950-02-01", recordNumber: "1007", sex: "Female" };
    return { patient, pid: "7" };
  };
}

export const newVisitId = (): VisitId => VisitId.parse(randomUUID());

export function visitBody(): Record<string, unknown> {
  const consent = { answer: "yes", others: [], textVersion: "1", language: "en", interpreter: false };
  return {
    patientId: "patient-ada",
    appointmentId: "41",
    reason: "Chest pain",
    consent: { ...consent, askedAt: "2026-11-20T14:59:00.000Z" },
    startedAt: "2026-11-20T15:00:00.000Z",
    device: "Room 3 PC",
  };
}

export type TestChunk = { sequence: number; payload: Buffer; sha256: string; durationMs: number };

/** Four seconds of anything; the text tells chunks apart. */
export function chunkOf(sequence: number, text = `sound ${sequence}`): TestChunk {
  const payload = Buffer.from(text);
  const sha256 = createHash("sha256").update(payload).digest("hex");
  return { sequence, payload, sha256, durationMs: 4000 };
}

type AnyClinic = Pick<TestClinic<Scribe>, "request">;

export async function startVisit(clinic: AnyClinic): Promise<VisitId> {
  const visitId = newVisitId();
  const answer = await clinic.request("clinician", {
    method: "PUT",
    url: `/api/visits/${visitId}`,
    payload: visitBody(),
  });
  if (answer.statusCode !== 200) throw new Error(`visit: ${answer.statusCode} ${answer.body}`);
  return visitId;
}

export function putChunk(clinic: AnyClinic, visitId: VisitId, chunk: TestChunk) {
  return clinic.request("clinician", {
    method: "PUT",
    url: `/api/visits/${visitId}/chunks/${chunk.sequence}`,
    headers: {
      "content-type": "audio/webm;codecs=opus",
      "x-chunk-sha256": chunk.sha256,
      "x-chunk-duration-ms": String(chunk.durationMs),
    },
    payload: chunk.payload,
  });
}

export function finish(clinic: AnyClinic, visitId: VisitId, chunks: TestChunk[]) {
  const declared = chunks.map(({ sequence, sha256, durationMs }) => ({ sequence, sha256, durationMs }));
  return clinic.request("clinician", {
    method: "POST",
    url: `/api/visits/${visitId}/finish`,
    payload: { chunks: declared },
  });
}

export async function viewOf(clinic: AnyClinic, visitId: VisitId): Promise<VisitView> {
  return (await clinic.request("clinician", { method: "GET", url: `/api/visits/${visitId}` })).json<VisitView>();
}
