/**
 * For tests: a small OpenEMR in memory behind the `Send` port, as careless as the real one: no check for double bookings,
 * empty lists as 404, deletions that always succeed, note lists with rows of other encounters. `fault` breaks chosen
 * requests before or after they took effect; `before` lets somebody else act first.
 */
import type { ProblemCode } from "#model/problem.ts";
import { problem } from "#model/problem.ts";
import type { Send, SendAnswer, SendRequest } from "./send.ts";
import { minuteOf, timeOf } from "./wall-clock.ts";

export type FakeAppointment = Record<string, string | null> & { pc_eid: string };
type Body = Record<string, string>;

/** "after": the server did it, and nobody heard of it. */
export type Fault = { when: "before" | "after"; code: ProblemCode; detail?: string };

export type FakeChart = {
  send: Send;
  patients: typeof seedPatients;
  appointments: FakeAppointment[];
  encounters: (Body & { eid: string; euuid: string })[];
  notes: { id: string; pid: string; encounter: string; text: Body }[];
  requests: SendRequest[];
  /** Somebody else, outside of this program, puts an appointment in. */
  insert(row: Partial<FakeAppointment>): FakeAppointment;
  fault: (request: SendRequest) => Fault | undefined;
  before: (request: SendRequest) => void;
};

const seedPatients = [
  {
    pid: "1",
    uuid: "patient-1",
    pubpid: "R-1",
    fname: "Ana",
    lname: "Diaz",
    DOB: "1980-02-03",
    sex: "Female",
    phone_home: "212-555-0101",
  },
  {
    pid: "2",
    uuid: "patient-2",
    pubpid: "R-2",
    fname: "Ben",
    lname: "Dixon",
    DOB: "1975-06-07",
    sex: "Male",
    phone_home: "",
  },
];
/** Users by numeric id: Dr Lee is 5, Dr Ray is 6. */
const users: Record<string, { uuid: string; fname: string; lname: string }> = {
  "5": { uuid: "user-lee", fname: "Kim", lname: "Lee" },
  "6": { uuid: "user-ray", fname: "Ann", lname: "Ray" },
};

export function createFakeChart(): FakeChart {
  let eid = 100;
  const chart: FakeChart = {
    patients: [...seedPatients],
    appointments: [],
    encounters: [],
    notes: [],
    requests: [],
    insert: (row) => {
      eid += 1;
      const made = { pc_catid: "5", pc_apptstatus: "-", pc_facility: "3", pid: null, ...row, pc_eid: String(eid) };
      chart.appointments.push(made);
      return made;
    },
    fault: () => undefined,
    before: () => {},
    async send(request) {
      chart.requests.push(request);
      // As over a network, the answer never comes in the same turn.
      await Promise.resolve();
      chart.before(request);
      const fault = chart.fault(request);
      const broken = fault && problem(fault.code, fault.detail === undefined ? {} : { detail: fault.detail });
      if (broken && fault.when === "before") throw broken;
      const answer = answerOf(chart, request);
      if (broken) throw broken;
      return answer;
    },
  };
  return chart;
}

function answerOf(chart: FakeChart, request: SendRequest): SendAnswer {
  const url = new URL(request.url);
  const path = url.pathname.replace("/apis/default", "");
  const body: Body = request.body === undefined ? {} : JSON.parse(request.body);
  for (const [method, pattern, act] of routes) {
    const match = method === request.method ? pattern.exec(path) : null;
    if (match) return act(chart, { ids: match.slice(1), body, query: url.searchParams });
  }
  return json({ error: "An error occurred", message: "Route not found", code: 0 }, 404);
}

type Asked = { ids: string[]; body: Body; query: URLSearchParams };
type Route = [SendRequest["method"], RegExp, (chart: FakeChart, asked: Asked) => SendAnswer];

const routes: Route[] = [
  ["GET", /^\/api\/appointment$/, (chart) => list(chart.appointments.map((row) => listRow(chart, row)))],
  ["GET", /^\/api\/appointment\/(\d+)$/, (chart, { ids: [eid] }) => list(singleRows(chart, eid))],
  ["GET", /^\/api\/patient\/(\d+)\/appointment$/, (chart, { ids: [pid] }) => list(ofPatient(chart, pid))],
  ["POST", /^\/api\/patient\/(\d+)\/appointment$/, book],
  ["DELETE", /^\/api\/patient\/\d+\/appointment\/(\d+)$/, remove],
  ["GET", /^\/fhir\/Appointment$/, fhirAppointments],
  ["GET", /^\/api\/patient$/, searchPatients],
  ["POST", /^\/api\/patient$/, addPatient],
  ["GET", /^\/api\/practitioner$/, practitioners],
  ["GET", /^\/api\/patient\/([\w-]+)$/, onePatient],
  ["GET", /^\/api\/patient\/([\w-]+)\/encounter$/, encountersOf],
  ["POST", /^\/api\/patient\/([\w-]+)\/encounter$/, createEncounter],
  ["GET", /^\/api\/patient\/(\d+)\/encounter\/(\d+)\/soap_note$/, (chart) => list(chart.notes.map(soapRow))],
  ["POST", /^\/api\/patient\/(\d+)\/encounter\/(\d+)\/soap_note$/, writeNote],
  ["GET", /^\/api\/patient\/(\d+)\/encounter\/\d+\/soap_note\/(\d+)$/, oneNote],
];

function json(body: unknown, status = 200): SendAnswer {
  return { status, headers: {}, body: JSON.stringify(body) };
}

function list(rows: unknown[]): SendAnswer {
  return rows.length === 0 ? { status: 404, headers: {}, body: "" } : json(rows);
}

function envelope(data: unknown): SendAnswer {
  return json({ validationErrors: [], internalErrors: [], data });
}

const nobody = { pce_aid_uuid: null, pce_aid_fname: null, pce_aid_lname: null };

function listRow(chart: FakeChart, row: FakeAppointment): Record<string, string | null> {
  const user = users[row["pc_aid"] ?? ""];
  const patient = chart.patients.find(({ pid }) => pid === row["pid"]);
  const start = row["pc_startTime"] ?? "";
  return {
    ...row,
    pc_hometext: null,
    pc_uuid: `appointment-${row.pc_eid}`,
    puuid: patient?.uuid ?? null,
    ...(user === undefined
      ? nobody
      : { pce_aid_uuid: user.uuid, pce_aid_fname: user.fname, pce_aid_lname: user.lname }),
    pc_startTime: `${start}:00`,
    pc_endTime: `${endOf(start, row["pc_duration"])}:00`,
  };
}

function endOf(start: string, durationSeconds: string | null | undefined): string {
  return timeOf((minuteOf(start) ?? 0) + Number(durationSeconds ?? 0) / 60);
}

function singleRows(chart: FakeChart, eid: string | undefined): unknown[] {
  const rows = chart.appointments.filter((row) => row.pc_eid === eid);
  return rows.map((row) => ({ ...listRow(chart, row), pc_hometext: row["pc_hometext"] ?? "" }));
}

function ofPatient(chart: FakeChart, pid: string | undefined): unknown[] {
  return chart.appointments.filter((row) => row["pid"] === pid).map((row) => listRow(chart, row));
}

function book(chart: FakeChart, { ids: [pid], body }: Asked): SendAnswer {
  return json({ id: Number(chart.insert({ ...body, pid: pid ?? null }).pc_eid) });
}

function remove(chart: FakeChart, { ids: [eid] }: Asked): SendAnswer {
  chart.appointments = chart.appointments.filter((row) => row.pc_eid !== eid);
  return json({ message: "record deleted" });
}

const fhirStatus: Record<string, string> = { x: "cancelled", "%": "cancelled", "!": "cancelled", "?": "noshow" };

function fhirAppointments(chart: FakeChart, { query }: Asked): SendAnswer {
  const days = (query.get("date") ?? "").split(",");
  const rows = chart.appointments
    .filter((row) => days.includes(row["pc_eventDate"] ?? ""))
    .map((row) => listRow(chart, row));
  const entry = rows.map((row) => ({ resource: fhirAppointment(row) }));
  return json({ resourceType: "Bundle", type: "collection", ...(entry.length === 0 ? {} : { entry }) });
}

function fhirAppointment(row: Record<string, string | null>): Record<string, unknown> {
  const cell = (name: string) => row[name] ?? "";
  const actors = [`Patient/${cell("puuid")}`, `Practitioner/${cell("pce_aid_uuid")}`];
  return {
    id: cell("pc_uuid"),
    status: fhirStatus[cell("pc_apptstatus")] ?? "proposed",
    start: `${cell("pc_eventDate")}T${cell("pc_startTime")}-05:00`,
    end: `${cell("pc_eventDate")}T${cell("pc_endTime")}-05:00`,
    participant: actors.filter((actor) => !actor.endsWith("/")).map((reference) => ({ actor: { reference } })),
  };
}

function searchPatients(chart: FakeChart, { query }: Asked): SendAnswer {
  const starts = (text: string, name: string) => text.toLowerCase().startsWith((query.get(name) ?? "").toLowerCase());
  const is = (text: string, name: string) => !query.has(name) || query.get(name) === text;
  return envelope(
    chart.patients
      .filter(({ fname, lname }) => starts(fname, "fname") && starts(lname, "lname"))
      .filter(({ DOB, phone_home }) => is(DOB, "DOB") && is(phone_home, "phone_home") && !query.has("phone_cell")),
  );
}

function addPatient(chart: FakeChart, { body }: Asked): SendAnswer {
  const pid = String(chart.patients.length + 1);
  const cell = (name: string) => body[name] ?? "";
  const made = { pid, uuid: `patient-${pid}`, pubpid: `R-${pid}`, fname: cell("fname"), lname: cell("lname") };
  chart.patients.push({ ...made, DOB: cell("DOB"), sex: cell("sex"), phone_home: cell("phone_home") });
  return envelope({ pid, uuid: made.uuid });
}

function practitioners(): SendAnswer {
  return envelope(Object.entries(users).map(([id, user]) => ({ id: Number(id), ...user })));
}

function onePatient(chart: FakeChart, { ids: [uuid] }: Asked): SendAnswer {
  const found = chart.patients.find((patient) => patient.uuid === uuid);
  return found ? envelope(found) : json({ validationErrors: { uuid: {} }, internalErrors: [], data: [] }, 400);
}

function encountersOf(chart: FakeChart, { ids: [uuid] }: Asked): SendAnswer {
  return envelope(chart.encounters.filter((row) => row["puuid"] === uuid));
}

function createEncounter(chart: FakeChart, { ids: [puuid = ""], body }: Asked): SendAnswer {
  const eid = String(18 + chart.encounters.length);
  const made = { ...body, puuid, eid, euuid: `encounter-${eid}` };
  chart.encounters.push(made);
  return envelope({ ...made, encounter: Number(eid) });
}

function soapRow({ id, pid, text }: FakeChart["notes"][number]): Record<string, unknown> {
  return { ...text, id: Number(id), pid: Number(pid), user: null };
}

function writeNote(chart: FakeChart, { ids: [pid = "", encounter = ""], body }: Asked): SendAnswer {
  const id = String(4711 + chart.notes.length);
  chart.notes.push({ id, pid, encounter, text: body });
  return json({ sid: Number(id), fid: 1 }, 201);
}

function oneNote(chart: FakeChart, { ids: [pid, id] }: Asked): SendAnswer {
  const found = chart.notes.find((note) => note.id === id && note.pid === pid);
  return found ? json(soapRow(found)) : { status: 404, headers: {}, body: "" };
}
