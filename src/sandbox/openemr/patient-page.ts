/**
 * What little there is of OpenEMR's own screens: a patient's page with the button that opens an app (facts/openemr.md 2.8). Nobody signs
 * in here: the patients are invented, and the app signs its user in by itself.
 */
import { randomUUID } from "node:crypto";
import { empty, page, redirect } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { form, last } from "./incoming.ts";
import type { Incoming } from "./incoming.ts";
import { escape, layout } from "./layout.ts";
import { launchText } from "./oauth/launch.ts";
import type { AppointmentRow, ClientRow, EncounterRow, LaunchContext, PatientRow } from "./rows.ts";
import { now, today } from "./site.ts";
import type { Site } from "./site.ts";

const demographics = "/interface/patient_file/summary/demographics.php";
const startEncounter = "/interface/forms/newpatient/save.php";
const launcher = "/interface/smart/ehr-launch-client.php";

export function createPatientPages(site: Site): (request: Incoming) => Answer {
  const routes: Record<string, (request: Incoming) => Answer> = {
    [`GET ${demographics}`]: (request) => showPatient(site, request),
    [`POST ${startEncounter}`]: (request) => addEncounter(site, request),
    [`GET ${launcher}`]: (request) => launch(site, request),
  };
  return (request) => routes[`${request.method} ${request.path}`]?.(request) ?? empty(404);
}

function showPatient(site: Site, { query }: Incoming): Answer {
  const patient = findPatient(site, last(query, "set_pid"));
  return patient === undefined ? page(patientList(site)) : page(patientPage(site, patient));
}

function findPatient({ chart }: Site, pid: string | null | undefined): PatientRow | undefined {
  return chart.patients.find((row) => String(row.id) === pid);
}

function patientList({ chart }: Site): string {
  const rows = chart.patients
    .all()
    .map((row) => `<li><a href="${demographics}?set_pid=${row.id}">${nameOf(row)}</a></li>`);
  return layout("Patients", `<h2>Patients</h2><ul>${rows.join("")}</ul>`);
}

function nameOf({ fname, lname }: PatientRow): string {
  return escape(`${fname} ${lname}`);
}

function patientPage(site: Site, patient: PatientRow): string {
  const encounters = site.chart.encounters.all().filter(({ pid }) => pid === patient.id);
  const appointments = site.chart.appointments.all().filter(({ pid }) => pid === patient.id);
  const buttons = (opened: Opened = {}): string =>
    site.chart.clients
      .all()
      .filter(isShown)
      .map((client) => launchButton(client, patient, opened))
      .join(" ");
  const row = (encounter: EncounterRow): string =>
    `<li>Encounter ${encounter.encounter}, ${escape(encounter.date.slice(0, 10))} ${buttons({ encounter: encounter.encounter })}</li>`;
  const booked = ({ id, eventDate, startTime }: AppointmentRow): string =>
    `<li>Appointment ${escape(`${eventDate} ${startTime.slice(0, 5)}`)} ${buttons({ appointment: id })}</li>`;
  return layout(
    nameOf(patient),
    `<h2>${nameOf(patient)}</h2><p>Born ${escape(patient.DOB)}, record ${patient.id}.</p>
    <h3>No encounter open</h3><p>${buttons()}</p>
    <h3>Appointments</h3><ul>${appointments.map(booked).join("")}</ul>
    <h3>Encounters</h3><ul>${encounters.map(row).join("")}</ul>
    <form method="post" action="${startEncounter}"><input type="hidden" name="pid" value="${patient.id}">
      <button type="submit">Start an encounter</button></form>
    <p><a href="${demographics}">Other patients</a></p>`,
  );
}

/** An app is offered once it is switched on, may be launched and has said where. */
function isShown({ enabled, scopes, initiateLoginUri }: ClientRow): boolean {
  return enabled && scopes.includes("launch") && initiateLoginUri !== undefined;
}

/** What the app is opened from, beside the patient: numbers of OpenEMR's. */
type Opened = { encounter?: number; appointment?: number };

function launchButton({ clientId, name }: ClientRow, { id }: PatientRow, opened: Opened): string {
  const at = Object.entries(opened).map(([kind, number]): [string, string] => [kind, String(number)]);
  const query = new URLSearchParams([["client_id", clientId], ["pid", String(id)], ...at]);
  return `<a href="${launcher}?${escape(query.toString())}">Launch ${escape(name)}</a>`;
}

function addEncounter(site: Site, request: Incoming): Answer {
  const patient = findPatient(site, form(request).get("pid"));
  if (patient === undefined) return empty(404);
  const encounter = site.chart.nextNumber();
  const row = site.chart.encounters.add({
    encounter,
    uuid: randomUUID(),
    pid: patient.id,
    date: `${today(site)} 00:00:00`,
    reason: "Started on the patient's page",
    sensitivity: "normal",
    catid: 5,
    classCode: "AMB",
    facilityId: site.facility.id,
    billingFacility: site.facility.id,
    providerId: 0,
    posCode: null,
    externalId: null,
    referralSource: "",
    lastUpdate: now(site),
  });
  site.chart.forms.add({ encounter, pid: patient.id, formId: row.id, kind: "newpatient" });
  return redirect(302, `${demographics}?set_pid=${patient.id}`);
}

/** Sends the browser to the app: `launch` is other words every time, `iss` and `aud` name this server. */
function launch(site: Site, { query }: Incoming): Answer {
  const client = site.chart.clients.find((row) => row.clientId === last(query, "client_id"));
  const patient = findPatient(site, last(query, "pid"));
  if (client?.initiateLoginUri === undefined || !isShown(client) || patient === undefined) return empty(404);
  const context = contextOf(site, patient, query);
  if (context === undefined) return empty(404);
  const fhir = `${site.origin}/apis/default/fhir`;
  const parameters = new URLSearchParams({ launch: launchText(site, context), iss: fhir, aud: fhir });
  return redirect(302, `${client.initiateLoginUri}?${parameters.toString()}`);
}

/** Undefined for an encounter or appointment that is not this patient's. */
function contextOf({ chart }: Site, { id, uuid }: PatientRow, query: Incoming["query"]): LaunchContext | undefined {
  const [number, eid] = [last(query, "encounter"), last(query, "appointment")];
  const encounter = chart.encounters.find((row) => row.pid === id && String(row.encounter) === number);
  const appointment = chart.appointments.find((row) => row.pid === id && String(row.id) === eid);
  if ((number !== undefined && !encounter) || (eid !== undefined && !appointment)) return undefined;
  return { patient: uuid, encounter: encounter?.uuid ?? null, appointment: appointment?.uuid ?? null };
}
