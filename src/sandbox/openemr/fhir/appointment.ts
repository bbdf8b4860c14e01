/** FHIR Appointment: read and search only. Blocks in a provider's calendar come along, without a patient. */
import { calendarOrder } from "#sandbox/openemr/api/appointments.ts";
import { categories } from "#sandbox/openemr/api/categories.ts";
import type { AppointmentRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { fitsDate } from "./date-search.ts";
import { metaOf, participationType, reference, withOffset } from "./resource-parts.ts";
import { isReferenceTo } from "./search.ts";
import type { Resource, Searchable } from "./search.ts";

const statuses: Record<string, string> = {
  "-": "proposed",
  "^": "pending",
  "#": "pending",
  ">": "fulfilled",
  $: "fulfilled",
  AVM: "booked",
  SMS: "booked",
  EMAIL: "booked",
  "*": "booked",
  x: "cancelled",
  "%": "cancelled",
  "!": "cancelled",
  "?": "noshow",
  "@": "arrived",
  "~": "arrived",
  "<": "checked-in",
  "+": "checked-in",
  CALL: "waitlist",
};

export function appointments(site: Site): Searchable<AppointmentRow> {
  return {
    rows: calendarOrder(site.chart.appointments.all()),
    parameters: {
      patient: (row, value) => isReferenceTo(value, "Patient", patientUuid(site, row)),
      _id: (row, value) => row.uuid === value,
      date: (row, value) => fitsDate(row.eventDate, value, site.timeZone),
      _lastUpdated: (row, value) => fitsDate(row.createdAt.slice(0, 10), value, site.timeZone),
    },
    toResource: (row) => toResource(site, row),
  };
}

function toResource(site: Site, row: AppointmentRow): Resource {
  const category = categories[row.catid];
  const system = `${site.origin}/apis/default/fhir/ValueSet/appointment-type`;
  const named = category !== undefined && { code: category.toLowerCase().replaceAll(" ", "_"), display: category };
  return {
    id: row.uuid,
    meta: metaOf(site, row.createdAt),
    resourceType: "Appointment",
    status: statuses[row.apptstatus] ?? "pending",
    appointmentType: { coding: [{ system, ...named }] },
    start: withOffset(site, `${row.eventDate} ${row.startTime}`),
    end: withOffset(site, `${row.eventDate} ${row.endTime}`),
    participant: participants(site, row),
  };
}

function participants(site: Site, row: AppointmentRow): unknown[] {
  const patient = patientUuid(site, row);
  const provider = row.aid === null ? undefined : site.chart.users.one(row.aid);
  const providerType = (provider?.npi ?? "") === "" ? "Person" : "Practitioner";
  const accepted = (code: "PART" | "PPRF" | "LOC", type: string, uuid: string): unknown => ({
    type: [participationType(code)],
    actor: reference(type, uuid),
    status: "accepted",
  });
  return [
    ...(patient === undefined ? [] : [accepted("PART", "Patient", patient)]),
    ...(provider === undefined ? [] : [accepted("PPRF", providerType, provider.uuid)]),
    ...(row.facility === site.facility.id ? [accepted("LOC", "Location", site.facility.locationUuid)] : []),
  ];
}

function patientUuid({ chart }: Site, row: AppointmentRow): string | undefined {
  return row.pid === null ? undefined : chart.patients.one(row.pid)?.uuid;
}
