/**
 * Fifty clients book, move and cancel against the sandbox OpenEMR while somebody else puts appointments straight in, in the
 * worst moments. Proved from the sandbox's own tables. CHARTSIDE_RACE_ATTEMPTS says how many bookings are tried.
 */
import { Pool } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMemoryStore } from "#bff/store/memory-store.ts";
import { createOneAtATime } from "#bff/visits/one-at-a-time.ts";
import { FollowUpId, PatientId, UserId, VisitId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import type { Access } from "#openemr/call.ts";
import { createOpenEmr } from "#openemr/openemr.ts";
import type { Send } from "#openemr/send.ts";
import type { AppointmentView } from "#sandbox/openemr/chart-view.ts";
import { tokensFor } from "#sandbox/openemr/replay/visitor.ts";
import { createSandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import type { SandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import { demoWorld } from "#sandbox/openemr/world.ts";
import { accounts, clientId, clientScopes, clientSecret } from "#sandbox/seed.ts";
import { readBookingSettings } from "./booking-rules.ts";
import { createBooker } from "./booking.ts";
import type { Booker } from "./booking.ts";
import { createCalendarCache } from "./calendar-cache.ts";
import { newConfirmation } from "./confirmation.ts";
import type { FollowUp } from "./follow-up-rows.ts";
import { createProviderIds } from "./provider-ids.ts";

const attempts = Number(process.env["CHARTSIDE_RACE_ATTEMPTS"] ?? 100);
const clients = 50;
const patienceMs = 60_000 + attempts * 1000;
const timeZone = "America/New_York";
const clock = { now: () => Date.parse("2026-11-21T14:00:00Z") };
const firstDay = "2026-12-04";

/** A hundred patients; each has a follow-up with both clinicians, so that one person may be wanted at two places. */
const patients = Array.from({ length: 100 }, (_, index) => ({
  ...demoWorld("").patients[0],
  id: index + 1,
  uuid: `5a0d0002-0c22-4a20-9a00-${String(index + 1).padStart(12, "0")}`,
})) as ReturnType<typeof demoWorld>["patients"];

let sandbox: SandboxOpenEmr;
let pool: Pool;
let desk: Access;
let booker: Booker;
const store = createMemoryStore();
const dice = createDice(7);
let posts = 0;
let strangers = 0;

beforeAll(async () => {
  const world = { ...demoWorld("http://localhost:3000"), hasCalendar: false, patients };
  sandbox = await createSandboxOpenEmr({ clock, timeZone, world });
  pool = new Pool(sandbox.url, { connections: 8 });
  const known = { pid: 1, date: "2026-11-20", startTime: "08:00", minutes: 15 };
  for (const provider of ["dr.rivera", "dr.okafor"]) sandbox.controls.addAppointment({ ...known, provider });
  const redirectUri = "http://localhost:3000/callback";
  const client = { url: sandbox.url, clientId, clientSecret, redirectUri, scopes: clientScopes };
  desk = { token: (await tokensFor({ ...client, username: "desk", password: "demo-desk" })).access_token };
  const openemr = createOpenEmr({ send, baseUrl: sandbox.url, site: "default", timeZone, clock });
  booker = createBooker({
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
}, patienceMs);
afterAll(async () => {
  await pool.close();
  await sandbox.close();
  await store.close();
});

/** Between what we looked at and what we wrote: that is where a stranger hurts. */
const send: Send = async ({ method, url, headers, body }) => {
  const { pathname, search } = new URL(url);
  if (method === "POST" && body !== undefined) {
    posts += 1;
    if (posts % 15 === 0) bookAsStranger(JSON.parse(body) as Posted);
  }
  const answer = await pool.request({ method, path: pathname + search, headers, body: body ?? null });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: {}, body: text };
};

/** One of ours too: neither the clinician nor the patient can be at two places. */
const strangersPatient = 12;

type Posted = { pc_eventDate: string; pc_startTime: string; pc_aid: string };

/** Every fifteenth time that is just being booked, until there are enough. Like a person, they look before they write; unlike us, they never look again. */
function bookAsStranger({ pc_eventDate: date, pc_startTime: startTime, pc_aid }: Posted): void {
  if (strangers * 60 > attempts) return;
  const provider = pc_aid === "5" ? "dr.rivera" : "dr.okafor";
  const end = minutesOf(startTime) + 15;
  const isTaken = standing().some(
    (row) =>
      row.date === date &&
      (row.provider === provider || row.pid === strangersPatient) &&
      minutesOf(row.startTime) < end &&
      minutesOf(row.endTime) > end - 15,
  );
  if (isTaken) return;
  strangers += 1;
  sandbox.controls.addAppointment({
    pid: strangersPatient,
    provider,
    date,
    startTime,
    minutes: 15,
    title: "Booked elsewhere",
  });
}

type Row = AppointmentView & { pid: number };

function standing(): Row[] {
  return sandbox
    .chart()
    .patients.flatMap(({ pid, appointments }) => appointments.map((row) => ({ ...row, pid })))
    .filter(({ date, status }) => date >= firstDay && status !== "x");
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

const isOurs = ({ comment }: Row): boolean => comment.startsWith("Booked with Chartside");

/** Pairs of one key that share a minute, at least one of them ours: nobody but us promises anything. */
function clashes(rows: readonly Row[], keyOf: (row: Row) => string): string[] {
  return [...Map.groupBy(rows, keyOf)].flatMap(([key, ofKey]) => {
    const sorted = ofKey.toSorted((one, other) => one.startTime.localeCompare(other.startTime));
    return sorted.flatMap((one, index) =>
      sorted
        .slice(index + 1)
        .filter((other) => other.startTime < one.endTime && (isOurs(one) || isOurs(other)))
        .map((other) => `${key} ${one.startTime} ${other.startTime}`),
    );
  });
}

function followUpOf(index: number): FollowUp {
  const patient = patients[Math.floor(index / 2) % patients.length];
  const account = accounts[index % 2] ?? accounts[0];
  return {
    id: FollowUpId.parse(`99999999-9999-4999-8999-${String(index).padStart(12, "0")}`),
    visitId: VisitId.parse("88888888-8888-4888-8888-888888888888"),
    patient: {
      id: PatientId.parse(patient?.uuid),
      name: "",
      birthDate: null,
      recordNumber: "",
      sex: null,
    },
    pid: String(patient?.id),
    clinician: { id: UserId.parse(account.userUuid), name: account.name },
    sentence: "Back in two weeks.",
    reason: "",
    window: { due: "2026-12-07", from: firstDay, to: "2026-12-14" },
    state: "open",
    askedAt: 0,
    booking: null,
    tries: [],
    declined: null,
    cancelled: null,
    waitingSince: null,
  };
}

type Told = { booked: number; moved: number; cancelled: number; taken: number; unexplained: string[] };

/** Books at random among the times that its screen shows, which may be old; moves what is booked already; cancels now and then. */
async function client(mine: FollowUp[], tries: number, told: Told): Promise<void> {
  for (let index = 0; index < tries; index += 1) {
    const followUp = mine[Math.floor(dice() * mine.length)];
    if (followUp === undefined) return;
    const { times } = await booker.times(desk, followUp);
    const wanted = times[Math.floor(dice() * times.length)] ?? { date: "2026-12-07", startTime: "09:00" };
    try {
      const outcome = await booker.book(desk, followUp, wanted);
      if ("booking" in outcome) {
        if (followUp.booking === null) told.booked += 1;
        else told.moved += 1;
        followUp.booking = outcome.booking;
      } else {
        told.taken += 1;
        const isRepeated = outcome.alternatives.some(
          (time) => time.startTime === wanted.startTime && time.date === wanted.date,
        );
        if (isRepeated) told.unexplained.push("offered the time that was refused");
      }
      if (followUp.booking !== null && dice() < 0.6) {
        await booker.cancel(desk, followUp);
        followUp.booking = null;
        told.cancelled += 1;
      }
    } catch (thrown) {
      told.unexplained.push(toProblem(thrown).code);
    }
  }
}

test(
  `${String(attempts)} bookings by ${String(clients)} clients and a stranger: no double booking stands, none is lost, every refusal says why`,
  { timeout: patienceMs },
  async () => {
    const followUps = Array.from({ length: clients * 4 }, (_, index) => followUpOf(index));
    const told: Told = { booked: 0, moved: 0, cancelled: 0, taken: 0, unexplained: [] };
    const from = performance.now();
    await Promise.all(
      Array.from({ length: clients }, (_, index) =>
        client(
          followUps.filter((_followUp, place) => place % clients === index),
          Math.ceil(attempts / clients),
          told,
        ),
      ),
    );
    const seconds = Math.round((performance.now() - from) / 1000);
    // oxlint-disable-next-line no-console -- the figures for bench/RESULTS.md
    console.log(JSON.stringify({ attempts, seconds, strangers, ...told }));
    const rows = standing();
    expect(clashes(rows, (row) => `${String(row.provider)} ${row.date}`)).toEqual([]);
    expect(clashes(rows, (row) => `patient ${String(row.pid)} ${row.date}`)).toEqual([]);
    // What was promised stands, once, at its time; what was given back is gone.
    for (const { id, booking } of followUps) {
      const kept = rows.filter(({ comment }) => comment.includes(id));
      const at = kept.map(({ date, startTime, eid }) => ({ date, startTime: startTime.slice(0, 5), eid: String(eid) }));
      const promised = booking && { date: booking.date, startTime: booking.startTime, eid: booking.appointmentId };
      expect(at).toEqual(promised === null ? [] : [promised]);
    }
    expect(rows.filter(({ title }) => title === "Booked elsewhere")).toHaveLength(strangers);
    expect(told.unexplained).toEqual([]);
    expect(told.booked).toBeGreaterThan(attempts / 10);
    expect(strangers).toBeGreaterThan(0);
  },
);

/** A repeatable row of numbers from 0 to 1 (mulberry32). */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
