import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryStore } from "#bff/store/memory-store.ts";
import type { Store } from "#bff/store/store.ts";
import { createOneAtATime } from "#bff/visits/one-at-a-time.ts";
import { FollowUpId, PatientId, UserId, VisitId } from "#model/id.ts";
import { createFakeChart } from "#openemr/fake-chart.ts";
import type { FakeChart } from "#openemr/fake-chart.ts";
import { createOpenEmr } from "#openemr/openemr.ts";
import { createBooker } from "./booking.ts";
import type { Booker, BookingOutcome } from "./booking.ts";
import { readBookingSettings } from "./booking-rules.ts";
import { createCalendarCache } from "./calendar-cache.ts";
import { commentOf } from "./confirmation.ts";
import type { Booking, FollowUp } from "./follow-up-rows.ts";
import { createProviderIds } from "./provider-ids.ts";

const access = { token: "desk" };
const nine = { date: "2026-12-07", startTime: "09:00" };
/** Saturday 21 November 2026, 9:00 in New York. */
const clock = { now: () => Date.parse("2026-11-21T14:00:00Z") };

let chart: FakeChart;
let store: Store;
let booker: Booker;

beforeEach(() => {
  chart = createFakeChart();
  store = createMemoryStore();
  booker = createTestBooker();
  // An old appointment, from which OpenEMR's number of Dr Lee is learned.
  chart.insert({ pid: "1", pc_aid: "5", pc_eventDate: "2026-11-20", pc_startTime: "10:00", pc_duration: "900" });
});
afterEach(() => store.close());

function createTestBooker(): Booker {
  const timeZone = "America/New_York";
  const openemr = createOpenEmr({
    send: (request) => chart.send(request),
    baseUrl: "http://c",
    site: "default",
    timeZone,
    clock,
  });
  const { rulesOf } = readBookingSettings(undefined);
  return createBooker({
    openemr,
    clock,
    timeZone,
    rulesOf: async (kind) => rulesOf(kind),
    calendars: createCalendarCache(clock),
    providerIds: createProviderIds({ store, clock, openemr, configured: {} }),
    inTurn: createOneAtATime(),
    newConfirmation: () => "AB23CD",
    categoryId: "5",
    facilityId: "3",
  });
}

function followUp(index = 1, more: Partial<FollowUp> = {}): FollowUp {
  return {
    id: FollowUpId.parse(`11111111-1111-4111-8111-${String(index).padStart(12, "0")}`),
    visitId: VisitId.parse("22222222-2222-4222-8222-222222222222"),
    patient: { id: PatientId.parse("patient-1"), name: "Ana Diaz", birthDate: null, recordNumber: "R-1", sex: null },
    pid: "1",
    clinician: { id: UserId.parse("user-lee"), name: "Kim Lee" },
    sentence: "Follow up in two weeks.",
    reason: "blood pressure check",
    window: { due: "2026-12-07", from: "2026-12-04", to: "2026-12-14" },
    state: "open",
    askedAt: 0,
    booking: null,
    tries: [],
    declined: null,
    cancelled: null,
    waitingSince: null,
    ...more,
  };
}

const ofBen = (index: number) =>
  followUp(index, {
    patient: { id: PatientId.parse("patient-2"), name: "Ben Dixon", birthDate: null, recordNumber: "R-2", sex: null },
    pid: "2",
  });

function bookingOf(outcome: BookingOutcome): Booking {
  if ("booking" in outcome) return outcome.booking;
  throw new Error("the time was taken");
}

const startsOf = (outcome: BookingOutcome) =>
  "alternatives" in outcome ? outcome.alternatives.map((time) => `${time.date} ${time.startTime}`) : "booked";

/** The appointments that stand at a clinician's, in order. */
const standing = (aid = "5") =>
  chart.appointments
    .filter((row) => row["pc_aid"] === aid && (row["pc_eventDate"] ?? "") > "2026-11-21")
    .map((row) => ({ start: `${row["pc_eventDate"]} ${row["pc_startTime"]}`, title: row["pc_title"] }))
    .sort((one, other) => one.start.localeCompare(other.start));

const posts = () => chart.requests.filter(({ method }) => method === "POST").length;

test("a free time is booked for the clinician, with what finds it again in its comment", async () => {
  const booking = bookingOf(await booker.book(access, followUp(), nine));
  expect(booking).toEqual({
    ...nine,
    appointmentId: "102",
    uuid: "appointment-102",
    durationMinutes: 30,
    confirmation: "AB23CD",
    kind: "follow_up",
    leftBehind: [],
  });
  expect(chart.appointments.at(-1)).toMatchObject({
    pid: "1",
    pc_aid: "5",
    pc_eventDate: "2026-12-07",
    pc_startTime: "09:00",
    pc_duration: "1800",
    pc_title: "Follow-up: blood pressure check",
    pc_facility: "3",
    pc_hometext: `Booked with Chartside. Confirmation AB23CD. Follow-up ${followUp().id}.`,
  });
});

test("booking the same time again gives the same booking, not a second appointment", async () => {
  const first = await booker.book(access, followUp(), nine);
  expect(await booker.book(access, followUp(), nine)).toEqual(first);
  expect(standing()).toHaveLength(1);
});

test("a taken time is answered with the next three", async () => {
  chart.insert({ pid: "2", pc_aid: "5", pc_eventDate: nine.date, pc_startTime: "09:00", pc_duration: "1800" });
  const outcome = await booker.book(access, followUp(), nine);
  expect(startsOf(outcome)).toEqual(["2026-12-07 09:45", "2026-12-07 10:00", "2026-12-07 10:15"]);
  expect(posts()).toBe(0);
});

test.each([
  ["off the grid", { date: "2026-12-07", startTime: "09:05" }],
  ["in the lunch break", { date: "2026-12-07", startTime: "12:00" }],
  ["on a Sunday", { date: "2026-12-06", startTime: "09:00" }],
  ["outside the window", { date: "2026-12-21", startTime: "09:00" }],
])("a time %s is outside the rules, whoever is free", async (_why, wanted) => {
  await expect(booker.book(access, followUp(), wanted)).rejects.toThrow("outside_rules");
  expect(posts()).toBe(0);
});

test("a follow-up that is due in more than sixty days waits on the recall list", async () => {
  const window = { due: "2027-02-22", from: "2027-02-19", to: "2027-03-01" };
  await expect(
    booker.book(access, followUp(1, { window }), { date: "2027-02-22", startTime: "09:00" }),
  ).rejects.toThrow("outside_rules");
});

test("somebody else takes the time between the check and the booking: ours is taken back", async () => {
  chart.before = (request) => {
    if (request.method !== "POST") return;
    chart.insert({
      pid: "2",
      pc_aid: "5",
      pc_title: "theirs",
      pc_eventDate: nine.date,
      pc_startTime: "09:15",
      pc_duration: "900",
    });
  };
  const outcome = await booker.book(access, followUp(), nine);
  expect(startsOf(outcome)).toEqual(["2026-12-07 09:45", "2026-12-07 10:00", "2026-12-07 10:15"]);
  expect(standing()).toEqual([{ start: "2026-12-07 09:15", title: "theirs" }]);
});

test("the patient's own appointment elsewhere, made meanwhile, is a clash too", async () => {
  chart.before = (request) => {
    if (request.method !== "POST") return;
    chart.insert({
      pid: "1",
      pc_aid: "6",
      pc_title: "theirs",
      pc_eventDate: nine.date,
      pc_startTime: "09:00",
      pc_duration: "900",
    });
  };
  expect(startsOf(await booker.book(access, followUp(), nine))).not.toBe("booked");
  expect(standing()).toEqual([]);
  expect(standing("6")).toHaveLength(1);
});

test.each(["timed_out", "openemr_down"] as const)(
  "a lost answer (%s) is looked for, not booked again",
  async (code) => {
    chart.fault = ({ method }) => (method === "POST" ? { when: "after", code } : undefined);
    expect(bookingOf(await booker.book(access, followUp(), nine)).appointmentId).toBe("102");
    expect(posts()).toBe(1);
    expect(standing()).toHaveLength(1);
  },
);

test("everything lost after the booking took effect: the next try finds it", async () => {
  chart.fault = () => (posts() > 0 ? { when: "after", code: "openemr_down" } : undefined);
  await expect(booker.book(access, followUp(), nine)).rejects.toThrow("openemr_down");
  chart.fault = () => undefined;
  // A restart: nothing remembered but the store.
  booker = createTestBooker();
  expect(bookingOf(await booker.book(access, followUp(), nine)).appointmentId).toBe("102");
  expect(standing()).toHaveLength(1);
});

test("what a broken deletion left behind is taken back by the next try", async () => {
  const theirs = {
    pid: "2",
    pc_aid: "5",
    pc_title: "theirs",
    pc_eventDate: nine.date,
    pc_startTime: "09:00",
    pc_duration: "1800",
  };
  chart.before = (request) => {
    if (request.method === "POST") chart.insert(theirs);
  };
  chart.fault = ({ method }) => (method === "DELETE" ? { when: "before", code: "openemr_down" } : undefined);
  await expect(booker.book(access, followUp(), nine)).rejects.toThrow("openemr_down");
  expect(standing()).toHaveLength(2);
  chart.fault = () => undefined;
  expect(startsOf(await booker.book(access, followUp(), nine))).not.toBe("booked");
  expect(standing()).toEqual([{ start: "2026-12-07 09:00", title: "theirs" }]);
});

test("another time moves the booking: the new one stands, the old one is gone, the number stays", async () => {
  const first = bookingOf(await booker.book(access, followUp(), nine));
  const booked = followUp(1, { state: "booked", booking: first });
  const later = { date: nine.date, startTime: "09:15" };
  const moved = bookingOf(await booker.book(access, booked, later));
  expect(moved).toMatchObject({ ...later, confirmation: first.confirmation });
  expect(standing().map(({ start }) => start)).toEqual(["2026-12-07 09:15"]);
});

test.each(["before", "after"] as const)(
  "the old time cannot be removed (cut %s OpenEMR did it): the new one is kept, what still stands is said, the next try removes it",
  async (when) => {
    const first = bookingOf(await booker.book(access, followUp(), nine));
    const later = { date: nine.date, startTime: "09:15" };
    chart.fault = ({ method }) => (method === "DELETE" ? { when, code: "openemr_down" } : undefined);
    const moved = bookingOf(await booker.book(access, followUp(1, { state: "booked", booking: first }), later));
    expect(moved).toMatchObject({
      ...later,
      confirmation: first.confirmation,
      leftBehind: when === "before" ? [{ ...nine, appointmentId: first.appointmentId }] : [],
    });
    chart.fault = () => undefined;
    const again = bookingOf(await booker.book(access, followUp(1, { state: "booked", booking: moved }), later));
    expect(again).toEqual({ ...moved, leftBehind: [] });
    expect(standing().map(({ start }) => start)).toEqual(["2026-12-07 09:15"]);
  },
);

test("its own booking does not hide times from a follow-up", async () => {
  const booking = bookingOf(await booker.book(access, followUp(), nine));
  const { times } = await booker.times(access, followUp(1, { state: "booked", booking }));
  expect(times.filter((time) => time.date === nine.date).map((time) => time.startTime)).toContain("09:15");
  const { times: others } = await booker.times(access, ofBen(2));
  expect(others.filter((time) => time.date === nine.date).map((time) => time.startTime)).not.toContain("09:15");
});

test("cancelling deletes ours and nobody else's", async () => {
  const booking = bookingOf(await booker.book(access, followUp(), nine));
  const foreign = commentOf({ confirmation: "XY45ZZ", followUpId: followUp(9).id });
  chart.insert({
    pid: "1",
    pc_aid: "5",
    pc_title: "other",
    pc_hometext: foreign,
    pc_eventDate: "2026-12-08",
    pc_startTime: "09:00",
    pc_duration: "900",
  });
  await booker.cancel(access, followUp(1, { state: "booked", booking }));
  expect(standing()).toEqual([{ start: "2026-12-08 09:00", title: "other" }]);
  // Once more: nothing is left to delete, and that is no failure.
  await booker.cancel(access, followUp(1, { state: "booked", booking }));
});

test("cancelling where OpenEMR shows no comments (7.0) removes what a move left behind, by its number", async () => {
  const first = bookingOf(await booker.book(access, followUp(), nine));
  const { send } = chart;
  chart.send = async (request) => {
    const answer = await send(request);
    return { ...answer, body: answer.body.replaceAll(/"pc_hometext":"[^"]*",?/gu, "") };
  };
  chart.fault = ({ method }) => (method === "DELETE" ? { when: "before", code: "openemr_down" } : undefined);
  const later = { date: nine.date, startTime: "09:15" };
  const moved = bookingOf(await booker.book(access, followUp(1, { state: "booked", booking: first }), later));
  expect(moved.leftBehind).toEqual([{ ...nine, appointmentId: first.appointmentId }]);
  chart.fault = () => undefined;
  expect(await booker.cancel(access, followUp(1, { state: "booked", booking: moved }))).toEqual([]);
  expect(standing()).toEqual([]);
});

/** A course of treatment, booked elsewhere: more appointments than are read one by one. */
function insertCourse(): void {
  for (let index = 0; index < 25; index += 1) {
    const date = `2026-12-${String(15 + Math.floor(index / 5))}`;
    const time = `${String(9 + (index % 5)).padStart(2, "0")}:00`;
    chart.insert({ pid: "1", pc_aid: "5", pc_eventDate: date, pc_startTime: time, pc_duration: "900" });
  }
}

test("a patient with many appointments: cancelling finds ours before and behind them", async () => {
  const before = standing();
  const booked = followUp(1, { booking: bookingOf(await booker.book(access, followUp(), nine)) });
  insertCourse();
  await booker.cancel(access, booked);
  expect(standing()).toHaveLength(before.length + 25);
  const again = followUp(1, { booking: bookingOf(await booker.book(access, followUp(), nine)) });
  await booker.cancel(access, again);
  expect(standing()).toHaveLength(before.length + 25);
});

test("a patient with many appointments: a booking whose answer was lost is found, not made again", async () => {
  insertCourse();
  chart.fault = () => {
    const lost = chart.requests.at(-1)?.method === "POST" || posts() > 0;
    return lost ? { when: "after", code: "timed_out" } : undefined;
  };
  await expect(booker.book(access, followUp(), nine)).rejects.toThrow("timed_out");
  chart.fault = () => undefined;
  bookingOf(await booker.book(access, followUp(), nine));
  expect(standing()).toHaveLength(26);
  expect(posts()).toBe(1);
});

test("a deletion that did not happen is not called one", async () => {
  const booking = bookingOf(await booker.book(access, followUp(), nine));
  const { send } = chart;
  chart.send = async (request) =>
    request.method === "DELETE" ? { status: 200, headers: {}, body: '{"message":"record deleted"}' } : send(request);
  await expect(booker.cancel(access, followUp(1, { state: "booked", booking }))).rejects.toThrow("openemr_refused");
});

test("twenty at once for four times, and a stranger who puts appointments straight in: no two overlap", async () => {
  const wanted = ["09:00", "09:15", "09:45", "10:30"].map((startTime) => ({ date: nine.date, startTime }));
  let strangers = 0;
  chart.before = (request) => {
    if (request.method !== "POST" || strangers >= 2) return;
    strangers += 1;
    const startTime = strangers === 1 ? "09:00" : "10:30";
    chart.insert({
      pid: "2",
      pc_aid: "5",
      pc_title: "theirs",
      pc_eventDate: nine.date,
      pc_startTime: startTime,
      pc_duration: "900",
    });
  };
  const asked = Array.from({ length: 20 }, (_, index) =>
    booker.book(access, index % 2 === 0 ? followUp(index) : ofBen(index), wanted[index % 4] ?? nine),
  );
  const outcomes = await Promise.all(asked);
  const booked = outcomes.flatMap((outcome) => ("booking" in outcome ? [outcome.booking] : []));

  const spans = chart.appointments
    .filter((row) => row["pc_eventDate"] === nine.date)
    .map((row) => {
      const [hour = 0, minute = 0] = (row["pc_startTime"] ?? "").split(":").map(Number);
      const from = hour * 60 + minute;
      return { from, to: from + Number(row["pc_duration"]) / 60 };
    })
    .sort((one, other) => one.from - other.from);
  for (const [index, span] of spans.entries()) expect(span.from).toBeGreaterThanOrEqual(spans[index - 1]?.to ?? 0);
  // Both of the stranger's stand, and each booking that was promised stands.
  expect(standing().filter(({ title }) => title === "theirs")).toHaveLength(2);
  expect(booked.length).toBeGreaterThan(0);
  expect(spans).toHaveLength(2 + booked.length);
  for (const outcome of outcomes) if ("alternatives" in outcome) expect(outcome.alternatives).toHaveLength(3);
});

test("a clinician whose number nobody knows cannot be booked, and that is said", async () => {
  chart.appointments = [];
  await expect(booker.book(access, followUp(), nine)).rejects.toMatchObject({
    problem: { code: "not_found", field: "clinician" },
  });
});
