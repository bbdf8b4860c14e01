/**
 * 2,000 filings while everything goes wrong: every third call to OpenEMR is cut before or after it took effect, fails, times out,
 * takes effect half a minute after it was given up, or the clinic server dies in the middle of it. The far end is counted.
 */
import { expect, test } from "vitest";
import { createAudit } from "#bff/audit.ts";
import { readConfig } from "#bff/config.ts";
import { createMemoryStore } from "#bff/store/memory-store.ts";
import type { Store } from "#bff/store/store.ts";
import { insertRow } from "#bff/visits/insert-row.ts";
import { UserId } from "#model/id.ts";
import { canonicalNote } from "#model/note.ts";
import type { Note } from "#model/note.ts";
import { problem } from "#model/problem.ts";
import { createFakeChart } from "#openemr/fake-chart.ts";
import type { FakeChart } from "#openemr/fake-chart.ts";
import { createOpenEmr } from "#openemr/openemr.ts";
import type { Send, SendAnswer, SendRequest } from "#openemr/send.ts";
import { createFiling } from "./filing.ts";
import { settleMs } from "./file-note.ts";

const config = readConfig({});
const lee = UserId.parse("user-lee");
const clinics = 20;
const visitsOfEach = 100;

type Timer = { at: number; work: () => void };
type World = {
  chart: FakeChart;
  store: Store;
  random: () => number;
  clock: { nowMs: number; now(): number };
  timers: Timer[];
  /** What OpenEMR still does after nobody listens any more. */
  late: Timer[];
  isDead: boolean;
  met: Map<string, number>;
};

/** The same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Act = (world: World, serve: () => Promise<SendAnswer>) => Promise<SendAnswer>;

const down = (detail: string) => problem("openemr_down", { detail });
const never = (): Promise<never> => new Promise(() => {});

const faults: Record<string, Act> = {
  refused: () => Promise.reject(down("ECONNREFUSED")),
  "cut before": () => Promise.reject(down("UND_ERR_SOCKET")),
  "cut after": (_world, serve) => serve().then(() => Promise.reject(down("UND_ERR_SOCKET"))),
  "500 before": async () => ({ status: 500, headers: {}, body: "<h1>Oops</h1>" }),
  "500 after": (_world, serve) => serve().then(() => ({ status: 500, headers: {}, body: '{"error":"x"}' })),
  "timed out, nothing done": () => Promise.reject(problem("timed_out")),
  "timed out, done": (_world, serve) => serve().then(() => Promise.reject(problem("timed_out"))),
  "timed out, done later": (world, serve) => {
    const at = world.clock.nowMs + world.random() * (settleMs - 1000);
    world.late.push({ at, work: () => void serve() });
    return Promise.reject(problem("timed_out"));
  },
  "gateway gave up, done later": (world, serve) => {
    world.late.push({ at: world.clock.nowMs + 30_000, work: () => void serve() });
    return Promise.resolve({ status: 504, headers: {}, body: "" });
  },
  "killed before": (world) => {
    world.isDead = true;
    return never();
  },
  "killed after": async (world, serve) => {
    await serve();
    world.isDead = true;
    return never();
  },
};

function sendOf(world: World): Send {
  const names = Object.keys(faults);
  return (request: SendRequest) => {
    const serve = () => world.chart.send(request);
    if (world.random() > 0.33) return serve();
    const name = names[Math.floor(world.random() * names.length)] ?? "";
    world.met.set(name, (world.met.get(name) ?? 0) + 1);
    return faults[name]?.(world, serve) ?? serve();
  };
}

const visitIdOf = (index: number) => `33333333-3333-4333-8333-${String(index).padStart(12, "0")}`;
const noteOf = (index: number): Note => ({
  subjective: `Cough, visit ${index}.`,
  objective: "",
  assessment: "Viral — “mild”",
  plan: `Fluids.\n\nSigned by Kim Lee, 2026-11-21 09:00, ${index}.`,
});

async function sign({ store, clock }: World, index: number): Promise<void> {
  const patient = { id: "patient-1", name: "Ana Diaz", birthDate: null, recordNumber: "R-1", sex: null };
  const [id, at] = [visitIdOf(index), clock.nowMs];
  const who = { clinician_id: lee, clinician_name: "Kim Lee", patient_id: patient.id, patient_pid: "1" };
  const what = { patient_json: JSON.stringify(patient), reason: "Cough", consent_json: "{}", device: "Room 3" };
  const when = { started_at: at, created_at: at, updated_at: at };
  const signed = { signed_at: at, signed_by: lee, signer_name: "Kim Lee", drafted_with: "", sha256: "0".repeat(64) };
  await store.transact({
    statements: [
      insertRow("visits", { id, ...who, ...what, ...when, state: "signed" }),
      insertRow("signed_notes", { visit_id: id, note_json: JSON.stringify(noteOf(index)), ...signed }),
      insertRow("filings", { visit_id: id, clinician_id: lee, state: "waiting", next_try_at: at }),
    ],
  });
}

/** A clinic server of its own: what the last one held in memory is gone with it. */
function startServer(world: World): void {
  world.isDead = false;
  const { store, clock, random } = world;
  createFiling({
    config,
    clock,
    store,
    random,
    audit: createAudit(clock),
    schedule: {
      after: (ms, work) => {
        const timer = { at: clock.nowMs + ms, work };
        world.timers.push(timer);
        return () => (world.timers = world.timers.filter((other) => other !== timer));
      },
    },
    auth: { require: () => Promise.reject(new Error("not a request")), tokenOf: async () => "token" },
    events: { visitChanged: async () => {}, followUpsChanged: async () => {} },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    openemr: createOpenEmr({
      send: sendOf(world),
      baseUrl: "http://c",
      site: "default",
      timeZone: config.CLINIC_TIME_ZONE,
      clock,
    }),
  });
}

async function waiting({ store }: World): Promise<number> {
  const [row] = await store.query("SELECT COUNT(*) AS n FROM filings WHERE state IN ('waiting', 'filing')");
  return Number(row?.["n"]);
}

/** Lets the server work until it rests or dies; then time goes on, or a new one starts. */
async function fileAll(world: World): Promise<void> {
  for (let step = 0; step < 20_000; step += 1) {
    // Every promise that can go on has gone on after some turns of the loop.
    for (let turn = 0; turn < 4000 && !world.isDead && world.timers.length === 0; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (turn % 50 === 49 && (await waiting(world)) === 0) return;
    }
    if (world.isDead) {
      startServer(world);
      continue;
    }
    if (world.timers.length === 0) throw new Error("nothing is under way and nothing is planned");
    const [next] = [...world.timers, ...world.late].toSorted((one, other) => one.at - other.at);
    if (next === undefined) return;
    world.timers = world.timers.filter((timer) => timer !== next);
    world.late = world.late.filter((timer) => timer !== next);
    world.clock.nowMs = Math.max(world.clock.nowMs, next.at);
    next.work();
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("never filed");
}

test(
  "2,000 filings: exactly one encounter and one note of each visit, to the letter",
  { timeout: 240_000 },
  async () => {
    const met = new Map<string, number>();
    for (let clinic = 0; clinic < clinics; clinic += 1) {
      const clock = { nowMs: Date.parse("2026-11-21T14:00:00Z"), now: () => clock.nowMs };
      const world: World = {
        chart: createFakeChart(),
        store: createMemoryStore(),
        random: randomOf(clinic + 1),
        clock,
        timers: [],
        late: [],
        isDead: false,
        met,
      };
      for (let index = 0; index < visitsOfEach; index += 1) await sign(world, index);
      startServer(world);
      await fileAll(world);
      for (const { work } of world.late) work();
      await new Promise((resolve) => setImmediate(resolve));
      const { encounters, notes } = world.chart;
      const indexes = Array.from({ length: visitsOfEach }, (_, index) => index);
      expect(
        encounters.map((row) => row["external_id"] ?? "").toSorted((one, other) => one.localeCompare(other)),
      ).toEqual(indexes.map(visitIdOf));
      const texts = notes.map(({ text }) => canonicalNote(text as Note)).toSorted();
      expect(texts).toEqual(indexes.map((index) => canonicalNote(noteOf(index))).toSorted());
      const states = await world.store.query("SELECT state, COUNT(*) AS n FROM filings GROUP BY state");
      expect(states).toEqual([{ state: "verified", n: visitsOfEach }]);
      await world.store.close();
    }
    for (const name of Object.keys(faults)) expect(met.get(name), name).toBeGreaterThan(100);
  },
);
