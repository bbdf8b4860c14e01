import { afterEach, beforeEach, expect, test } from "vitest";
import { createAudit } from "#bff/audit.ts";
import { createMemoryStore } from "#bff/store/memory-store.ts";
import type { Store } from "#bff/store/store.ts";
import { insertRow } from "#bff/visits/insert-row.ts";
import { problem } from "#model/problem.ts";
import { createFakeChart } from "#openemr/fake-chart.ts";
import type { FakeChart } from "#openemr/fake-chart.ts";
import { createOpenEmr } from "#openemr/openemr.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import { createCalendarWatch } from "./calendar-watch.ts";
import type { CalendarWatch } from "./calendar-watch.ts";
import { ana, users } from "./test-clinic.ts";
import { readWaitlist } from "./waitlist.ts";
import { watchDays } from "./watch-days.ts";

const timeZone = "America/New_York";
let nowMs: number;
const clock = { now: () => nowMs };
let chart: FakeChart;
let store: Store;
let watch: CalendarWatch;
let openemr: OpenEmr;
let changes: number;

beforeEach(async () => {
  nowMs = Date.parse("2026-11-21T14:00:00Z");
  changes = 0;
  chart = createFakeChart();
  store = createMemoryStore();
  watch = newWatch();
  openemr = createOpenEmr({
    send: (request) => chart.send(request),
    baseUrl: "http://c",
    site: "default",
    timeZone,
    clock,
    onCalendar: (seen) => watch.seen(seen),
  });
  await store.transact({ statements: [insertRow("follow_ups", waiting)] });
});
afterEach(() => store.close());

const log = { info: () => {}, warn: () => {}, error: (_fields: object, words: string) => expect.fail(words) };

function newWatch(): CalendarWatch {
  return createCalendarWatch({
    store,
    clock,
    config: { CLINIC_TIME_ZONE: timeZone },
    log,
    onChanged: async () => void (changes += 1),
  });
}

/** Waits for a time with Dr Lee between the 4th and the 14th. */
const waiting = {
  id: "11111111-1111-4111-8111-000000000001",
  visit_id: "22222222-2222-4222-8222-222222222222",
  patient_id: ana.id,
  patient_pid: "1",
  patient_json: JSON.stringify(ana),
  clinician_id: "user-lee",
  clinician_name: "Kim Lee",
  sentence: "Back in two weeks.",
  reason: "",
  due: "2026-12-07",
  window_from: "2026-12-04",
  window_to: "2026-12-14",
  state: "open",
  asked_at: 0,
  waiting_since: 1,
};

const at = (pc_startTime: string, more: object = {}) =>
  chart.insert({
    pid: "2",
    pc_aid: "5",
    pc_eventDate: "2026-12-07",
    pc_startTime,
    pc_duration: "1800",
    ...more,
  });

const dates = ["2026-12-07", "2026-12-08"];

async function look(): Promise<void> {
  nowMs += 60_000;
  await openemr.calendar.ofDates({ token: "desk" }, dates);
  await watch.settled();
}

const freed = async () =>
  (await readWaitlist(store, "2026-11-21")).freed.map(
    ({ clinicianId, date, startTime, from, to }) => `${clinicianId} ${date} ${startTime} ${String(to - from)}`,
  );

test.each([
  ["deleted", (eid: string) => void (chart.appointments = chart.appointments.filter((row) => row.pc_eid !== eid))],
  ["cancelled", (eid: string) => change(eid, { pc_apptstatus: "x" })],
  ["moved to another day", (eid: string) => change(eid, { pc_eventDate: "2026-12-08" })],
  ["given to another clinician", (eid: string) => change(eid, { pc_aid: "6" })],
])("an appointment that somebody %s in OpenEMR frees its time, also after a restart", async (_what, act) => {
  const { pc_eid } = at("09:00");
  at("11:00");
  await look();
  expect(await freed()).toEqual([]);
  act(pc_eid);
  watch = newWatch();
  await look();
  expect(await freed()).toEqual(["user-lee 2026-12-07 09:00 30"]);
  expect(changes).toBe(1);
  await look();
  expect(changes).toBe(1);
});

function change(eid: string, columns: object): void {
  chart.appointments = chart.appointments.map((row) => (row.pc_eid === eid ? { ...row, ...columns } : row));
}

test("a time where somebody else stands by then is not freed; a freed one that is taken again is offered no more", async () => {
  const { pc_eid } = at("09:00");
  await look();
  change(pc_eid, { pc_startTime: "09:15" });
  await look();
  expect(await freed()).toEqual([]);
  change(pc_eid, { pc_eventDate: "2026-12-08" });
  await look();
  expect(await freed()).toEqual(["user-lee 2026-12-07 09:15 30"]);
  at("09:30");
  await look();
  expect(await freed()).toEqual([]);
});

test("blocks, the past, and days that a reading did not ask for free nothing", async () => {
  const block = at("09:00", { pid: null, pc_catid: "8" });
  const past = at("09:00", { pc_eventDate: "2026-11-20" });
  const elsewhere = at("09:00", { pc_eventDate: "2026-12-09" });
  await openemr.calendar.ofDates({ token: "desk" }, ["2026-11-20", ...dates, "2026-12-09"]);
  for (const { pc_eid } of [block, past, elsewhere]) {
    chart.appointments = chart.appointments.filter((row) => row.pc_eid !== pc_eid);
  }
  await openemr.calendar.ofDates({ token: "desk" }, ["2026-11-20", ...dates]);
  await watch.settled();
  expect(await freed()).toEqual([]);
});

test("a reading that began before an appointment was first seen frees nothing", async () => {
  nowMs += 60_000;
  at("09:00");
  await look();
  watch.seen({ dates, rows: [], at: nowMs - 1 });
  await watch.settled();
  expect(await freed()).toEqual([]);
});

const parts = (background: string | undefined, refused: string[] = []) => ({
  store,
  clock,
  audit: createAudit(clock),
  config: { CLINIC_TIME_ZONE: timeZone },
  openemr,
  background: { tokenFor: async () => background, refused: (use: string) => void refused.push(use) },
  someone: async () => users["desk"] && { user: users["desk"], token: "desk's" },
});

const tokensUsed = () => [...new Set(chart.requests.map(({ headers }) => headers["authorization"]))];

test("the days that somebody waits for are looked at: with a token of nobody, else as who is signed in; each look is in the audit", async () => {
  const { pc_eid } = at("09:00");
  await watchDays(parts("nobody's"));
  expect(tokensUsed()).toEqual(["Bearer nobody's"]);
  expect(new URL(chart.requests[0]?.url ?? "").searchParams.get("date")?.split(",")).toContain("2026-12-07");
  chart.appointments = chart.appointments.filter((row) => row.pc_eid !== pc_eid);
  nowMs += 60_000;
  await watchDays(parts(undefined));
  await watch.settled();
  expect(tokensUsed()).toEqual(["Bearer nobody's", "Bearer desk's"]);
  expect(await freed()).toEqual(["user-lee 2026-12-07 09:00 30"]);
  expect(await store.query("SELECT actor, action, object FROM audit ORDER BY seq")).toEqual([
    { actor: "chartside", action: "R", object: "calendar:waitlist" },
    { actor: "user-desk", action: "R", object: "calendar:waitlist" },
  ]);
});

test("a token of nobody that OpenEMR refuses is left alone, and who is signed in looks", async () => {
  const refused: string[] = [];
  const { send } = chart;
  chart.send = async (request) => {
    if (request.headers["authorization"] === "Bearer nobody's") throw problem("openemr_role_missing");
    return send(request);
  };
  await watchDays(parts("nobody's", refused));
  expect(refused).toEqual(["calendar"]);
  expect(tokensUsed()).toEqual(["Bearer desk's"]);
});

test("nobody waits: OpenEMR is not asked", async () => {
  await store.transact({ statements: [{ sql: "UPDATE follow_ups SET waiting_since = NULL", params: [] }] });
  await watchDays(parts("nobody's"));
  expect(chart.requests).toEqual([]);
  expect(await store.query("SELECT * FROM audit")).toEqual([]);
});
