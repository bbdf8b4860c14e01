import { expect, test } from "vitest";
import { PatientId } from "#model/id.ts";
import { emptyNote } from "#model/note.ts";
import { createOpenEmr } from "./openemr.ts";
import { createFakeWire, recorded, replay } from "./fake-wire.ts";
import type { FakeWire } from "./fake-wire.ts";
import appointments from "./recorded/appointments.json" with { type: "json" };
import fhirAppointments from "./recorded/fhir-appointments.json" with { type: "json" };
import notes from "./recorded/notes.json" with { type: "json" };
import patients from "./recorded/patients.json" with { type: "json" };

const access = { token: "t0ken" };
const versions = ["8.2.0-dev", "8.0.0", "7.0.0"];
const newAppointment = {
  pid: "1",
  patientId: "patient-1",
  clinicianId: "user-lee",
  date: "2026-12-01",
  startTime: "09:00",
  durationMinutes: 30,
  title: "Follow-up",
  comment: "two weeks",
  providerId: "5",
  facilityId: "3",
  categoryId: "5",
};
const soapText = {
  subjective: 'Cough for 3 days.\nNo fever — "dry".',
  objective: "T 37.1 °C, clear lungs <ok>",
  assessment: "Viral URI 😀",
  plan: "Fluids & rest",
};

function openEmrOver(wire: FakeWire) {
  const clock = { now: () => Date.parse("2026-11-21T15:00:00Z") };
  return createOpenEmr({
    send: wire.send,
    baseUrl: "http://chart.example/",
    site: "default",
    timeZone: "America/New_York",
    clock,
  });
}

const ofVersion = (recordings: typeof appointments, version: string) =>
  recordings.filter((recording) => recording.version === version);
const always = (status: number, body: string) => createFakeWire(() => ({ status, headers: {}, body }));

test("a call carries the caller's token and a deadline", async () => {
  const wire = always(404, "");
  await openEmrOver(wire).appointments.one(access, "5");
  expect(wire.requests).toEqual([
    {
      method: "GET",
      url: "http://chart.example/apis/default/api/appointment/5",
      headers: { accept: "application/json", authorization: "Bearer t0ken" },
      deadlineMs: 15_000,
    },
  ]);
});

test("an id cannot lead to another route", async () => {
  const wire = always(200, "[]");
  await expect(openEmrOver(wire).appointments.one(access, "5/../../patient")).rejects.toThrow("invalid_request");
  expect(wire.requests).toEqual([]);
});

test.each(versions)("OpenEMR %s: patients are found and read", async (version) => {
  const openEmr = openEmrOver(always(200, recorded(patients, version, "search lname=Di").body));
  const [ana, ben] = await openEmr.patients.search(access, "Di,");
  expect(ana).toMatchObject({ pid: "1", patient: { name: "Ana Diaz", birthDate: "1980-02-03", recordNumber: "1" } });
  expect(ben?.patient.name).toBe("Ben Dixon");
  const one = openEmrOver(always(200, recorded(patients, version, "one by uuid").body));
  expect(await one.patients.get(access, PatientId.parse("a346"))).toMatchObject({ patient: { sex: "Female" } });
});

test.each(versions)("OpenEMR %s: an unknown patient is not found", async (version) => {
  const { status, body } = recorded(patients, version, "one unknown uuid");
  await expect(openEmrOver(always(status, body)).patients.get(access, PatientId.parse("a346"))).rejects.toThrow(
    "not_found",
  );
});

test("what was typed is tried as last name, first name, both orders; wildcards are taken out", async () => {
  const wire = always(200, recorded(patients, "8.2.0-dev", "search lname=zzz").body);
  const { patients: search } = openEmrOver(wire);
  await search.search(access, "Ana Di%az");
  await search.search(access, "1980-02-03");
  const asked = wire.requests.map((request) => Object.fromEntries(new URL(request.url).searchParams));
  const names = asked.map(({ _limit, _sort, ...rest }) => rest);
  expect(names).toContainEqual({ fname: "Ana", lname: "Di az" });
  expect(names).toContainEqual({ DOB: "1980-02-03" });
  expect(names.flatMap((query) => Object.values(query)).join("")).not.toContain("%");
});

test.each(versions)("OpenEMR %s: an appointment is booked, read and found among the patient's", async (version) => {
  const { appointments: rows } = openEmrOver(replay(ofVersion(appointments, version)));
  expect(await rows.book(access, newAppointment)).toBe("5");
  const one = await rows.one(access, "5");
  expect(one).toMatchObject({ eid: "5", pid: "1", date: "2026-12-01", startTime: "09:00", providerId: "5" });
  // 7.0 does not show the comment; undefined must not be mistaken for empty.
  expect(one?.comment).toBe(version === "7.0.0" ? undefined : "2 week f/u");
  expect(await rows.one(access, "99999")).toBeUndefined();
  expect((await rows.ofPatient(access, "1")).map((row) => row.pc_eid)).toEqual(["5", "9"]);
});

test.each(versions)("OpenEMR %s: a refused booking is a refusal, whatever its status", async (version) => {
  for (const [label, field] of [
    ["pc_startTime 9:00", "pc_startTime"],
    ["pc_aid unknown 999", "pc_aid"],
    ["unknown pid 9999", "pid"],
  ] as const) {
    const { status, body } = recorded(appointments, version, label);
    await expect(openEmrOver(always(status, body)).appointments.book(access, newAppointment)).rejects.toMatchObject({
      problem: { code: "openemr_refused", field },
    });
  }
});

test.each(versions)("OpenEMR %s: the standard list as a calendar", async (version) => {
  const list = recorded(appointments, version, "list all");
  const wire = createFakeWire(({ url }) =>
    url.includes("/fhir/")
      ? { status: 404, headers: {}, body: version === "7.0.0" ? "" : '{"error":"e","message":"Route not found"}' }
      : { status: 200, headers: {}, body: list.body },
  );
  const rows = await openEmrOver(wire).calendar.ofDates(access, ["2026-11-23"]);
  expect(rows.map((row) => [row.eid, row.kind, row.from, row.to])).toEqual([
    ["1", "in_office", 540, 540],
    ["2", "out_of_office", 1020, 1020],
    ["3", "in_office", 480, 480],
  ]);
  const december = await openEmrOver(wire).calendar.ofDates(access, ["2026-12-01"]);
  const lunch = december.find((row) => row.eid === "4");
  const follow = december.find((row) => row.eid === "5");
  expect(lunch).toMatchObject({ kind: "block", from: 720, to: 780, patientId: null });
  // 7.0 writes 00:00:00 as the end of what is booked over the API: the end is unknown there.
  expect(follow).toMatchObject({ kind: "appointment", from: 540, to: version === "7.0.0" ? 540 : 555, free: false });
});

test.each(["8.2.0-dev", "8.0.0"])(
  "OpenEMR %s: FHIR as a calendar, wall clock whatever the offset says",
  async (version) => {
    const { calendar } = openEmrOver(replay(ofVersion(fhirAppointments, version)));
    const march = await calendar.ofDates(access, ["2027-03-01", "2027-03-02"]);
    expect(march.map((row) => [row.date, row.from, row.to, row.kind])).toEqual([
      ["2027-03-01", 540, 555, "appointment"],
      ["2027-03-02", 540, 555, "appointment"],
    ]);
    // In July the server of November writes -05:00; nine o'clock is nine o'clock.
    expect(await calendar.ofDates(access, ["2027-07-01"])).toMatchObject([{ date: "2027-07-01", from: 540 }]);
    const office = await calendar.ofDates(access, ["2026-11-23"]);
    expect(office.map((row) => row.kind)).toEqual(["in_office", "out_of_office", "in_office"]);
    expect(office[0]?.clinicianId).toMatch(/^a346c/);
  },
);

test.each(versions)("OpenEMR %s: encounters and notes are read back", async (version) => {
  const wire = replay(ofVersion(notes, version));
  const list = recorded(notes, version, "encounter list");
  const patientId = list.path.split("/")[5] ?? "";
  const encounters = openEmrOver(always(200, list.body)).notes;
  const first = await encounters.findEncounter(access, { patientId, externalId: "visit-42" });
  // external_id is not unique in OpenEMR: of several encounters it must always be the same one.
  expect(first?.id).toBe({ "8.2.0-dev": "18", "8.0.0": "15", "7.0.0": "30" }[version]);
  expect(await encounters.findEncounter(access, { patientId, externalId: "visit-99" })).toBeUndefined();

  const created = recorded(notes, version, "encounter create valid");
  const encounter = {
    patientId,
    externalId: "visit-42",
    date: "2026-11-21",
    reason: "Cough",
    categoryId: "5",
    facilityId: "3",
  };
  const writer = openEmrOver(always(created.status, created.body)).notes;
  expect(await writer.createEncounter(access, encounter)).toMatchObject({ id: first?.id, uuid: first?.uuid });

  const place = { pid: "1", encounterId: first?.id ?? "" };
  const soap = openEmrOver(wire).notes;
  expect(await soap.write(access, place, soapText)).toBe("1");
  expect(await soap.read(access, place, "99999")).toBeUndefined();
});

test.each(versions)("OpenEMR %s: our note is found by its text and its patient", async (version) => {
  const list = always(200, recorded(notes, version, "soap list").body);
  const place = { pid: "1", encounterId: "18" };
  expect(await openEmrOver(list).notes.findNote(access, place, soapText)).toBe("1");
  expect(await openEmrOver(list).notes.findNote(access, place, { ...soapText, plan: "Other" })).toBeUndefined();
  // The list joins on the form alone and shows other patients' rows: never taken for ours.
  expect(await openEmrOver(list).notes.findNote(access, { ...place, pid: "2" }, soapText)).toBeUndefined();
  const one = always(200, recorded(notes, version, "soap one").body);
  expect(await openEmrOver(one).notes.read(access, place, "1")).toEqual(soapText);
});

test.each(versions)("OpenEMR %s: refused encounters and notes name the field", async (version) => {
  const place = { pid: "1", encounterId: "18" };
  const note = recorded(notes, version, "soap 1 char fields");
  await expect(openEmrOver(always(note.status, note.body)).notes.write(access, place, soapText)).rejects.toMatchObject({
    problem: { code: "openemr_refused", field: "subjective", detail: "LengthBetween::TOO_SHORT" },
  });
  const encounter = recorded(notes, version, "encounter missing class_code");
  const wanted = {
    patientId: "a346",
    externalId: "v",
    date: "2026-11-21",
    reason: "",
    categoryId: "5",
    facilityId: "3",
  };
  await expect(
    openEmrOver(always(encounter.status, encounter.body)).notes.createEncounter(access, wanted),
  ).rejects.toMatchObject({ problem: { code: "openemr_refused", field: "class_code" } });
});

test("sections are limited in bytes before anything is sent, and one byte is made two", async () => {
  const wire = always(201, '{"sid":1,"fid":2}');
  const { notes: soap } = openEmrOver(wire);
  const place = { pid: "1", encounterId: "18" };
  await expect(soap.write(access, place, { ...emptyNote, plan: "é".repeat(32_768) })).rejects.toMatchObject({
    problem: { code: "section_too_long", field: "plan" },
  });
  expect(wire.requests).toHaveLength(0);
  await soap.write(access, place, { ...emptyNote, plan: "x" });
  expect(JSON.parse(wire.requests[0]?.body ?? "")).toEqual({
    subjective: "",
    objective: "",
    assessment: "",
    plan: "x ",
  });
});

test("an answer of the wrong shape is unreadable, and the problem quotes no value", async () => {
  const body = JSON.stringify([{ pc_eid: { name: "Ana Diaz" } }]);
  await expect(openEmrOver(always(200, body)).appointments.one(access, "5")).rejects.toMatchObject({
    problem: { code: "openemr_answer_unreadable", detail: "at 0.pc_eid" },
  });
});
