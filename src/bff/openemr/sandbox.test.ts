/** The chart's client, booking and filing against the sandbox OpenEMR: written by other hands, from recorded traffic. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createAudit } from "#bff/audit.ts";
import { readConfig } from "#bff/config.ts";
import { createMemoryStore } from "#bff/store/memory-store.ts";
import type { Store } from "#bff/store/store.ts";
import { insertRow } from "#bff/visits/insert-row.ts";
import { createOneAtATime } from "#bff/visits/one-at-a-time.ts";
import { addDays, weekdayOf } from "#model/calendar-date.ts";
import { FollowUpId, PatientId, UserId, VisitId } from "#model/id.ts";
import { canonicalNote, emptyNote } from "#model/note.ts";
import type { Note } from "#model/note.ts";
import { problem } from "#model/problem.ts";
import type { Access } from "#openemr/call.ts";
import { createOpenEmr } from "#openemr/openemr.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import type { Send } from "#openemr/send.ts";
import { createSandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import type { SandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import type { ProfileName } from "#sandbox/openemr/profiles/profile.ts";
import { demoWorld } from "#sandbox/openemr/world.ts";
import { accounts, clientId, clientScopes, clientSecret } from "#sandbox/seed.ts";
import { readBookingSettings } from "./booking-rules.ts";
import { createBooker } from "./booking.ts";
import type { Booker } from "./booking.ts";
import { createCalendarCache } from "./calendar-cache.ts";
import { newConfirmation } from "./confirmation.ts";
import { createFiling } from "./filing.ts";
import type { FollowUp } from "./follow-up-rows.ts";
import { createProviderIds } from "./provider-ids.ts";

/** Real sockets and sign-ins on a busy machine. */

const timeZone = "America/New_York";
/** Saturday 21 November 2026, 9:00 in New York. */
const clock = { now: () => Date.parse("2026-11-21T14:00:00Z") };
const today = "2026-11-21";
const rivera = UserId.parse(accounts[0].userUuid);

/** Has a full calendar. */
let sandbox: SandboxOpenEmr;
let openemr: OpenEmr;
let store: Store;
let tokens: Record<string, string>;

beforeAll(async () => {
  sandbox = await createSandboxOpenEmr({ clock, timeZone });
  openemr = createOpenEmr({ send, baseUrl: sandbox.url, site: "default", timeZone, clock });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  store = createMemoryStore();
  sandbox.controls.reset();
  tokens = { rivera: await signIn("dr.rivera"), desk: await signIn("desk") };
});
afterEach(() => store.close());

const send: Send = async ({ method, url, headers, body }) => {
  try {
    const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  } catch {
    throw problem("openemr_down");
  }
};

const schedulingScopes = ["user/Appointment.write", "user/Slot.read"];

/** As a browser does it: authorize, sign in, consent, exchange the code. */
async function signIn(username: string, at: { url: string; profile?: ProfileName } = sandbox): Promise<string> {
  const base = `${at.url}/oauth2/default`;
  const password = accounts.find((one) => one.username === username)?.password ?? "";
  const client = { client_id: clientId, redirect_uri: "http://localhost:3000/callback" };
  const scope = [...clientScopes, ...(at.profile === "fhir-scheduling" ? schedulingScopes : [])].join(" ");
  const query = new URLSearchParams({ ...client, response_type: "code", scope });
  const began = await fetch(`${base}/authorize?${query}`, { redirect: "manual" });
  const cookie = began.headers.get("set-cookie")?.split(";")[0] ?? "";
  const post = (path: string, fields: Record<string, string>) =>
    fetch(base + path, { method: "POST", headers: { cookie }, body: new URLSearchParams(fields), redirect: "manual" });
  const hidden = async (path: string) => {
    const html = await (await fetch(base + path, { headers: { cookie } })).text();
    const inputs = html.matchAll(/<input type="(?:hidden|checkbox)" name="([^"]+)" value="([^"]*)"/gu);
    return Object.fromEntries([...inputs].map(([, name = "", value = ""]) => [name, value]));
  };
  await post("/login", { ...(await hidden("/provider/login")), username, password, user_role: "api" });
  const done = await post("/device/code", { ...(await hidden("/scope-authorize-confirm")), proceed: "1" });
  const code = new URL(done.headers.get("location") ?? "about:blank").searchParams.get("code") ?? "";
  const grant = { grant_type: "authorization_code", code, client_secret: clientSecret };
  const answer = await post("/token", { ...client, ...grant });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const asRivera = () => ({ token: tokens["rivera"] ?? "" });
const asDesk = () => ({ token: tokens["desk"] ?? "" });

async function chestPain() {
  const day = await openemr.worklist.ofDay(asRivera(), { date: today, clinicianId: rivera });
  const entry = day.find(({ reason }) => reason === "Chest pain");
  if (!entry) throw new Error("no chest pain today");
  return entry;
}

test("today's worklist of one clinician and of all, with names, reasons and numbers", async () => {
  const mine = await openemr.worklist.ofDay(asRivera(), { date: today, clinicianId: rivera });
  expect(mine.map((entry) => entry.startTime)).toEqual(mine.map((entry) => entry.startTime).toSorted());
  expect(new Set(mine.map((entry) => entry.clinicianName))).toEqual(new Set(["Elena Rivera"]));
  const found = mine.find(({ reason }) => reason === "Chest pain");
  expect(found).toMatchObject({ startTime: "08:00", durationMinutes: 30, providerId: "5" });
  expect(found?.appointmentId).toMatch(/^\d+$/);
  const all = await openemr.worklist.ofDay(asRivera(), { date: today });
  expect(all.length).toBeGreaterThan(mine.length);
});

test("FHIR and the standard list tell the same calendar", async () => {
  const days = Array.from({ length: 7 }, (_, index) => addDays(today, index));
  const fhir = await openemr.calendar.ofDates(asDesk(), days);
  const list = await openemr.calendar.withColumns(asDesk(), days);
  const essence = (rows: typeof fhir) =>
    rows.map(({ eid: _eid, row: _row, ...known }) => JSON.stringify(known, Object.keys(known).sort())).toSorted();
  expect(fhir.length).toBeGreaterThan(10);
  expect(essence(fhir)).toEqual(essence(list));
});

test("the front desk may not read notes: OpenEMR itself refuses, and we say so", async () => {
  await expect(openemr.notes.findNote(asDesk(), { pid: "1", encounterId: "1" }, emptyNote)).rejects.toThrow(
    "openemr_role_missing",
  );
});

test("a login ended elsewhere is signed out", async () => {
  sandbox.controls.revokeLogin("dr.rivera");
  await expect(chestPain()).rejects.toThrow("signed_out");
});

const visitId = VisitId.parse("88888888-8888-4888-8888-888888888888");
const note: Note = {
  subjective: "Chest pain for two days, “left arm”.\nShort of breath.",
  objective: "Blood pressure 150/90.",
  assessment: "High blood pressure.",
  plan: "Aspirin 81 mg once a day.\n\nSigned by Elena Rivera, 2026-11-21 09:00 (America/New_York).",
};

async function sign(): Promise<{ pid: string }> {
  const { patient, pid } = await chestPain();
  const times = { created_at: clock.now(), updated_at: clock.now(), started_at: clock.now() };
  const whose = { clinician_id: rivera, clinician_name: "Elena Rivera" };
  const who = { patient_id: patient.id, patient_pid: pid, patient_json: JSON.stringify(patient) };
  const rest = { reason: "Chest pain", consent_json: "{}", device: "Room 3", state: "signed" };
  const signed = { signed_at: clock.now(), signed_by: rivera, signer_name: "Elena Rivera", drafted_with: "" };
  await store.transact({
    statements: [
      insertRow("visits", { id: visitId, ...times, ...whose, ...who, ...rest }),
      insertRow("signed_notes", { visit_id: visitId, note_json: JSON.stringify(note), sha256: "", ...signed }),
      insertRow("filings", { visit_id: visitId, clinician_id: rivera, state: "waiting", next_try_at: clock.now() }),
    ],
  });
  return { pid };
}

/** Files with timers that ring at once, until the filing is verified or a fifth round has ended. */
async function file(): Promise<string> {
  let rounds = 0;
  let ended = (): void => {};
  const over = new Promise<void>((resolve) => (ended = resolve));
  const filing = createFiling({
    config: readConfig({}),
    clock: { now: () => clock.now() + rounds * 120_000 },
    store,
    openemr,
    audit: createAudit(clock),
    auth: { require: () => Promise.reject(new Error("not a request")), tokenOf: async () => tokens["rivera"] },
    events: {
      visitChanged: async () => {
        const [row] = await store.query("SELECT state FROM filings");
        if (row?.["state"] === "verified") ended();
      },
      followUpsChanged: async () => {},
    },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    schedule: {
      after: (_ms, work) => {
        rounds += 1;
        if (rounds > 5) ended();
        else work();
        return () => {};
      },
    },
  });
  await over;
  await filing.stop();
  const [row] = await store.query("SELECT state FROM filings");
  return String(row?.["state"]);
}

function notesOf(pid: string) {
  const patient = sandbox.chart().patients.find((one) => String(one.pid) === pid);
  const encounters = patient?.encounters.filter(({ externalId }) => externalId === visitId) ?? [];
  const notes =
    patient?.soapNotes.filter(({ encounter }) => encounters.some(({ number }) => number === encounter)) ?? [];
  return { encounters, notes: notes.map((row) => canonicalNote(row as Note)) };
}

test("a signed note is in the sandbox's chart to the letter, once", async () => {
  const { pid } = await sign();
  expect(await file()).toBe("verified");
  const { encounters, notes } = notesOf(pid);
  expect(encounters).toMatchObject([{ provider: "dr.rivera", reason: "Chest pain" }]);
  expect(encounters[0]?.date).toMatch(/^2026-11-21/);
  expect(notes).toEqual([canonicalNote(note)]);
});

test.each([
  ["POST", "/soap_note", "lose-answer"],
  ["POST", "/soap_note", "fail"],
  ["GET", "/soap_note", "lose-answer"],
  ["POST", "/encounter", "lose-answer"],
  ["POST", "/encounter", "fail"],
  ["GET", "/encounter", "fail"],
] as const)("%s %s goes wrong (%s): one encounter, one note", async (method, path, kind) => {
  const { pid } = await sign();
  sandbox.controls.fault({ kind, method, path });
  expect(await file()).toBe("verified");
  expect(notesOf(pid).encounters).toHaveLength(1);
  expect(notesOf(pid).notes).toEqual([canonicalNote(note)]);
});

type Work = (empty: SandboxOpenEmr, booker: Booker, desk: Access) => Promise<void>;

/** A clinic whose calendar holds nothing but one visit with Dr Rivera, by which her number is known; or not even that. */
async function withEmptyCalendar(profile: ProfileName, work: Work, { isKnown } = { isKnown: true }) {
  const world = { ...demoWorld("http://localhost:3000"), hasCalendar: false };
  const empty = await createSandboxOpenEmr({ clock, timeZone, world, profile });
  try {
    const visit = { pid: 1, provider: "dr.rivera", date: today, startTime: "08:00", minutes: 15 };
    if (isKnown) empty.controls.addAppointment(visit);
    const chart = createOpenEmr({ send, baseUrl: empty.url, site: "default", timeZone, clock });
    await work(empty, bookerOver(chart), { token: await signIn("desk", { url: empty.url, profile }) });
  } finally {
    await empty.close();
  }
}

function bookerOver(openemr: OpenEmr): Booker {
  return createBooker({
    openemr,
    clock,
    timeZone,
    rulesOf: async (kind) => readBookingSettings(undefined).rulesOf(kind),
    calendars: createCalendarCache(clock),
    providerIds: createProviderIds({ store, clock, openemr, configured: {} }),
    inTurn: createOneAtATime(),
    newConfirmation,
    categoryId: "5",
    facilityId: "3",
  });
}

function followUpOf(index: number, patient: { id: string; name: string; pid: string }): FollowUp {
  return {
    id: FollowUpId.parse(`99999999-9999-4999-8999-${String(index).padStart(12, "0")}`),
    visitId,
    patient: { id: PatientId.parse(patient.id), name: patient.name, birthDate: null, recordNumber: "", sex: null },
    pid: patient.pid,
    clinician: { id: rivera, name: "Elena Rivera" },
    sentence: "Back in two weeks.",
    reason: "blood pressure",
    window: { due: "2026-12-07", from: "2026-12-04", to: "2026-12-14" },
    state: "open",
    askedAt: 0,
    booking: null,
    tries: [],
    declined: null,
    cancelled: null,
    waitingSince: null,
  };
}

const patientsOf = (at: SandboxOpenEmr) =>
  at.chart().patients.map(({ uuid, name, pid }) => ({ id: uuid, name, pid: String(pid) }));

/** The standard API, and FHIR scheduling: one suite over both. */
const forms: ProfileName[] = ["openemr-8.2", "fhir-scheduling"];

test.each(forms)("%s: a free time is booked by the front desk, read back, moved and cancelled", (profile) =>
  withEmptyCalendar(profile, async (empty, booker, desk) => {
    const [patient = { id: "", name: "", pid: "" }] = patientsOf(empty);
    const followUp = followUpOf(1, patient);
    const { times } = await booker.times(desk, followUp);
    expect(times.length).toBeGreaterThan(10);
    expect(times.every(({ date }) => !["saturday", "sunday"].includes(weekdayOf(date)))).toBe(true);
    const [first, second] = times;
    if (!first || !second) throw new Error("no times");
    const ours = () =>
      empty
        .chart()
        .patients.find(({ pid }) => String(pid) === patient.pid)
        ?.appointments.filter(({ comment, status }) => comment.includes(followUp.id) && status !== "x")
        .map(({ date, startTime, provider }) => ({ date, startTime, provider }));
    const outcome = await booker.book(desk, followUp, first);
    if (!("booking" in outcome)) throw new Error("taken");
    expect(ours()).toEqual([{ date: first.date, startTime: `${first.startTime}:00`, provider: "dr.rivera" }]);
    const booked: FollowUp = { ...followUp, state: "booked", booking: outcome.booking };
    expect(await booker.book(desk, booked, second)).toMatchObject({ booking: { startTime: second.startTime } });
    expect(ours()).toEqual([{ date: second.date, startTime: `${second.startTime}:00`, provider: "dr.rivera" }]);
    await booker.cancel(desk, booked);
    expect(ours()).toEqual([]);
  }),
);

test.each(forms)("%s: twenty at once for four times while somebody books straight in OpenEMR", (profile) =>
  withEmptyCalendar(profile, async (empty, booker, desk) => {
    const everybody = patientsOf(empty);
    const patientOf = (index: number) => everybody[index % everybody.length] ?? { id: "", name: "", pid: "" };
    const { times } = await booker.times(desk, followUpOf(0, patientOf(0)));
    const day = times[0]?.date ?? "";
    const wanted = times.filter(({ date }) => date === day).slice(0, 4);
    const asked = Array.from({ length: 20 }, (_, index) =>
      booker.book(desk, followUpOf(index, patientOf(index)), wanted[index % 4] ?? wanted[0]!),
    );
    empty.controls.addAppointment({
      pid: 12,
      provider: "dr.rivera",
      date: day,
      startTime: wanted[1]?.startTime ?? "",
      minutes: 15,
    });
    const outcomes = await Promise.all(asked);
    expect(outcomes.some((outcome) => "booking" in outcome)).toBe(true);
    const spans = empty
      .chart()
      .patients.flatMap(({ appointments }) => appointments)
      .filter(({ date, provider, status }) => date === day && provider === "dr.rivera" && status !== "x")
      .toSorted((one, other) => one.startTime.localeCompare(other.startTime));
    for (const [index, span] of spans.entries()) {
      expect(span.startTime >= (spans[index - 1]?.endTime ?? "")).toBe(true);
    }
    const kept = spans.filter(({ comment }) => comment.startsWith("Booked with Chartside"));
    expect(kept.every(({ status }) => status === (profile === "fhir-scheduling" ? "*" : "-"))).toBe(true);
    expect(kept).toHaveLength(outcomes.filter((outcome) => "booking" in outcome).length);
  }),
);

test("where the server has slots a clinician whose number nobody knows is booked, too", () =>
  withEmptyCalendar(
    "fhir-scheduling",
    async (empty, booker, desk) => {
      const [patient = { id: "", name: "", pid: "" }] = patientsOf(empty);
      const { times } = await booker.times(desk, followUpOf(1, patient));
      const outcome = await booker.book(desk, followUpOf(1, patient), times[0] ?? { date: "", startTime: "" });
      expect(outcome).toHaveProperty("booking");
      const rows = empty.chart().patients.flatMap(({ appointments }) => appointments);
      expect(rows.map(({ provider }) => provider)).toEqual(["dr.rivera"]);
      expect(await store.query("SELECT * FROM provider_ids")).toEqual([]);
    },
    { isKnown: false },
  ));

test("where the server has slots they are the hours, whatever is configured; a clash that it finds itself gives other times", () =>
  withEmptyCalendar("fhir-scheduling", async (empty, booker, desk) => {
    const [patient = { id: "", name: "", pid: "" }, other = patient] = patientsOf(empty);
    const {
      times: [first],
    } = await booker.times(desk, followUpOf(1, patient));
    if (!first) throw new Error("no times");
    // Lunch is free in the sandbox's slots, and is not in our configured hours.
    expect(
      (await booker.times(desk, followUpOf(1, patient))).times.some(({ startTime }) => startTime === "12:00"),
    ).toBe(true);
    // The same time with another clinician: the calendar that the desk reads shows it, but only after the check.
    empty.controls.fault({ kind: "fail", method: "POST", path: "/fhir/Appointment", status: 409 });
    expect(await booker.book(desk, followUpOf(2, other), first)).toHaveProperty("alternatives");
    const outcome = await booker.book(desk, followUpOf(2, other), first);
    expect(outcome).toHaveProperty("booking");
    const rows = empty.chart().patients.flatMap(({ appointments }) => appointments);
    expect(
      rows.filter(({ date, startTime }) => date === first.date && startTime === `${first.startTime}:00`),
    ).toHaveLength(1);
  }));
