/**
 * Appointments. Nothing is checked that OpenEMR does not check: double bookings, past dates, unknown categories and statuses
 * are taken; a bad field is answered with 200 and messages; whatever is deleted, it says "record deleted".
 */
import { randomUUID } from "node:crypto";
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { AppointmentRow } from "#sandbox/openemr/rows.ts";
import { now, wallClock } from "#sandbox/openemr/site.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import type { ApiRequest } from "./api-request.ts";
import { patientRow, plainRow, singleRow } from "./appointment-rows.ts";
import { anything, between, date, exactly, findFaults, hasFaults, numeric } from "./validation.ts";
import type { Faults } from "./validation.ts";

/** Every row of the calendar; the query is ignored. */
export function allAppointments({ site }: ApiRequest): Answer {
  const rows = calendarOrder(site.chart.appointments.all());
  return rows.length === 0
    ? site.profile.nothing
    : json(
        200,
        rows.map((row) => plainRow(site, row)),
      );
}

export function patientAppointments({ site, parameter }: ApiRequest): Answer {
  const rows = site.chart.appointments.all().filter((row) => String(row.pid) === parameter("pid"));
  return rows.length === 0
    ? site.profile.nothing
    : json(
        200,
        rows.map((row) => patientRow(site, row)),
      );
}

/** An array of one; the patient in the path is looked at from 8.3 on. */
export function oneAppointment(request: ApiRequest): Answer {
  const { site, parameter } = request;
  const row = site.chart.appointments.one(Number(parameter("eid")));
  if (parameter("pid") !== "" && site.profile.strangersRecord && isStrangers(request, row))
    return site.profile.strangersRecord;
  return row ? json(200, [singleRow(site, row)]) : site.profile.nothing;
}

export function addAppointment({ site, user, fields, parameter }: ApiRequest): Answer {
  const faults = faultsOf(site, fields, parameter("pid"));
  if (hasFaults(faults)) return json(site.profile.validationStatus, faults);
  const text = (name: string): string => String(fields[name]);
  const startTime = storedTime(site, text("pc_startTime"));
  const duration = Number(fields["pc_duration"]);
  const { id } = site.chart.appointments.add({
    uuid: randomUUID(),
    pid: Number(parameter("pid")),
    aid: isGiven(fields["pc_aid"]) ? Number(fields["pc_aid"]) : null,
    catid: Number(fields["pc_catid"]),
    title: text("pc_title"),
    duration,
    hometext: text("pc_hometext"),
    apptstatus: text("pc_apptstatus"),
    eventDate: text("pc_eventDate"),
    startTime,
    endTime: site.profile.hasEndTime ? later(startTime, duration) : "00:00:00",
    facility: Number(fields["pc_facility"]),
    billingLocation: Number(fields["pc_billing_location"]),
    informant: user.id,
    createdAt: now(site),
  });
  return json(200, { id });
}

/** Deletes by number alone, through any patient, before 8.3. */
export function removeAppointment(request: ApiRequest): Answer {
  const { site, parameter } = request;
  const row = site.chart.appointments.one(Number.parseInt(parameter("eid"), 10) || 0);
  if (site.profile.strangersRecord && isStrangers(request, row)) return site.profile.strangersRecord;
  site.chart.appointments.remove(Number.parseInt(parameter("eid"), 10) || 0);
  return json(200, { message: "record deleted" });
}

function isStrangers({ parameter }: ApiRequest, row: AppointmentRow | undefined): boolean {
  return String(row?.pid) !== parameter("pid");
}

function faultsOf({ chart }: Site, fields: Record<string, unknown>, pid: string): Faults {
  const faults = findFaults(fields, {
    required: {
      pc_catid: numeric,
      pc_title: between(2, 150),
      pc_duration: numeric,
      pc_hometext: anything,
      pc_apptstatus: anything,
      pc_eventDate: date,
      pc_startTime: exactly(5),
      pc_facility: numeric,
      pc_billing_location: numeric,
    },
    optional: { pc_aid: numeric },
  });
  if (!/^\d+$/u.test(pid) || !chart.patients.one(Number(pid)))
    faults["pid"] = { pid: "pid must be for a valid patient" };
  if (isGiven(fields["pc_aid"]) && !chart.users.one(Number(fields["pc_aid"]))) {
    faults["pc_aid"] = { ...faults["pc_aid"], pc_aid: "pc_aid must be for a valid user" };
  }
  return faults;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** A time PHP cannot read becomes the start of 1970 in the clinic's zone: 19:00 in New York. */
function storedTime({ timeZone }: Site, typed: string): string {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(typed) ? `${typed}:00` : wallClock(timeZone, 0).slice(11);
}

/** The time some seconds later, on a clock that starts again at midnight. */
export function later(time: string, seconds: number): string {
  const [hours = 0, minutes = 0, rest = 0] = time.split(":").map(Number);
  const daySeconds = 86_400;
  const total = (((hours * 3600 + minutes * 60 + rest + seconds) % daySeconds) + daySeconds) % daySeconds;
  return new Date(total * 1000).toISOString().slice(11, 19);
}

/** The order in which the database joins: provider, then patient, rows without one last. */
export function calendarOrder(rows: readonly AppointmentRow[]): AppointmentRow[] {
  const place = (id: number | null): number => id ?? Number.MAX_SAFE_INTEGER;
  return rows.toSorted(
    (one, other) => place(one.aid) - place(other.aid) || place(one.pid) - place(other.pid) || one.id - other.id,
  );
}
