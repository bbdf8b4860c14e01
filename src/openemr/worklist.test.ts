import { expect, test } from "vitest";
import { problem } from "#model/problem.ts";
import { createFakeWire } from "./fake-wire.ts";
import { createOpenEmr } from "./openemr.ts";

const access = { token: "t0ken" };
const lee = "a346cd96-9bad-4caf-be6c-79cbfbd42e52";
const ray = "a346cd96-9baf-4a42-92f9-f005ae6bf227";

function listRow(eid: number, time: string, more: Record<string, unknown> = {}) {
  return {
    pc_eid: String(eid),
    pc_uuid: `uuid-${eid}`,
    pid: "1",
    puuid: "patient-1",
    pce_aid_uuid: lee,
    pce_aid_fname: "Kim",
    pce_aid_lname: "Lee",
    pc_aid: "5",
    pc_apptstatus: "-",
    pc_eventDate: "2026-11-23",
    pc_startTime: `${time}:00`,
    pc_endTime: `${time.slice(0, 3)}55:00`,
    pc_facility: "3",
    pc_catid: "5",
    pc_title: `Visit ${eid}`,
    ...more,
  };
}

const list = [
  listRow(7, "14:00"),
  listRow(5, "09:30", { pid: "2", puuid: "patient-2" }),
  listRow(6, "10:00", { pce_aid_uuid: ray, pce_aid_fname: "Ann", pce_aid_lname: "Ray" }),
  listRow(8, "11:00", { pc_apptstatus: "x" }),
  listRow(9, "12:00", { pid: null, puuid: null, pc_catid: "8", pc_title: "Lunch" }),
  listRow(10, "09:00", { pc_eventDate: "2026-11-24" }),
];

const fhirOf = (row: ReturnType<typeof listRow>) => ({
  resource: {
    id: row.pc_uuid,
    status: row.pc_apptstatus === "x" ? "cancelled" : "proposed",
    start: `${row.pc_eventDate}T${row.pc_startTime}-05:00`,
    end: `${row.pc_eventDate}T${row.pc_endTime}-05:00`,
    appointmentType: { coding: [{ code: row.puuid === null ? "lunch" : "office_visit" }] },
    participant: [
      ...(row.puuid === null ? [] : [{ actor: { reference: `Patient/${row.puuid}` } }]),
      { actor: { reference: `Practitioner/${row.pce_aid_uuid}` } },
    ],
  },
});

/** An OpenEMR that answers the routes of the worklist; the list can be too large for the wire. */
function chart({ tooLarge = false } = {}) {
  let nowMs = Date.parse("2026-11-23T13:00:00Z");
  const wire = createFakeWire(({ url }) => {
    const { pathname, searchParams } = new URL(url);
    const path = pathname.replace("/apis/default", "");
    const answer = (body: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(body) });
    if (path === "/api/appointment" && tooLarge) throw problem("openemr_answer_unreadable", { detail: "too large" });
    if (path === "/api/appointment") return answer(list);
    if (path === "/fhir/Appointment") {
      const days = (searchParams.get("date") ?? "").split(",");
      return answer({
        resourceType: "Bundle",
        entry: list.filter((row) => days.includes(row.pc_eventDate)).map(fhirOf),
      });
    }
    const [, pid] = /^\/api\/patient\/(\d+)\/appointment$/.exec(path) ?? [];
    if (pid !== undefined) return answer(list.filter((row) => row.pid === pid));
    const [, id] = /^\/api\/patient\/patient-(\d)$/.exec(path) ?? [];
    const patient = {
      pid: id,
      uuid: `patient-${id}`,
      pubpid: `R-${id}`,
      fname: "Ana",
      lname: `No${id}`,
      DOB: "1980-02-03",
    };
    return answer({ validationErrors: [], internalErrors: [], data: patient });
  });
  const clock = { now: () => nowMs };
  const parts = {
    send: wire.send,
    baseUrl: "http://chart.example",
    site: "default",
    timeZone: "America/New_York",
    clock,
  };
  return { wire, openEmr: createOpenEmr(parts), later: (ms: number) => (nowMs += ms) };
}

test("a clinician's day in order of time: own patients only, without cancelled appointments and lunch", async () => {
  const { openEmr } = chart();
  const day = await openEmr.worklist.ofDay(access, { date: "2026-11-23", clinicianId: lee });
  expect(day.map((entry) => [entry.startTime, entry.appointmentId, entry.reason])).toEqual([
    ["09:30", "5", "Visit 5"],
    ["14:00", "7", "Visit 7"],
  ]);
  expect(day[0]).toMatchObject({
    durationMinutes: 25,
    pid: "2",
    patient: { id: "patient-2", name: "Ana No2", birthDate: "1980-02-03", recordNumber: "R-2" },
    clinicianName: "Kim Lee",
    providerId: "5",
    facilityId: "3",
  });
});

test("where the list is too large, the day comes from FHIR and says the same", async () => {
  const large = chart({ tooLarge: true });
  const day = { date: "2026-11-23" };
  expect(await large.openEmr.worklist.ofDay(access, day)).toEqual(await chart().openEmr.worklist.ofDay(access, day));
  large.wire.requests.length = 0;
  await large.openEmr.worklist.ofDay(access, day);
  expect(large.wire.requests.filter(({ url }) => url.endsWith("/api/appointment"))).toEqual([]);
});

test("a refreshed list asks for no patient again until a quarter of an hour has passed", async () => {
  const { openEmr, wire, later } = chart();
  const patientReads = () => wire.requests.filter(({ url }) => url.includes("/patient/patient-")).length;
  await openEmr.worklist.ofDay(access, { date: "2026-11-23" });
  expect(patientReads()).toBe(2);
  later(60_000);
  await openEmr.worklist.ofDay(access, { date: "2026-11-23" });
  expect(patientReads()).toBe(2);
  later(15 * 60_000);
  await openEmr.worklist.ofDay(access, { date: "2026-11-23" });
  expect(patientReads()).toBe(4);
});
