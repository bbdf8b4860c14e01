import { afterEach, beforeEach, expect, test } from "vitest";
import { followUpStatements } from "#bff/openemr/follow-up-rows.ts";
import { ana, createTestClinic } from "#bff/openemr/test-clinic.ts";
import type { TestClinic } from "#bff/openemr/test-clinic.ts";
import { UserId, VisitId } from "#model/id.ts";
import type { FollowUpRequest } from "#model/follow-up.ts";
import { FollowUpCard, FollowUpQueue, FreeTimes, TimeTaken } from "#protocol/bff-desk.ts";
import { ProblemJson } from "#protocol/problem-json.ts";
import { deskRoutes } from "./desk.ts";

const visitId = VisitId.parse("66666666-6666-4666-8666-666666666666");
const sentence = "Follow up in two weeks for a blood pressure check.";
const nine = { date: "2026-12-07", startTime: "09:00" };
let clinic: TestClinic;

beforeEach(async () => {
  clinic = createTestClinic(deskRoutes);
  clinic.chart.insert({ pid: "1", pc_aid: "5", pc_eventDate: "2026-11-20", pc_startTime: "10:00", pc_duration: "900" });
  await clinic.addVisit({ id: visitId, state: "filed" });
  await ask({ sentence, interval: { count: 2, unit: "week" }, reason: "blood pressure check" });
});
afterEach(() => clinic.close());

/** What signing does for the desk. */
async function ask(request: FollowUpRequest): Promise<void> {
  const clinician = { id: UserId.parse("user-lee"), name: "Kim Lee" };
  const visit = { id: visitId, patient: ana, patientPid: "1", clinician };
  const origin = { visit, now: clinic.clock.nowMs, timeZone: "America/New_York" };
  await clinic.store.transact({ statements: followUpStatements([request], origin) });
}

async function queue(): Promise<FollowUpCard[]> {
  const { status, json } = await clinic.as("desk", "GET /api/desk/follow-ups");
  expect(status).toBe(200);
  return FollowUpQueue.parse(json).followUps;
}

async function first(): Promise<FollowUpCard> {
  const [card] = await queue();
  if (!card) throw new Error("the queue is empty");
  return card;
}

const bookings = async () => `/api/desk/follow-ups/${(await first()).id}/bookings`;
const visitState = async () => (await clinic.store.query("SELECT state FROM visits"))[0]?.["state"];

async function booked(): Promise<FollowUpCard> {
  const { status, json } = await clinic.as("desk", `POST ${await bookings()}`, nine);
  expect(status).toBe(200);
  return FollowUpCard.parse(json);
}

test("the desk sees who, what sentence, with whom and when; nothing else of the note", async () => {
  expect(await queue()).toEqual([
    {
      id: expect.any(String),
      patient: ana,
      sentence,
      reason: "blood pressure check",
      clinician: { id: "user-lee", name: "Kim Lee" },
      window: { due: "2026-12-07", from: "2026-12-04", to: "2026-12-14" },
      state: "open",
      askedAt: "2026-11-21T14:00:00.000Z",
      booking: null,
    },
  ]);
});

test("open ones come first, by window; one too far ahead is a recall until its time comes", async () => {
  await booked();
  await ask({ sentence: "In three months.", interval: { count: 3, unit: "month" }, reason: "" });
  await ask({ sentence: "Tomorrow.", interval: { count: 1, unit: "day" }, reason: "" });
  expect((await queue()).map((card) => [card.sentence, card.state])).toEqual([
    ["Tomorrow.", "open"],
    ["In three months.", "recall"],
    [sentence, "booked"],
  ]);
  clinic.clock.nowMs += 40 * 86_400_000;
  expect((await queue()).find((card) => card.sentence === "In three months.")?.state).toBe("open");
});

test("free times lie in the window and say what they are based on", async () => {
  const { json } = await clinic.as("desk", `GET /api/desk/follow-ups/${(await first()).id}/times`);
  const { times, basis } = FreeTimes.parse(json);
  expect(basis).toBe("configured_hours");
  expect(times[0]).toEqual({ date: "2026-12-04", startTime: "08:00", durationMinutes: 30 });
  expect(times.at(-1)).toEqual({ date: "2026-12-14", startTime: "16:30", durationMinutes: 30 });
  expect(new Set(times.map((time) => time.date))).not.toContain("2026-12-05");
});

test("booking answers the card, tells the screens, and the visit reads booked", async () => {
  const card = await booked();
  expect(card.state).toBe("booked");
  expect(card.booking).toEqual({
    ...nine,
    durationMinutes: 30,
    appointmentId: "102",
    confirmation: expect.stringMatching(/^[A-Z]{2}\d\d[A-Z]{2}$/),
  });
  expect(clinic.told).toEqual(["follow_ups", "visit"]);
  expect(await visitState()).toBe("follow_up_booked");
  expect(clinic.chart.requests.find(({ method }) => method === "POST")?.headers["authorization"]).toBe(
    "Bearer user-desk",
  );
});

test("a visit with two follow-ups is booked when both are settled", async () => {
  await ask({ sentence: "Blood test in a month.", interval: { count: 1, unit: "month" }, reason: "" });
  await booked();
  expect(await visitState()).toBe("filed");
  const [open] = await queue();
  await clinic.as("desk", `POST /api/desk/follow-ups/${open?.id}/state`, { state: "declined" });
  expect(await visitState()).toBe("follow_up_booked");
});

test("a visit that is not filed yet keeps its state", async () => {
  await clinic.store.transact({ statements: [{ sql: "UPDATE visits SET state = 'signed'", params: [] }] });
  await booked();
  expect(await visitState()).toBe("signed");
});

test("a taken time is 409 with the next three beside the problem, and is in the audit as failed", async () => {
  clinic.chart.insert({ pid: "2", pc_aid: "5", pc_eventDate: nine.date, pc_startTime: "09:00", pc_duration: "1800" });
  const { status, json } = await clinic.as("desk", `POST ${await bookings()}`, nine);
  expect(status).toBe(409);
  expect(ProblemJson.parse(json).problem.code).toBe("time_taken");
  expect(TimeTaken.parse(json).alternatives.map((time) => time.startTime)).toEqual(["09:45", "10:00", "10:15"]);
  expect((await clinic.auditRows()).at(-1)).toMatchObject({ action: "C", outcome: "failed", patient: ana.id });
  expect((await first()).state).toBe("open");
});

test("two people book one follow-up for two times: one appointment is left, and the card says which", async () => {
  const url = await bookings();
  const times = [nine, { date: "2026-12-08", startTime: "10:00" }];
  await Promise.all(times.map((time) => clinic.as("desk", `POST ${url}`, time)));
  const left = clinic.chart.appointments.filter((row) => (row["pc_eventDate"] ?? "") > "2026-11-21");
  expect(left).toHaveLength(1);
  expect((await first()).booking).toMatchObject({ appointmentId: left[0]?.pc_eid, date: left[0]?.["pc_eventDate"] });
});

test("cancelling opens the card again, frees the time and takes the visit back to filed", async () => {
  const { booking } = await booked();
  const { status, json } = await clinic.as("desk", `DELETE ${await bookings()}`);
  expect(status).toBe(200);
  expect(FollowUpCard.parse(json)).toMatchObject({ state: "open", booking: null });
  expect(clinic.chart.appointments.some((row) => row.pc_eid === booking?.appointmentId)).toBe(false);
  expect(await visitState()).toBe("filed");
});

test("declined and unreachable are marked; a booked one must be cancelled first", async () => {
  const url = `/api/desk/follow-ups/${(await first()).id}/state`;
  expect(await clinic.as("desk", `POST ${url}`, { state: "unreachable" })).toMatchObject({
    json: { state: "unreachable" },
  });
  expect(await clinic.as("desk", `POST ${url}`, { state: "open" })).toMatchObject({ json: { state: "open" } });
  await booked();
  expect(await clinic.as("desk", `POST ${url}`, { state: "declined" })).toMatchObject({ status: 409 });
  expect((await first()).state).toBe("booked");
  expect(await clinic.as("desk", `POST ${url}`, { state: "booked" })).toMatchObject({ status: 400 });
});

test("clinicians have no desk; unknown follow-ups are not found; times outside the rules are refused", async () => {
  const url = await bookings();
  for (const [method, path] of [
    ["GET", "/api/desk/follow-ups"],
    ["GET", url.replace("bookings", "times")],
    ["POST", url],
    ["DELETE", url],
    ["POST", url.replace("bookings", "state")],
  ] as const) {
    expect(await clinic.as("lee", `${method} ${path}`, method === "POST" ? nine : undefined)).toMatchObject({
      status: 403,
    });
    expect(await clinic.as("nobody", `${method} ${path}`)).toMatchObject({ status: 401 });
  }
  expect(await clinic.as("desk", `GET /api/desk/follow-ups/${visitId}/times`)).toMatchObject({ status: 404 });
  expect(await clinic.as("desk", "GET /api/desk/follow-ups/x/times")).toMatchObject({ status: 404 });
  expect(await clinic.as("desk", `POST ${url}`, { ...nine, startTime: "12:00" })).toMatchObject({ status: 422 });
  expect(await clinic.as("desk", `POST ${url}`, { ...nine, startTime: "9" })).toMatchObject({ status: 400 });
});

test("every reach for a patient is in the audit; what the store refuses is not told as done", async () => {
  await booked();
  await clinic.as("desk", `DELETE ${await bookings()}`);
  const rows = await clinic.auditRows();
  const reached = rows.filter((row) => row["patient"] === ana.id).map((row) => row["action"]);
  expect(reached).toEqual(["C", "D"]);
  expect(JSON.stringify(rows)).not.toContain("Ana");
  const url = await bookings();
  clinic.store.transact = () => Promise.reject(new Error("disk full"));
  expect(await clinic.as("desk", `POST ${url}`, nine)).toMatchObject({ status: 500 });
});

test("a booking that the store lost is found by the next try", async () => {
  const url = await bookings();
  const { transact } = clinic.store;
  clinic.store.transact = (transaction) =>
    (transaction.audit ?? []).length > 0 ? Promise.reject(new Error("disk full")) : transact(transaction);
  expect(await clinic.as("desk", `POST ${url}`, nine)).toMatchObject({ status: 500 });
  clinic.store.transact = transact;
  expect((await booked()).booking?.appointmentId).toBe("102");
  expect(clinic.chart.appointments).toHaveLength(2);
});
