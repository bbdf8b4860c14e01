/** Appointments as the API shows them. With bind values a column is a number, without them a string (traffic: appointment). */
import type { AppointmentRow } from "#sandbox/openemr/rows.ts";
import { shown } from "#sandbox/openemr/profiles/shown.ts";
import type { Site } from "#sandbox/openemr/site.ts";

/** Numbers stay numbers: lists of one patient. */
export function patientRow(site: Site, row: AppointmentRow): Record<string, unknown> {
  return shown(
    site,
    "appointment",
    toRecord(site, row, (number) => number),
  );
}

/** Everything is a string: the list of all. */
export function plainRow(site: Site, row: AppointmentRow): Record<string, unknown> {
  return shown(site, "appointment", toRecord(site, row, String));
}

/** A single row shows three columns more. */
export function singleRow(site: Site, row: AppointmentRow): Record<string, unknown> {
  const more = { pc_duration: row.duration, pc_room: "", pc_hometext: row.hometext };
  return shown(site, "appointment", { ...toRecord(site, row, (number) => number), ...more });
}

function toRecord(
  site: Site,
  row: AppointmentRow,
  number: (value: number) => number | string,
): Record<string, unknown> {
  return {
    pc_eid: number(row.id),
    pc_uuid: row.uuid,
    ...patientOf(site, row, number),
    ...providerOf(site, row),
    pc_aid: row.aid === null ? null : String(row.aid),
    pc_apptstatus: row.apptstatus,
    pc_eventDate: row.eventDate,
    pc_startTime: row.startTime,
    pc_endTime: row.endTime,
    pc_time: row.createdAt,
    pc_facility: number(row.facility),
    pc_billing_location: number(row.billingLocation),
    pc_catid: number(row.catid),
    pc_pid: row.pid === null ? "" : String(row.pid),
    pc_title: row.title,
    pc_website: null,
    pc_informant: String(row.informant),
    ...facilityOf(site, row),
  };
}

function patientOf(
  { chart }: Site,
  row: AppointmentRow,
  number: (value: number) => number | string,
): Record<string, unknown> {
  const patient = row.pid === null ? undefined : chart.patients.one(row.pid);
  if (!patient) return { fname: null, lname: null, DOB: null, pid: null, puuid: null };
  return { fname: patient.fname, lname: patient.lname, DOB: patient.DOB, pid: number(patient.id), puuid: patient.uuid };
}

function providerOf({ chart }: Site, row: AppointmentRow): Record<string, unknown> {
  const provider = row.aid === null ? undefined : chart.users.one(row.aid);
  return {
    pce_aid_uuid: provider?.uuid ?? null,
    pce_aid_fname: provider?.fname ?? null,
    pce_aid_lname: provider?.lname ?? null,
    pce_aid_npi: provider?.npi ?? null,
  };
}

/** `facility_uuid` is the facility's FHIR Location (traffic: appointment, encounter). */
function facilityOf({ facility }: Site, row: AppointmentRow): Record<string, unknown> {
  const known = row.facility === facility.id;
  const billing = row.billingLocation === facility.id;
  return {
    facility_name: known ? facility.name : null,
    facility_uuid: known ? facility.locationUuid : null,
    billing_location_name: billing ? facility.name : null,
    billing_location_uuid: billing ? facility.locationUuid : null,
  };
}
