/**
 * The API of the sandbox against what real servers answered, request by request in the recorded order. What is not
 * replayed is listed in traffic/README.md with the reason.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compare, createStage, learnIds, linesOf, send } from "./replay.ts";
import type { Line, Sent, Stage } from "./replay.ts";
import { withPatients } from "./recorded-clinic.ts";
import { recordings } from "./recordings.ts";
import type { Recording } from "./recordings.ts";
import { refresh, tokensFor } from "./visitor.ts";

/** Numbers of a sequence that starts elsewhere here, and counts of rows that other topics left on the recorded server. */
const loose = ["eid", "encounter", "total", "id", "vid", "fid", "form_id", "sid", "password"];
// Read and write, not letters: every version knows them.
const patientOnly = ["openid", "api:oemr", "user/patient.read"];
const patientWriter = [...patientOnly, "user/patient.write"];
const fhirOnly = ["openid", "api:fhir", "user/patient.read", "user/Patient.read"];

/** Whose token a recorded request carried: the label says so, else the physician's. */
function userOf({ label }: Line): string {
  if (/^admin\b/u.test(label)) return "admin";
  if (/^(?:in )?front\b/u.test(label)) return "frontd";
  return /^(?:in )?nurse\b/u.test(label) ? "nurse" : "drlee";
}

async function authorizationOf(stage: Stage, line: Line): Promise<Record<string, string>> {
  const recorded = line.request.headers["authorization"];
  if (recorded === undefined || !recorded.includes("<jwt>")) return {};
  const special = specialTokens[`${line.topic}: ${line.label}`];
  const token = special ? await special(stage) : await stage.accessToken(userOf(line), scopesOf(line));
  return { authorization: recorded.replace("<jwt>", token) };
}

function scopesOf({ topic, label }: Line): string[] | undefined {
  if (topic === "patient" && /^create (?!without)/u.test(label)) return patientWriter;
  if (/^scope (?:missing|present)/u.test(label)) return patientOnly;
  return label.startsWith("only api:fhir") ? fhirOnly : undefined;
}

const specialTokens: Record<string, (stage: Stage) => Promise<string>> = {
  "errors: tampered token": async (stage) => `${(await stage.accessToken("drlee")).slice(0, -6)}AAAAAA`,
  "errors: api_token.expiry set to the past by SQL": async (stage) => {
    const token = await stage.accessToken("drlee", patientOnly);
    stage.sandbox.controls.expireAccessTokens();
    stage.forgetTokens();
    return token;
  },
  "errors: api_token.revoked=1 by SQL": async (stage) => {
    const tokens = await tokensFor(stage.visit());
    await refresh(stage.visit(), tokens.refresh_token ?? "");
    return tokens.access_token;
  },
};

async function replay(stage: Stage, line: Line): Promise<Sent> {
  stage.setTime(Date.parse(line.at));
  const sent = await send(stage, line, await authorizationOf(stage, line));
  learnIds(stage, line.response.body, sent.body);
  return sent;
}

function replayedLines(recording: Recording, topic: string): Line[] {
  const notReplayed = new Set(recording.notReplayed);
  return linesOf(recording, topic).filter((line) => !notReplayed.has(`${line.topic}: ${line.label}`));
}

describe.each(recordings)("$version: an empty clinic that fills up", (recording) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage(recording, { startsAt: recording.startsAt.clinic });
  });
  afterAll(() => stage.sandbox.close());

  const topics =
    "discovery cors patient practitioner facility list appointment appointment-delete encounter soap-note vital document fhir errors role-matrix".split(
      " ",
    );
  for (const topic of topics) {
    test.each(replayedLines(recording, topic))("$topic: $label", async (line) => {
      if (line.label.startsWith("all: only provider calendar rows")) addProviderRows(stage);
      const sent = await replay(stage, line);
      if (line.request.path.endsWith("/metadata")) [line.response.body, sent.body].forEach(keepAppointmentOnly);
      expect(compare(line, sent, loose)).toEqual([]);
    });
  }
});

/** The sandbox declares the resources it has; of those, Appointment is what clients look for. */
function keepAppointmentOnly(body: unknown): void {
  const { rest } = body as { rest?: { resource: { type: string }[] }[] };
  for (const server of rest ?? []) server.resource = server.resource.filter(({ type }) => type === "Appointment");
}

/** What the recording put in by SQL. */
function addProviderRows({ sandbox }: Stage): void {
  const add =
    (provider: string, categoryId: number, title: string) =>
    (date: string, startTime: string, minutes = 0) =>
      sandbox.controls.addAppointment({ pid: null, provider, categoryId, title, date, startTime, minutes });
  add("drlee", 2, "In Office")("2026-11-23", "09:00");
  add("drlee", 3, "Out Of Office")("2026-11-23", "17:00");
  add("drray", 2, "In Office")("2026-11-23", "08:00");
  add("drlee", 8, "Lunch")("2026-12-01", "12:00", 60);
}

/** On 7.0.0 there was no FHIR calendar to ask. */
const withCalendar = recordings.filter((recording) => linesOf(recording, "fhir-appointment").length > 0);

describe.each(withCalendar)("$version: a calendar with a few days filled", (recording) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage(recording, {
      startsAt: recording.startsAt.calendar,
      world: withPatients(recording),
    });
    addProviderRows(stage);
    const add = (pid: number, date: string, startTime: string): number =>
      stage.sandbox.controls.addAppointment({ pid, provider: "drlee", date, startTime, minutes: 15, categoryId: 5 });
    for (const date of ["2027-03-01", "2027-03-02", "2027-03-03", "2027-07-01"]) add(1, date, "09:00");
    for (const startTime of ["09:00", "09:05"]) add(2, "2026-12-01", startTime);
    await addOneWithUnknownFacility(stage);
  });
  afterAll(() => stage.sandbox.close());

  for (const topic of ["fhir-appointment", "fhir-location", "parallel-booking"]) {
    test.each(replayedLines(recording, topic).filter(({ label }) => label !== "read one"))(
      "$topic: $label",
      async (line) => {
        const sent = await replay(stage, line);
        expect(compare(line, sent, loose)).toEqual([]);
        if (line.starts && comparesStarts(line)) expect(startsOf(sent.body)).toEqual(line.starts);
      },
    );
  }

  test("fhir-appointment: read one", async () => {
    const line = linesOf(recording, "fhir-appointment").find(({ label }) => label === "read one");
    const search = await replay(stage, linesOf(recording, "fhir-appointment")[0]!);
    const [entry] = (search.body as { entry: { resource: { id: string } }[] }).entry;
    const path = `/apis/default/fhir/Appointment/${entry!.resource.id}`;
    const sent = await replay(stage, { ...line!, request: { ...line!.request, path } });
    expect(compare(line!, sent)).toEqual([]);
  });

  /** Searches that reach the many rows of other topics are compared by their shape alone. */
  function comparesStarts({ label }: Line): boolean {
    return (
      !/le2027|2027-03-01&|_count|_sort|date=2027$|patient=Patient/u.test(label) && !/^patient=[^&]*$/u.test(label)
    );
  }
});

async function addOneWithUnknownFacility(stage: Stage): Promise<void> {
  const token = await stage.accessToken("drlee");
  const body = { pc_catid: "999", pc_title: "Follow-up", pc_duration: "900", pc_hometext: "x", pc_apptstatus: "-" };
  const place = {
    pc_eventDate: "2026-12-02",
    pc_startTime: "09:00",
    pc_facility: "77",
    pc_billing_location: "3",
    pc_aid: "7",
  };
  await fetch(`${stage.sandbox.url}/apis/default/api/patient/1/appointment`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ ...body, ...place }),
  });
}

function startsOf(body: unknown): string[] {
  const { entry = [] } = body as { entry?: { resource: { start: string } }[] };
  return entry.map(({ resource }) => resource.start);
}

describe.each(withCalendar)("$version: notes across patients, documents and narrow scopes", (recording) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage(recording, { startsAt: recording.startsAt.notes, world: withPatients(recording) });
    // Fifteen encounters, the last of patient 2; thirty notes before the first recorded one.
    const headers = { authorization: `Bearer ${await stage.accessToken("drlee")}`, "content-type": "application/json" };
    const post = (path: string, body: unknown) =>
      fetch(`${stage.sandbox.url}/apis/default/api${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    for (let number = 1; number <= 15; number += 1) {
      await post(`/patient/${recording.patients[1]}/encounter`, { pc_catid: "5", class_code: "AMB" });
    }
    addProviderRows(stage);
    await addOneWithUnknownFacility(stage);
    for (let number = 1; number <= 30; number += 1)
      await post("/patient/3/encounter/1/soap_note", { plan: "Old note" });
    stage.sandbox.controls.addAppointment({
      pid: 1,
      provider: "drlee",
      date: "2026-12-01",
      startTime: "09:00",
      minutes: 15,
    });
  });
  afterAll(() => stage.sandbox.close());

  for (const topic of ["soap-cross-join", "document-extra", "scope-styles"]) {
    test.each(replayedLines(recording, topic).filter(({ label }) => !label.includes("password grant")))(
      "$topic: $label",
      async (line) => {
        const scopes = styles[line.label.split(":")[0] ?? ""];
        stage.setTime(Date.parse(line.at));
        const authorization = scopes
          ? { authorization: `Bearer ${await stage.accessToken("drlee", scopes)}` }
          : await authorizationOf(stage, line);
        const sent = await send(stage, line, authorization);
        learnIds(stage, line.response.body, sent.body);
        expect(compare(line, sent, loose)).toEqual([]);
      },
    );
  }
});

const styles: Record<string, string[]> = {
  "v1 read/write":
    "openid offline_access api:oemr user/patient.read user/appointment.read user/appointment.write user/soap_note.write".split(
      " ",
    ),
  "v2 rs only": ["openid", "api:oemr", "user/appointment.rs"],
  "v2 s only": ["openid", "api:oemr", "user/appointment.s"],
};
