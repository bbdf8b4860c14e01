import { afterEach, beforeEach, expect, test } from "vitest";
import { createAudit } from "#bff/audit.ts";
import type { BackgroundTokens } from "#bff/auth/background-token.ts";
import { readConfig } from "#bff/config.ts";
import type { Filing } from "#bff/context.ts";
import { createMemoryStore } from "#bff/store/memory-store.ts";
import type { Store } from "#bff/store/store.ts";
import { insertRow } from "#bff/visits/insert-row.ts";
import type { Schedule } from "#bff/visits/schedule.ts";
import { PatientId, UserId, VisitId } from "#model/id.ts";
import { canonicalNote, emptyNote } from "#model/note.ts";
import type { Note } from "#model/note.ts";
import { problem } from "#model/problem.ts";
import { createFakeChart } from "#openemr/fake-chart.ts";
import type { Fault, FakeChart } from "#openemr/fake-chart.ts";
import { createOpenEmr } from "#openemr/openemr.ts";
import type { SendRequest } from "#openemr/send.ts";
import { createFiling } from "./filing.ts";
import { followUpStatements } from "./follow-up-rows.ts";

const visitId = VisitId.parse("33333333-3333-4333-8333-333333333333");
const lee = UserId.parse("user-lee");
const config = readConfig({});
const note: Note = {
  subjective: "Cough for 3 days.\nNo fever — “dry”.",
  objective: "T 37.1 °C",
  assessment: "Viral URI",
  plan: "Fluids.\n\nSigned by Kim Lee, 2026-11-21 09:00 (America/New_York).",
};

let chart: FakeChart;
let store: Store;
let nowMs: number;
let timers: { at: number; work: () => void }[];
let filing: Filing | undefined;
let token: string | undefined;
let changed: VisitId[];

const clock = { now: () => nowMs };
const schedule: Schedule = {
  after: (ms, work) => {
    const timer = { at: nowMs + ms, work };
    timers.push(timer);
    return () => (timers = timers.filter((other) => other !== timer));
  },
};

beforeEach(async () => {
  chart = createFakeChart();
  store = createMemoryStore();
  nowMs = Date.parse("2026-11-21T14:00:00Z");
  timers = [];
  token = "lee-token";
  changed = [];
  await sign(visitId, note);
});
afterEach(async () => {
  await filing?.stop();
  filing = undefined;
  await store.close();
});

/** What signing leaves behind. */
async function sign(id: VisitId, signed: Note): Promise<void> {
  const patient = {
    id: PatientId.parse("patient-1"),
    name: "Ana Diaz",
    birthDate: null,
    recordNumber: "R-1",
    sex: null,
  };
  const visit = insertRow("visits", {
    id,
    clinician_id: lee,
    clinician_name: "Kim Lee",
    patient_id: patient.id,
    patient_pid: "1",
    patient_json: JSON.stringify(patient),
    reason: "Cough",
    consent_json: "{}",
    device: "Room 3",
    state: "signed",
    // 23:30 on the 20th in the clinic, the 21st in UTC.
    started_at: Date.parse("2026-11-21T04:30:00Z"),
    created_at: nowMs,
    updated_at: nowMs,
  });
  const signedNote = insertRow("signed_notes", {
    visit_id: id,
    note_json: JSON.stringify(signed),
    sha256: "0".repeat(64),
    signed_at: nowMs,
    signed_by: lee,
    signer_name: "Kim Lee",
    drafted_with: "",
  });
  const order = insertRow("filings", { visit_id: id, clinician_id: lee, state: "waiting", next_try_at: nowMs });
  await store.transact({ statements: [visit, signedNote, order] });
}

function startFiling(keptIn: Store = store, background?: BackgroundTokens): Filing {
  return createFiling({
    ...(background && { background }),
    config,
    clock,
    schedule,
    random: () => 0,
    store: keptIn,
    audit: createAudit(clock),
    auth: { require: () => Promise.reject(new Error("not a request")), tokenOf: async () => token },
    events: { visitChanged: async (id) => void changed.push(id), followUpsChanged: async () => {} },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    openemr: createOpenEmr({
      send: (request) => chart.send(request),
      baseUrl: "http://c",
      site: "default",
      timeZone: config.CLINIC_TIME_ZONE,
      clock,
    }),
  });
}

async function filingRow(): Promise<Record<string, unknown>> {
  const [row] = await store.query("SELECT * FROM filings WHERE visit_id = ?", [visitId]);
  return row ?? {};
}

const problemCode = async () => JSON.parse(String((await filingRow())["problem_json"]))?.code;

/** Turns of the event loop until it holds; no waiting for time. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 5000; turn += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("never came true");
}

/** Moves the clock to the next timer and rings it. */
function ring(): void {
  const next = timers.toSorted((one, other) => one.at - other.at)[0];
  if (!next) throw new Error("no timer");
  timers = timers.filter((timer) => timer !== next);
  nowMs = Math.max(nowMs, next.at);
  next.work();
}

/** Files until nothing waits: rings every timer that is set. */
async function untilFiled(): Promise<void> {
  for (let rings = 0; rings < 60; rings += 1) {
    await until(async () => timers.length > 0 || (await filingRow())["state"] === "verified");
    if ((await filingRow())["state"] === "verified") return;
    ring();
  }
  throw new Error("never filed");
}

function expectOneNote(): void {
  expect(chart.encounters).toHaveLength(1);
  expect(chart.notes).toHaveLength(1);
  expect(canonicalNote(chart.notes[0]?.text as Note)).toBe(canonicalNote(note));
}

test("a signed note goes to the chart and is verified: one encounter of the clinic's date, one note, the same text", async () => {
  filing = startFiling();
  await untilFiled();
  expectOneNote();
  expect(chart.encounters[0]).toMatchObject({
    external_id: visitId,
    class_code: "AMB",
    date: "2026-11-20",
    reason: "Cough",
    pc_catid: "5",
    facility_id: "3",
    puuid: "patient-1",
  });
  expect(await filingRow()).toMatchObject({
    encounter_id: "18",
    encounter_uuid: "encounter-18",
    note_id: "4711",
    verified_at: nowMs,
    problem_json: null,
    unsettled_since: null,
  });
  expect(await store.query("SELECT state FROM visits")).toEqual([{ state: "filed" }]);
  expect(await store.query("SELECT actor, role, action, outcome, patient, object FROM audit")).toEqual([
    { actor: lee, role: "clinician", action: "C", outcome: "ok", patient: "patient-1", object: `note:${visitId}` },
  ]);
  expect(changed).toEqual([visitId, visitId]);
});

test("the encounter names the provider where an appointment tells the number", async () => {
  chart.insert({ pid: "1", pc_aid: "5", pc_facility: "4", pc_eventDate: "2026-11-20", pc_startTime: "10:00" });
  filing = startFiling();
  await untilFiled();
  expect(chart.encounters[0]).toMatchObject({ provider_id: "5", facility_id: "4" });
});

test("a visit whose follow-up is booked already reads so as soon as it is filed", async () => {
  const patient = {
    id: PatientId.parse("patient-1"),
    name: "Ana Diaz",
    birthDate: null,
    recordNumber: "R-1",
    sex: null,
  };
  const request = { sentence: "Back in two weeks.", interval: { count: 2, unit: "week" as const }, reason: "check" };
  const visit = { id: visitId, patient, patientPid: "1", clinician: { id: lee, name: "Kim Lee" } };
  await store.transact({
    statements: followUpStatements([request], { visit, now: nowMs, timeZone: "America/New_York" }),
  });
  await store.transact({ statements: [{ sql: "UPDATE follow_ups SET state = 'booked'", params: [] }] });
  filing = startFiling();
  await untilFiled();
  expect(await store.query("SELECT state FROM visits")).toEqual([{ state: "follow_up_booked" }]);
});

test("a note without a sign-in waits and says so; signing in files it at once", async () => {
  token = undefined;
  filing = startFiling();
  await until(() => timers.length > 0);
  expect(await filingRow()).toMatchObject({ state: "waiting", tries: 0 });
  expect(await problemCode()).toBe("signed_out");
  expect(chart.requests).toEqual([]);
  token = "lee-token";
  filing.wake();
  await until(async () => (await filingRow())["state"] === "verified");
  expectOneNote();
});

test("a token that OpenEMR no longer takes waits for a sign-in too", async () => {
  const { send } = chart;
  chart.send = async () => ({
    status: 400,
    headers: {},
    body: '{"error":"e","message":"Refresh Token revoked or logged out"}',
  });
  filing = startFiling();
  await until(() => timers.length > 0);
  expect(await problemCode()).toBe("signed_out");
  chart.send = send;
  await untilFiled();
  expectOneNote();
});

/** The six requests of a filing that has nothing to build on. */
const requests = 6;
const faults: Fault[] = [
  { when: "before", code: "openemr_down", detail: "ECONNREFUSED" },
  { when: "before", code: "openemr_down", detail: "HTTP 503" },
  { when: "before", code: "timed_out" },
  { when: "after", code: "timed_out" },
  { when: "after", code: "openemr_down", detail: "ECONNRESET" },
  { when: "after", code: "openemr_down", detail: "HTTP 500" },
  { when: "after", code: "openemr_answer_unreadable" },
];
const cases = Array.from({ length: requests }, (_, at) => faults.map((fault) => ({ at, fault, ...fault }))).flat();

test.each(cases)("request $at fails $when it took effect ($code $detail): exactly one note", async ({ at, fault }) => {
  chart.fault = () => (chart.requests.length === at + 1 ? fault : undefined);
  filing = startFiling();
  await untilFiled();
  expectOneNote();
});

test.each(cases.filter(({ at }) => at >= 2))(
  "all requests from $at on fail $when they took effect ($code $detail) for a while: exactly one note",
  async ({ at, fault }) => {
    const endsAt = nowMs + 200_000;
    chart.fault = () => (chart.requests.length > at && nowMs < endsAt ? fault : undefined);
    filing = startFiling();
    await untilFiled();
    expectOneNote();
  },
);

const addendum: Note = {
  ...emptyNote,
  subjective: "Addendum to the note signed 2026-11-21 09:00.\n\nLeft knee, not right.",
};

/** What signing an addendum leaves behind. */
async function add(): Promise<void> {
  const row = insertRow("addenda", {
    id: "44444444-4444-4444-8444-444444444444",
    visit_id: visitId,
    note_json: JSON.stringify(addendum),
    sha256: "0".repeat(64),
    signed_at: nowMs,
    signed_by: lee,
    signer_name: "Kim Lee",
    state: "waiting",
    next_try_at: nowMs,
  });
  await store.transact({ statements: [row] });
}

async function untilAdded(): Promise<void> {
  const isAdded = async () => (await store.query("SELECT state FROM addenda"))[0]?.["state"] === "verified";
  for (let rings = 0; rings < 60; rings += 1) {
    await until(async () => timers.length > 0 || (await isAdded()));
    if (await isAdded()) return;
    ring();
  }
  throw new Error("never filed");
}

/** The first note as it was, and one more in the same encounter. */
function expectTwoNotes(): void {
  expect(chart.encounters).toHaveLength(1);
  expect(chart.notes.map(({ text }) => canonicalNote(text as Note))).toEqual([note, addendum].map(canonicalNote));
}

test("an addendum waits for its note, then becomes a second note in the same encounter; the first stays as it is", async () => {
  await add();
  token = undefined;
  filing = startFiling();
  await until(() => timers.length > 0);
  expect(await store.query("SELECT tries FROM addenda")).toEqual([{ tries: 0 }]);
  token = "lee-token";
  filing.wake();
  await untilAdded();
  expectTwoNotes();
  expect(await store.query("SELECT object FROM audit ORDER BY seq")).toEqual([
    { object: `note:${visitId}` },
    { object: `addendum:${visitId}` },
  ]);
});

test.each(cases.filter(({ at }) => at < 3))(
  "request $at of an addendum fails $when it took effect ($code $detail): exactly one note more",
  async ({ at, fault }) => {
    filing = startFiling();
    await untilFiled();
    const before = chart.requests.length;
    chart.fault = () => (chart.requests.length === before + at + 1 ? fault : undefined);
    await add();
    filing.wake();
    await untilAdded();
    expect(chart.requests.length).toBeGreaterThan(before + at);
    expectTwoNotes();
  },
);

test.each(["encounter", "soap_note"])(
  "a slow server stores the %s after we gave up: it is not written again",
  async (route) => {
    let late: SendRequest | undefined;
    let landsAt = Infinity;
    const { send } = chart;
    chart.send = async (request) => {
      if (late && nowMs >= landsAt) {
        const landing = late;
        late = undefined;
        await send(landing);
      }
      if (request.method === "POST" && request.url.endsWith(route) && landsAt === Infinity) {
        late = request;
        landsAt = nowMs + 60_000;
      }
      if (late === request) throw problem("timed_out");
      return send(request);
    };
    filing = startFiling();
    await untilFiled();
    expect(landsAt).toBeLessThan(nowMs);
    expectOneNote();
  },
);

test.each(Array.from({ length: 12 }, (_, index) => index))(
  "a crash at write %i of the store: the next start files exactly one note",
  async (at) => {
    let writes = 0;
    const crashing: Store = {
      ...store,
      transact: async (transaction) => {
        if (writes >= at) throw new Error("the machine stopped");
        writes += 1;
        return store.transact(transaction);
      },
    };
    const first = startFiling(crashing);
    await until(() => timers.length > 0 || writes < at);
    await until(async () => timers.length > 0 || (await filingRow())["state"] === "verified");
    await first.stop();
    timers = [];
    nowMs += 90_000;
    filing = startFiling();
    await untilFiled();
    expectOneNote();
  },
);

test("a note that reads back differently is not called filed, is not written again, and fails aloud", async () => {
  const { send } = chart;
  chart.send = async (request) => {
    const answer = await send(request);
    for (const stored of chart.notes) stored.text = { ...stored.text, plan: "Somebody else's plan." };
    return answer;
  };
  filing = startFiling();
  await until(async () => (await filingRow())["state"] === "failed");
  expect(await problemCode()).toBe("note_mismatch");
  expect(await store.query("SELECT state FROM visits")).toEqual([{ state: "signed" }]);
  expect(await store.query("SELECT outcome FROM audit")).toEqual([{ outcome: "failed" }]);
  await store.transact({ statements: [{ sql: "UPDATE filings SET state = 'waiting'", params: [] }] });
  filing.wake();
  await until(async () => (await filingRow())["tries"] === 2 && (await filingRow())["state"] === "failed");
  expect(chart.notes).toHaveLength(1);
});

test.each([
  ["openemr_role_missing", 403, '{"error":"e","message":"Organization policy does not have permit access resource"}'],
  ["openemr_scope_missing", 401, '{"error":"e","message":"Unauthorized"}'],
  ["openemr_refused", 200, '{"subjective":{"LengthBetween::TOO_SHORT":"…"}}'],
])("what only a person can mend (%s) ends the tries", async (code, status, body) => {
  const { send } = chart;
  const isNote = ({ method, url }: SendRequest) => method === "POST" && url.endsWith("soap_note");
  chart.send = async (request) => (isNote(request) ? { status, headers: {}, body } : send(request));
  filing = startFiling();
  await until(async () => (await filingRow())["state"] === "failed");
  expect(await problemCode()).toBe(code);
  // Refused is settled: a person who mends it and tries again need not wait.
  expect((await filingRow())["unsettled_since"]).toBeNull();
});

test("tries come further and further apart, and an outage does not try the whole queue", async () => {
  await sign(VisitId.parse("44444444-4444-4444-8444-444444444444"), note);
  chart.fault = () => ({ when: "before", code: "openemr_down", detail: "ECONNREFUSED" });
  filing = startFiling();
  await until(() => timers.length > 0);
  expect(chart.requests).toHaveLength(1);
  const delays: number[] = [];
  for (let tries = 1; tries < 24; tries += 1) {
    ring();
    await until(() => timers.length > 0);
    const row = await filingRow();
    delays.push(Number(row["next_try_at"]) - nowMs);
  }
  expect(Math.max(...delays)).toBe(150_000);
});

test("an encounter of an earlier try is used again, and other people's notes in it are left alone", async () => {
  chart.encounters.push({ eid: "18", euuid: "encounter-18", external_id: visitId, puuid: "patient-1" });
  chart.notes.push({ id: "1", pid: "2", encounter: "18", text: { ...note } });
  filing = startFiling();
  await untilFiled();
  expect(chart.encounters).toHaveLength(1);
  expect(chart.notes.map(({ pid }) => pid)).toEqual(["2", "1"]);
});

const opened = "0d9c1c3e-5f8e-4b1a-9f57-3f6f0a4f1d11";

/** The visit began on the patient's page in OpenEMR with this encounter open, or was opened there later. */
async function beganIn(encounterUuid: string, column = "launched_encounter"): Promise<void> {
  const sql = `UPDATE visits SET ${column} = ? WHERE id = ?`;
  await store.transact({ statements: [{ sql, params: [encounterUuid, visitId] }] });
}

test.each([
  ["begun on", "launched_encounter"],
  ["begun before and opened on", "joined_encounter"],
])("a visit %s the patient's page is filed into the encounter that was open there", async (_how, column) => {
  chart.encounters.push(
    { eid: "7", euuid: opened, puuid: "patient-1" },
    { eid: "8", euuid: "e-8", puuid: "patient-1" },
  );
  await beganIn(opened, column);
  filing = startFiling();
  await until(async () => (await filingRow())["state"] === "verified");
  expect(chart.encounters).toHaveLength(2);
  expect(chart.notes).toMatchObject([{ pid: "1", encounter: "7" }]);
  expect(await filingRow()).toMatchObject({ encounter_id: "7", encounter_uuid: opened });
});

test("another patient's encounter is never filed into: the visit gets one of its own", async () => {
  chart.encounters.push({ eid: "7", euuid: opened, puuid: "patient-2" });
  await beganIn(opened);
  filing = startFiling();
  await until(async () => (await filingRow())["state"] === "verified");
  expect(chart.encounters).toHaveLength(2);
  expect(chart.notes).toMatchObject([{ pid: "1", encounter: chart.encounters[1]?.eid }]);
});

test("nobody is signed in and OpenEMR lets this server file by itself: the note is filed with that token", async () => {
  token = undefined;
  filing = startFiling(store, { tokenFor: async () => "nobody's", refused: () => {} });
  await until(async () => (await filingRow())["state"] === "verified");
  expect(new Set(chart.requests.map(({ headers }) => headers["authorization"]))).toEqual(new Set(["Bearer nobody's"]));
  expect(chart.notes).toHaveLength(1);
});

test("the clinician's own token goes before one of nobody", async () => {
  filing = startFiling(store, { tokenFor: async () => "nobody's", refused: () => {} });
  await until(async () => (await filingRow())["state"] === "verified");
  expect(new Set(chart.requests.map(({ headers }) => headers["authorization"]))).toEqual(new Set(["Bearer lee-token"]));
});

test.each(["openemr_scope_missing", "openemr_role_missing", "signed_out"] as const)(
  "a token of nobody that OpenEMR refuses (%s): the note waits for its clinician, and that token is not tried again",
  async (code) => {
    token = undefined;
    const refused: string[] = [];
    chart.fault = () => ({ when: "before", code });
    filing = startFiling(store, { tokenFor: async () => "nobody's", refused: (use) => void refused.push(use) });
    await until(async () => (await filingRow())["problem_json"] !== null);
    expect(await problemCode()).toBe("signed_out");
    expect(await filingRow()).toMatchObject({ state: "waiting" });
    expect(refused).toEqual(["filing"]);
    chart.fault = () => undefined;
    token = "lee-token";
    filing.wake();
    await until(async () => (await filingRow())["state"] === "verified");
    expect(chart.notes).toHaveLength(1);
  },
);
