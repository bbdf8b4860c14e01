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

const of = async (what: string) => `/api/desk/follow-ups/${(await first()).id}/${what}`;
const bookings = () => of("bookings");
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
      tries: [],
      declined: null,
      cancelled: null,
      waiting: null,
      offers: [],
      bookableFrom: null,
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
  // Due on Monday 22 February; its window opens on the 19th, sixty days after the 21st of December.
  expect((await queue())[1]?.bookableFrom).toBe("2026-12-21");
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
    kind: "follow_up",
    leftBehind: [],
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
  const { status, json } = await clinic.as("desk", `POST ${await of("cancellation")}`, { reason: "patient" });
  expect(status).toBe(200);
  expect(FollowUpCard.parse(json)).toMatchObject({
    state: "open",
    booking: null,
    cancelled: { ...nine, reason: "patient", at: "2026-11-21T14:00:00.000Z" },
  });
  expect(await clinic.auditRows()).toContainEqual(
    expect.objectContaining({ action: "D", object: expect.stringMatching(/^follow_up:.*:cancelled:patient$/) }),
  );
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

test("every call that nobody answers is counted with its time; a refusal keeps what the patient said", async () => {
  const url = await of("state");
  await clinic.as("desk", `POST ${url}`, { state: "unreachable" });
  clinic.clock.nowMs += 3_600_000;
  await clinic.as("admin", `POST ${url}`, { state: "unreachable" });
  expect((await first()).tries).toEqual([
    { at: "2026-11-21T14:00:00.000Z", by: "Fay Front" },
    { at: "2026-11-21T15:00:00.000Z", by: "Ada Min" },
  ]);
  const note = "Will see her cardiologist instead.";
  await clinic.as("desk", `POST ${url}`, { state: "declined", note });
  expect(await first()).toMatchObject({ state: "declined", declined: { note, at: "2026-11-21T15:00:00.000Z" } });
  expect(JSON.stringify(await clinic.auditRows())).not.toContain("cardiologist");
});

test("a reschedule is one act: the new time stands in OpenEMR, the old one is gone, one row in the audit", async () => {
  const { booking: old } = await booked();
  const before = (await clinic.auditRows()).length;
  const { json } = await clinic.as("desk", `POST ${await bookings()}`, { date: "2026-12-08", startTime: "10:00" });
  const { booking } = FollowUpCard.parse(json);
  expect(booking).toMatchObject({ date: "2026-12-08", startTime: "10:00", confirmation: old?.confirmation });
  const left = clinic.chart.appointments.filter((row) => (row["pc_eventDate"] ?? "") > "2026-11-21");
  expect(left.map((row) => row.pc_eid)).toEqual([booking?.appointmentId]);
  const added = (await clinic.auditRows()).slice(before).filter((row) => row["action"] !== "R");
  expect(added).toEqual([
    expect.objectContaining({ action: "U", outcome: "ok", object: expect.stringMatching(/:rescheduled$/) }),
  ]);
  const posted = clinic.chart.requests.findLastIndex(({ method }) => method === "POST");
  const deleted = clinic.chart.requests.findLastIndex(({ method }) => method === "DELETE");
  expect(deleted).toBeGreaterThan(posted);
});

/** Somebody on the waitlist; answers with what is offered to them. */
async function somebodyWaits() {
  await ask({ sentence: "Back in two weeks.", interval: { count: 2, unit: "week" }, reason: "" });
  const waiting = (await queue()).find(({ sentence }) => sentence === "Back in two weeks.");
  await clinic.as("desk", `POST /api/desk/follow-ups/${waiting?.id ?? ""}/waitlist`, { waiting: true });
  return async () =>
    (await queue()).find(({ id }) => id === waiting?.id)?.offers.map(({ date, startTime }) => ({ date, startTime }));
}

test("a reschedule that cannot remove the old appointment says so on the card; who waits is offered its time once it is gone", async () => {
  const { id, booking: old } = await booked();
  const offers = await somebodyWaits();
  const wanted = { date: "2026-12-08", startTime: "10:00" };
  const url = `/api/desk/follow-ups/${id}/bookings`;
  clinic.chart.fault = ({ method }) => (method === "DELETE" ? { when: "before", code: "openemr_down" } : undefined);
  const moved = FollowUpCard.parse((await clinic.as("desk", `POST ${url}`, wanted)).json).booking;
  expect(moved).toMatchObject({ ...wanted, leftBehind: [nine] });
  expect(await offers()).toEqual([]);
  clinic.chart.fault = () => undefined;
  const mended = FollowUpCard.parse((await clinic.as("desk", `POST ${url}`, wanted)).json).booking;
  expect(mended).toMatchObject({ ...wanted, leftBehind: [] });
  expect(await offers()).toEqual([nine]);
  expect(clinic.chart.appointments.some((row) => row.pc_eid === old?.appointmentId)).toBe(false);
});

test("cancelling what was moved takes the earlier appointment away too; what still stands is said, offered to nobody, and tried again", async () => {
  const { id, booking: old } = await booked();
  const offers = await somebodyWaits();
  const standing = () =>
    clinic.chart.appointments
      .filter((row) => (row["pc_eventDate"] ?? "") > "2026-11-21")
      .map((row) => row["pc_startTime"]);
  const wanted = { date: "2026-12-08", startTime: "10:00" };
  const url = `/api/desk/follow-ups/${id}`;
  const cannotDelete = (eid: string | undefined) => {
    clinic.chart.fault = ({ method, url }) =>
      method === "DELETE" && url.endsWith(`/${eid ?? ""}`) ? { when: "before", code: "openemr_down" } : undefined;
  };
  cannotDelete(old?.appointmentId);
  await clinic.as("desk", `POST ${url}/bookings`, wanted);
  const half = FollowUpCard.parse((await clinic.as("desk", `POST ${url}/cancellation`, { reason: "patient" })).json);
  expect(half).toMatchObject({ state: "open", booking: null, cancelled: { ...wanted, leftBehind: [nine] } });
  expect(standing()).toEqual(["09:00"]);
  expect(await offers()).toEqual([wanted]);
  clinic.chart.fault = () => undefined;
  const whole = FollowUpCard.parse((await clinic.as("desk", `POST ${url}/cancellation`, { reason: "patient" })).json);
  expect(whole).toMatchObject({ state: "open", cancelled: { ...wanted, leftBehind: [] } });
  expect(standing()).toEqual([]);
  expect(await offers()).toEqual([nine, wanted]);
});

test("the booked time cannot be removed: nothing is cancelled and the earlier one stands beside it", async () => {
  const { id, booking: old } = await booked();
  const url = `/api/desk/follow-ups/${id}`;
  clinic.chart.fault = ({ method }) => (method === "DELETE" ? { when: "before", code: "openemr_down" } : undefined);
  await clinic.as("desk", `POST ${url}/bookings`, { date: "2026-12-08", startTime: "10:00" });
  expect(await clinic.as("desk", `POST ${url}/cancellation`, { reason: "patient" })).toMatchObject({ status: 503 });
  expect(await first()).toMatchObject({ state: "booked", booking: { leftBehind: [nine] } });
  clinic.chart.fault = () => undefined;
  await clinic.as("desk", `POST ${url}/cancellation`, { reason: "patient" });
  expect(clinic.chart.appointments.some((row) => row.pc_eid === old?.appointmentId)).toBe(false);
  expect(await first()).toMatchObject({ state: "open", cancelled: { leftBehind: [] } });
});

test("a reschedule to a taken time leaves the old booking as it was", async () => {
  const { booking } = await booked();
  clinic.chart.insert({ pid: "2", pc_aid: "5", pc_eventDate: "2026-12-08", pc_startTime: "10:00", pc_duration: "900" });
  const wanted = { date: "2026-12-08", startTime: "10:00" };
  expect(await clinic.as("desk", `POST ${await bookings()}`, wanted)).toMatchObject({ status: 409 });
  expect((await first()).booking).toEqual(booking);
  expect(clinic.chart.appointments.some((row) => row.pc_eid === booking?.appointmentId)).toBe(true);
});

test("a booking is found by its number, however it is typed", async () => {
  const { id, booking } = await booked();
  const number = booking?.confirmation ?? "";
  const typed = ` ${number.slice(0, 2).toLowerCase()} ${number.slice(2, 4)}-${number.slice(4)}`;
  const { json } = await clinic.as("desk", "POST /api/desk/confirmation", { confirmation: typed });
  expect(FollowUpCard.parse(json).id).toBe(id);
  await clinic.as("desk", `POST ${await of("cancellation")}`, { reason: "patient" });
  expect(await clinic.as("desk", "POST /api/desk/confirmation", { confirmation: number })).toMatchObject({
    status: 404,
  });
});

test("who waits is offered a time that a cancelled appointment frees, until somebody takes it", async () => {
  await booked();
  const cancelUrl = await of("cancellation");
  await ask({ sentence: "Back in two weeks.", interval: { count: 2, unit: "week" }, reason: "" });
  await ask({ sentence: "In two weeks, please.", interval: { count: 2, unit: "week" }, reason: "" });
  const card = async (wanted: string) => {
    const found = (await queue()).find((one) => one.sentence === wanted);
    if (!found) throw new Error("no such card");
    return found;
  };
  const waiting = await card("Back in two weeks.");
  await clinic.as("desk", `POST /api/desk/follow-ups/${waiting.id}/waitlist`, { waiting: true });
  clinic.clock.nowMs += 60_000;
  const second = await card("In two weeks, please.");
  await clinic.as("desk", `POST /api/desk/follow-ups/${second.id}/waitlist`, { waiting: true });
  expect((await card("In two weeks, please.")).waiting).toEqual({ since: "2026-11-21T14:01:00.000Z", place: 2 });
  expect((await card("Back in two weeks.")).offers).toEqual([]);
  await clinic.as("desk", `POST ${cancelUrl}`, { reason: "patient" });
  expect((await card("Back in two weeks.")).offers).toEqual([{ ...nine, durationMinutes: 30 }]);
  expect((await card(sentence)).offers).toEqual([]);
  expect(await clinic.as("desk", `POST /api/desk/follow-ups/${waiting.id}/bookings`, nine)).toMatchObject({
    status: 200,
  });
  expect((await card("In two weeks, please.")).offers).toEqual([]);
  await clinic.as("desk", `POST /api/desk/follow-ups/${second.id}/waitlist`, { waiting: false });
  expect((await card("In two weeks, please.")).waiting).toBeNull();
});

test("an offer that somebody else took in OpenEMR is gone once it was tried", async () => {
  await booked();
  const cancelUrl = await of("cancellation");
  await ask({ sentence: "Back in two weeks.", interval: { count: 2, unit: "week" }, reason: "" });
  const [waiting] = (await queue()).filter((one) => one.sentence === "Back in two weeks.");
  await clinic.as("desk", `POST /api/desk/follow-ups/${waiting?.id}/waitlist`, { waiting: true });
  await clinic.as("desk", `POST ${cancelUrl}`, { reason: "patient" });
  clinic.chart.insert({ pid: "2", pc_aid: "5", pc_eventDate: nine.date, pc_startTime: "09:00", pc_duration: "1800" });
  const url = `/api/desk/follow-ups/${waiting?.id}/bookings`;
  expect(await clinic.as("desk", `POST ${url}`, nine)).toMatchObject({ status: 409 });
  expect((await queue()).flatMap((one) => one.offers)).toEqual([]);
});

test("free times come from what OpenEMR said in the last five minutes; asked afresh, and after a booking, from now", async () => {
  const asked = () => clinic.chart.requests.filter(({ url }) => url.includes("/fhir/Appointment")).length;
  const url = await of("times");
  await clinic.as("desk", `GET ${url}`);
  clinic.clock.nowMs += 4 * 60_000;
  const { json } = await clinic.as("desk", `GET ${url}?kind=consultation`);
  expect(asked()).toBe(1);
  expect(FreeTimes.parse(json)).toMatchObject({ fetchedAt: "2026-11-21T14:00:00.000Z" });
  expect(FreeTimes.parse(json).times[0]?.durationMinutes).toBe(45);
  await clinic.as("desk", `GET ${url}?fresh=1`);
  expect(asked()).toBe(2);
  clinic.clock.nowMs += 5 * 60_000;
  await clinic.as("desk", `GET ${url}`);
  expect(asked()).toBe(3);
  await booked();
  const before = asked();
  await clinic.as("desk", `GET ${url}`);
  expect(asked()).toBe(before + 1);
});

test("a consultation takes its own length in OpenEMR", async () => {
  await clinic.as("desk", `POST ${await bookings()}`, { ...nine, kind: "consultation" });
  expect(clinic.chart.appointments.at(-1)).toMatchObject({
    pc_duration: "2700",
    pc_title: "Consultation: blood pressure check",
  });
});

test("clinicians have no desk; unknown follow-ups are not found; times outside the rules are refused", async () => {
  const url = await bookings();
  for (const [method, path] of [
    ["GET", "/api/desk/follow-ups"],
    ["GET", url.replace("bookings", "times")],
    ["POST", url],
    ["POST", url.replace("bookings", "cancellation")],
    ["POST", url.replace("bookings", "state")],
    ["POST", url.replace("bookings", "waitlist")],
    ["POST", "/api/desk/confirmation"],
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
  await clinic.as("desk", `POST ${await of("cancellation")}`, { reason: "booked_by_mistake" });
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
