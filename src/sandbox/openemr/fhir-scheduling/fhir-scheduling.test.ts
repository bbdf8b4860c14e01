/** The profile `fhir-scheduling`: what a client finds that books over FHIR, and what it is told when it cannot. */
import { afterEach, expect, test } from "vitest";
import { accounts, clientId, clientSecret } from "#sandbox/seed.ts";
import { tokensFor } from "#sandbox/openemr/replay/visitor.ts";
import { createSandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";
import type { SandboxOpenEmr } from "#sandbox/openemr/sandbox.ts";

type Answered = { status: number; type: string | null; location: string | null; body: Body };
type Body = Record<string, unknown> & {
  id: string;
  status?: string;
  issue?: { severity: string; code: string; details: { text: string } }[];
  total?: number;
  entry?: { resource: Record<string, unknown> & { id: string } }[];
};
type Client = { sandbox: SandboxOpenEmr; call(method: string, path: string, body?: unknown): Promise<Answered> };

/** A Tuesday; the office opens at 8. */
const now = Date.parse("2026-12-08T07:00:00-05:00");
const scopes = "openid api:oemr api:fhir user/Appointment.cruds user/Slot.rs user/Schedule.rs user/Patient.rs".split(
  " ",
);
const open: SandboxOpenEmr[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

const rivera = accounts.find(({ username }) => username === "dr.rivera")!;
const okafor = accounts.find(({ username }) => username === "dr.okafor")!;

async function signedIn(): Promise<Client> {
  const sandbox = await createSandboxOpenEmr({ profile: "fhir-scheduling", clock: { now: () => now } });
  open.push(sandbox);
  const redirectUri = "http://localhost:3000/callback";
  const { username, password } = rivera;
  const tokens = await tokensFor({ url: sandbox.url, username, password, clientId, clientSecret, redirectUri, scopes });
  return {
    sandbox,
    call: async (method, path, body) => {
      const answer = await fetch(`${sandbox.url}/apis/default/fhir${path}`, {
        method,
        headers: { authorization: `Bearer ${tokens.access_token}`, "content-type": "application/fhir+json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const header = (name: string): string | null => answer.headers.get(name);
      const read = (await answer.json()) as Body;
      return {
        status: answer.status,
        type: header("content-type")?.split(";")[0] ?? null,
        location: header("location"),
        body: read,
      };
    },
  };
}

/** A Friday after the eight weeks that the seed fills. */
const day = "2027-02-12";

function appointment(sandbox: SandboxOpenEmr, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const [patient] = sandbox.chart().patients;
  return {
    resourceType: "Appointment",
    status: "booked",
    start: `${day}T10:00:00-05:00`,
    end: `${day}T10:30:00-05:00`,
    identifier: [{ system: "urn:clinic:confirmation", value: "CONF-1" }],
    participant: participants(patient!.uuid, rivera.userUuid),
    description: "Blood pressure check",
    ...changes,
  };
}

function participants(patient: string, practitioner: string): unknown[] {
  return [
    { actor: { reference: `Patient/${patient}` }, status: "accepted" },
    { actor: { reference: `Practitioner/${practitioner}` }, status: "accepted" },
  ];
}

test("a created appointment is found by its confirmation number and stands in the chart at the clinic's time", async () => {
  const { sandbox, call } = await signedIn();
  const made = await call("POST", "/Appointment", appointment(sandbox));
  expect(made).toMatchObject({ status: 201, type: "application/fhir+json", body: { status: "booked" } });
  expect(made.location).toMatch(new RegExp(`/fhir/Appointment/${made.body.id}$`, "u"));
  const found = await call("GET", "/Appointment?identifier=urn:clinic:confirmation|CONF-1");
  expect(found.body).toMatchObject({ type: "searchset", total: 1 });
  expect(found.body.entry?.[0]?.resource).toMatchObject({
    id: made.body.id,
    start: `${day}T10:00:00-05:00`,
    end: `${day}T10:30:00-05:00`,
    description: "Blood pressure check",
    identifier: [{ system: "urn:clinic:confirmation", value: "CONF-1" }],
  });
  expect(sandbox.chart().patients[0]?.appointments).toContainEqual(
    expect.objectContaining({ date: day, startTime: "10:00:00", endTime: "10:30:00", provider: "dr.rivera" }),
  );
});

test("an instant of another offset, and of summer, is the clinic's wall clock", async () => {
  const { sandbox, call } = await signedIn();
  const summer = { start: "2027-07-02T13:00:00Z", end: "2027-07-02T13:30:00Z" };
  const made = await call("POST", "/Appointment", appointment(sandbox, summer));
  expect(made.body).toMatchObject({ start: "2027-07-02T09:00:00-04:00", end: "2027-07-02T09:30:00-04:00" });
});

test.each([
  ["the practitioner's time", {}, "The practitioner is not free at this time"],
  [
    "half an hour into it",
    { start: `${day}T09:45:00-05:00`, end: `${day}T10:15:00-05:00` },
    "The practitioner is not free",
  ],
  ["the evening", { start: `${day}T17:00:00-05:00`, end: `${day}T17:30:00-05:00` }, "outside the office hours"],
  ["a Sunday", { start: "2027-02-14T10:00:00-05:00", end: "2027-02-14T10:30:00-05:00" }, "outside the office hours"],
])("409 with an OperationOutcome for %s, and nothing is written", async (_what, changes, words) => {
  const { sandbox, call } = await signedIn();
  expect((await call("POST", "/Appointment", appointment(sandbox))).status).toBe(201);
  const second = appointment(sandbox, { ...changes, identifier: [] });
  second["participant"] = participants(sandbox.chart().patients[1]!.uuid, rivera.userUuid);
  const refused = await call("POST", "/Appointment", second);
  expect(refused).toMatchObject({
    status: 409,
    type: "application/fhir+json",
    body: { resourceType: "OperationOutcome" },
  });
  expect(refused.body.issue).toMatchObject([{ severity: "error", code: "conflict" }]);
  expect(refused.body.issue?.[0]?.details.text).toContain(words);
  expect(sandbox.chart().patients[1]?.appointments.filter(({ date }) => date >= day)).toEqual([]);
});

test("409 for the patient's other appointment, and for a confirmation number that is taken", async () => {
  const { sandbox, call } = await signedIn();
  const first = appointment(sandbox);
  await call("POST", "/Appointment", first);
  const elsewhere = { participant: participants(sandbox.chart().patients[0]!.uuid, okafor.userUuid) };
  const samePatient = await call("POST", "/Appointment", { ...first, ...elsewhere, identifier: [] });
  expect(samePatient.body.issue?.[0]?.details.text).toBe("The patient has another appointment at this time");
  const later = { start: `${day}T14:00:00-05:00`, end: `${day}T14:30:00-05:00` };
  const sameNumber = await call("POST", "/Appointment", { ...first, ...later });
  expect([sameNumber.status, sameNumber.body.issue?.[0]?.code]).toEqual([409, "duplicate"]);
});

test("touching appointments do not clash; a block of the practitioner does", async () => {
  const { sandbox, call } = await signedIn();
  await call("POST", "/Appointment", appointment(sandbox));
  const next = { start: `${day}T10:30:00-05:00`, end: `${day}T11:00:00-05:00`, identifier: [] };
  expect((await call("POST", "/Appointment", appointment(sandbox, next))).status).toBe(201);
  sandbox.controls.addAppointment({ pid: null, provider: "dr.rivera", date: day, startTime: "12:00", minutes: 60 });
  const lunch = { start: `${day}T12:30:00-05:00`, end: `${day}T13:00:00-05:00`, identifier: [] };
  expect((await call("POST", "/Appointment", appointment(sandbox, lunch))).status).toBe(409);
});

test("an update moves it, keeps its id, and is refused where another one stands", async () => {
  const { sandbox, call } = await signedIn();
  const { id } = (await call("POST", "/Appointment", appointment(sandbox))).body;
  const taken = { start: `${day}T15:00:00-05:00`, end: `${day}T15:30:00-05:00`, identifier: [] };
  await call("POST", "/Appointment", appointment(sandbox, taken));
  const moved = appointment(sandbox, { id, start: `${day}T11:00:00-05:00`, end: `${day}T11:45:00-05:00` });
  expect(await call("PUT", `/Appointment/${id}`, moved)).toMatchObject({
    status: 200,
    body: { id, minutesDuration: 45 },
  });
  const refused = await call("PUT", `/Appointment/${id}`, { ...moved, start: taken.start, end: taken.end });
  expect(refused.status).toBe(409);
  expect((await call("GET", `/Appointment/${id}`)).body["start"]).toBe(`${day}T11:00:00-05:00`);
});

test("a cancelled one stays readable and gives its time back", async () => {
  const { sandbox, call } = await signedIn();
  const { id } = (await call("POST", "/Appointment", appointment(sandbox))).body;
  const cancelled = appointment(sandbox, { id, status: "cancelled", start: undefined, end: undefined });
  expect((await call("PUT", `/Appointment/${id}`, cancelled)).body).toMatchObject({
    status: "cancelled",
    start: `${day}T10:00:00-05:00`,
  });
  expect((await call("GET", "/Appointment?identifier=CONF-1&status=cancelled")).body.total).toBe(1);
  expect((await call("POST", "/Appointment", appointment(sandbox, { identifier: [] }))).status).toBe(201);
});

test("every fault of a resource is told, unknown ids are 404, unknown parameters 400", async () => {
  const { sandbox, call } = await signedIn();
  const bad = await call("POST", "/Appointment", { resourceType: "Appointment", status: "sometime" });
  expect([bad.status, bad.body.issue?.length]).toEqual([400, 4]);
  const backwards = { start: `${day}T11:00:00-05:00`, end: `${day}T10:00:00-05:00` };
  const wrongTime = await call("POST", "/Appointment", appointment(sandbox, backwards));
  expect(wrongTime.body.issue?.[0]?.details.text).toContain("Invalid appointment time");
  expect((await call("PUT", "/Appointment/nobody", appointment(sandbox))).body).toMatchObject({
    resourceType: "OperationOutcome",
    issue: [{ code: "not-found" }],
  });
  expect((await call("GET", "/Slot?flavour=sweet")).status).toBe(400);
  expect((await call("GET", "/Slot?start=soon")).status).toBe(400);
});

type Slot = { id: string; start: string; status: string; schedule: { reference: string } };

async function slotsOf({ call }: Client, query: string): Promise<Slot[]> {
  const { body } = await call("GET", `/Slot?${query}`);
  return (body.entry ?? []).map(({ resource }) => resource as unknown as Slot);
}

test("the slots of a day are the half hours from 8 to 17, busy where somebody or something stands", async () => {
  const client = await signedIn();
  const { sandbox, call } = client;
  sandbox.controls.addAppointment({ pid: null, provider: "dr.rivera", date: day, startTime: "12:00", minutes: 60 });
  await call("POST", "/Appointment", appointment(sandbox, { end: `${day}T10:45:00-05:00` }));
  const ofDay = `start=ge${day}&start=le${day}&schedule.actor=Practitioner/${rivera.userUuid}`;
  const slots = await slotsOf(client, ofDay);
  expect(slots).toHaveLength(18);
  expect([slots[0]?.start, slots.at(-1)?.start]).toEqual([`${day}T08:00:00-05:00`, `${day}T16:30:00-05:00`]);
  const notFree = slots
    .filter(({ status }) => status !== "free")
    .map(({ start, status }) => [start.slice(11, 16), status]);
  expect(notFree).toEqual([
    ["10:00", "busy"],
    ["10:30", "busy"],
    ["12:00", "busy-unavailable"],
    ["12:30", "busy-unavailable"],
  ]);
  expect(await slotsOf(client, `${ofDay}&status=free`)).toHaveLength(14);
  const afternoon = `start=ge${day}T14:00:00-05:00&start=lt${day}T15:30:00-05:00&schedule.actor=${rivera.userUuid}`;
  expect((await slotsOf(client, afternoon)).map(({ start }) => start.slice(11, 16))).toEqual([
    "14:00",
    "14:30",
    "15:00",
  ]);
  expect(await slotsOf(client, "start=2027-02-13")).toEqual([]);
  expect((await call("GET", `/Slot/${slots[4]!.id}`)).body.status).toBe("busy");
});

test("what is over is not free", async () => {
  const client = await signedIn();
  const past = await slotsOf(client, "start=2026-12-07");
  expect(past.length).toBeGreaterThan(0);
  expect(past.every(({ status }) => status === "busy-unavailable")).toBe(true);
});

test("each practitioner has a schedule, found by actor, and the slots belong to it", async () => {
  const client = await signedIn();
  const all = await client.call("GET", "/Schedule");
  expect(all.body.total).toBe(2);
  const found = await client.call("GET", `/Schedule?actor=Practitioner/${okafor.userUuid}`);
  expect(found.body.total).toBe(1);
  const { id, actor } = found.body.entry![0]!.resource;
  expect(actor).toMatchObject([{ reference: `Practitioner/${okafor.userUuid}` }]);
  const slots = await slotsOf(client, `start=${day}&schedule=Schedule/${id}`);
  expect(new Set(slots.map(({ schedule }) => schedule.reference))).toEqual(new Set([`Schedule/${id}`]));
});

test("the CapabilityStatement declares it, and errors of the way in are OperationOutcomes too", async () => {
  const { sandbox, call } = await signedIn();
  const { body } = await call("GET", "/metadata");
  const { resource } = (body["rest"] as { resource: { type: string; interaction: { code: string }[] }[] }[])[0]!;
  const interactions = (type: string) => resource.find((one) => one.type === type)?.interaction.map(({ code }) => code);
  expect(interactions("Appointment")).toEqual(["search-type", "read", "create", "update"]);
  expect(interactions("Slot")).toEqual(["search-type", "read"]);
  expect(interactions("Schedule")).toEqual(["search-type", "read"]);
  const stranger = await fetch(`${sandbox.url}/apis/default/fhir/Slot`);
  expect([stranger.status, await stranger.json()]).toMatchObject([401, { resourceType: "OperationOutcome" }]);
});
