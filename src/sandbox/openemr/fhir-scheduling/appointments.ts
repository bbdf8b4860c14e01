/**
 * FHIR Appointment that can be written: create, update, cancel (an update with the status `cancelled`). A time that is taken,
 * for the practitioner or for the patient, or that lies outside the office hours, is a 409.
 */
import { randomUUID } from "node:crypto";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { ApiRequest } from "#sandbox/openemr/api/api-request.ts";
import { later } from "#sandbox/openemr/api/appointments.ts";
import { categories } from "#sandbox/openemr/api/categories.ts";
import { appointments as recorded } from "#sandbox/openemr/fhir/appointment.ts";
import type { Resource, Searchable } from "#sandbox/openemr/fhir/search.ts";
import { fieldsOf } from "#sandbox/openemr/incoming.ts";
import { minuteOfDay } from "#sandbox/openemr/minute-of-day.ts";
import type { AppointmentRow } from "#sandbox/openemr/rows.ts";
import { now } from "#sandbox/openemr/site.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { readAppointment } from "./asked-appointment.ts";
import type { AskedAppointment } from "./asked-appointment.ts";
import { instantText } from "./clinic-time.ts";
import { isOpen, rowsDuring } from "./occupied.ts";
import type { Span } from "./occupied.ts";
import { fhirJson, outcome } from "./outcome.ts";
import { refersTo, searchset } from "./searchset.ts";

const officeVisit = 5;

export function searchAppointments(request: ApiRequest): Answer {
  return searchset(request, appointments(request.site));
}

export function readOne({ site, parameter }: ApiRequest): Answer {
  const row = site.chart.appointments.find(({ uuid }) => uuid === parameter("id"));
  return row ? fhirJson(200, toResource(site, row)) : notFound;
}

const notFound = outcome(404, "not-found", "There is no such Appointment");

export function create({ site, user, fields }: ApiRequest): Answer {
  const asked = readAppointment(site, fields);
  if (!("patient" in asked)) return outcome(400, "invalid", ...asked);
  if (!asked.span) return outcome(400, "invalid", "A new appointment needs start and end");
  const refusal = refuse(site, asked, undefined);
  if (refusal) return refusal;
  const row = site.chart.appointments.add({
    ...columnsOf(asked, asked.span),
    uuid: randomUUID(),
    catid: officeVisit,
    facility: site.facility.id,
    billingLocation: site.facility.id,
    informant: user.id,
    createdAt: now(site),
  });
  const answer = fhirJson(201, toResource(site, row));
  return {
    ...answer,
    headers: { ...answer.headers, location: `${site.origin}/apis/default/fhir/Appointment/${row.uuid}` },
  };
}

/** The whole resource, with its id; of a cancelled one the time may be left out. */
export function update({ site, fields, parameter }: ApiRequest): Answer {
  const before = site.chart.appointments.find(({ uuid }) => uuid === parameter("id"));
  if (!before) return notFound;
  if (fields["id"] !== before.uuid) return outcome(400, "invalid", "The resource's id must be that of the address");
  const asked = readAppointment(site, fields);
  if (!("patient" in asked)) return outcome(400, "invalid", ...asked);
  const refusal = refuse(site, asked, before);
  if (refusal) return refusal;
  const changed = { ...before, ...columnsOf(asked, asked.span ?? spanOf(before)), createdAt: now(site) };
  site.chart.appointments.put(changed);
  return fhirJson(200, toResource(site, changed));
}

type Columns = Omit<
  AppointmentRow,
  "id" | "uuid" | "catid" | "facility" | "billingLocation" | "informant" | "createdAt"
>;

function columnsOf({ patient, practitioner, apptstatus, description, fhir }: AskedAppointment, span: Span): Columns {
  const startTime = later("00:00:00", span.from * 60);
  const duration = (span.to - span.from) * 60;
  return {
    pid: patient.id,
    aid: practitioner.id,
    title: description === "" ? (categories[officeVisit] ?? "") : description,
    hometext: description,
    duration,
    apptstatus,
    eventDate: span.date,
    startTime,
    endTime: later(startTime, duration),
    fhir,
  };
}

/** 409 for a number that is taken, a time that is taken, a time outside the office hours. */
function refuse(site: Site, asked: AskedAppointment, before: AppointmentRow | undefined): Answer | undefined {
  const others = site.chart.appointments.all().filter((row) => row.id !== before?.id);
  const numbers = asked.fhir.identifier.map(valueOf);
  if (others.some((row) => numbersOf(row).some((number) => numbers.includes(number))))
    return outcome(409, "duplicate", "Another appointment has this identifier");
  const { span } = asked;
  if (!span || ["x", "?"].includes(asked.apptstatus)) return undefined;
  if (!isOpen(span)) return outcome(409, "conflict", "The time is outside the office hours");
  const standing = rowsDuring(site, span).filter((row) => row.id !== before?.id);
  if (standing.some((row) => row.aid === asked.practitioner.id))
    return outcome(409, "conflict", "The practitioner is not free at this time");
  if (standing.some((row) => row.pid === asked.patient.id))
    return outcome(409, "conflict", "The patient has another appointment at this time");
  return undefined;
}

function appointments(site: Site): Searchable<AppointmentRow> {
  const { parameters, rows } = recorded(site);
  const statusOf = (row: AppointmentRow): unknown => recorded(site).toResource(row)["status"];
  return {
    rows,
    parameters: {
      ...parameters,
      practitioner: (row, value) => refersTo(value, "Practitioner", site.chart.users.one(row.aid ?? 0)),
      patient: (row, value) => refersTo(value, "Patient", site.chart.patients.one(row.pid ?? 0)),
      status: (row, value) => statusOf(row) === value,
      identifier: (row, value) => numbersOf(row).includes(value.split("|").at(-1) ?? ""),
    },
    toResource: (row) => toResource(site, row),
  };
}

function toResource(site: Site, row: AppointmentRow): Resource {
  const { date, from, to } = spanOf(row);
  const { identifier = [], appointmentType = null } = row.fhir ?? {};
  return {
    ...recorded(site).toResource(row),
    ...(identifier.length > 0 && { identifier }),
    ...(appointmentType !== null && { appointmentType }),
    ...(row.hometext !== "" && { description: row.hometext }),
    start: instantText(site, { date, minute: from }),
    end: instantText(site, { date, minute: to }),
    minutesDuration: to - from,
  };
}

function spanOf({ eventDate, startTime, duration }: AppointmentRow): Span {
  const from = minuteOfDay(startTime);
  return { date: eventDate, from, to: from + duration / 60 };
}

function numbersOf({ fhir }: AppointmentRow): string[] {
  return (fhir?.identifier ?? []).map(valueOf);
}

function valueOf(identifier: unknown): string {
  return String(fieldsOf(identifier)["value"]);
}
