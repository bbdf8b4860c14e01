/**
 * Single appointments: book, read back, find again, cancel. OpenEMR checks nothing and has no update; we check and re-read.
 * Where the server takes appointments over FHIR, booking and cancelling go that way; reading stays as it is.
 */
import { AppointmentCreated, AppointmentRows } from "#protocol/openemr.ts";
import type { AppointmentRow } from "#protocol/openemr.ts";
import { problem } from "#model/problem.ts";
import type { Abilities } from "./abilities.ts";
import { listCalendarRow } from "./calendar.ts";
import { parse, segment } from "./call.ts";
import type { Access, Call } from "./call.ts";
import type { FhirAppointments } from "./fhir-appointments.ts";
import { validationProblem } from "./refusal.ts";

export type NewAppointment = {
  /** Numeric patient id (`pid`), not the uuid. */
  pid: string;
  /** OpenEMR's uuids of patient and clinician: what FHIR calls them. */
  patientId: string;
  clinicianId: string;
  date: string;
  /** `HH:MM`, clinic wall clock. */
  startTime: string;
  durationMinutes: number;
  /** 2 to 150 characters, shown in OpenEMR's calendar. */
  title: string;
  /** Free text of the appointment, never empty. */
  comment: string;
  /** Kept as an identifier where the server has such a thing. */
  confirmation?: string;
  /**
   * The appointment (`eid`) that this one takes the place of. Over FHIR it is changed and keeps its number; OpenEMR's own API
   * cannot change one, there the caller cancels it.
   */
  replaces?: string;
  /** OpenEMR's number of the clinician; may be empty where appointments are taken over FHIR. */
  providerId: string;
  facilityId: string;
  categoryId: string;
};

/** An appointment as OpenEMR holds it. */
export type Appointment = {
  eid: string;
  uuid: string | null;
  pid: string;
  clinicianId: string | null;
  date: string;
  startTime: string;
  /** Undefined when this version does not show the comment (7.0). */
  comment: string | undefined;
  providerId: string | null;
};

export type Appointments = {
  /**
   * The new `eid`. After `timed_out` or `openemr_down` the appointment may exist all the same: look before trying again.
   * Throws `time_taken` when the server itself looks for clashes and found one.
   */
  book(access: Access, appointment: NewAppointment): Promise<string>;
  /** Undefined when there is no such appointment, or it was cancelled. */
  one(access: Access, eid: string): Promise<Appointment | undefined>;
  /** Every row of a patient, cancelled ones too; without comments. */
  ofPatient(access: Access, pid: string): Promise<AppointmentRow[]>;
  /** Every row of the clinic. Megabytes in an old clinic: only where nothing else has the answer. */
  all(access: Access): Promise<AppointmentRow[]>;
  /** Deletes; over FHIR it is marked as cancelled. OpenEMR says "deleted" whatever it did, so the caller reads again. */
  cancel(access: Access, appointment: { pid: string; eid: string }): Promise<void>;
};

export function createAppointments(
  call: Call,
  fhir: { abilities: Abilities; appointments: FhirAppointments },
): Appointments {
  const ofPatient: Appointments["ofPatient"] = async (access, pid) => {
    const { json } = await call(access, { method: "GET", path: `/api/patient/${segment(pid)}/appointment` });
    return parse(AppointmentRows, json ?? []);
  };
  const one: Appointments["one"] = async (access, eid) => {
    const { json } = await call(access, { method: "GET", path: `/api/appointment/${segment(eid)}` });
    const [row] = parse(AppointmentRows, json ?? []);
    return row === undefined || listCalendarRow(row).free ? undefined : toAppointment(row);
  };
  return {
    one,
    ofPatient,
    async book(access, appointment) {
      if (!(await fhir.abilities.canSchedule(access))) return book(call, access, appointment);
      const { replaces } = appointment;
      const before = replaces === undefined ? undefined : await one(access, replaces);
      if (before?.uuid) {
        await fhir.appointments.move(access, before.uuid, appointment);
        return before.eid;
      }
      const uuid = await fhir.appointments.book(access, appointment);
      const made = (await ofPatient(access, appointment.pid)).find((row) => row.pc_uuid === uuid);
      // It may stand there all the same: whoever asked looks for it.
      if (made === undefined) throw problem("openemr_answer_unreadable", { detail: "the booking is not listed" });
      return made.pc_eid;
    },
    async all(access) {
      const { json } = await call(access, { method: "GET", path: "/api/appointment" });
      return parse(AppointmentRows, json ?? []);
    },
    async cancel(access, { pid, eid }) {
      const uuid = (await fhir.abilities.canSchedule(access)) ? (await one(access, eid))?.uuid : undefined;
      if (uuid) return fhir.appointments.cancel(access, uuid);
      await call(access, { method: "DELETE", path: `/api/patient/${segment(pid)}/appointment/${segment(eid)}` });
    },
  };
}

async function book(call: Call, access: Access, appointment: NewAppointment): Promise<string> {
  // OpenEMR would take it, and nobody would have the appointment.
  if (appointment.providerId === "")
    throw problem("not_found", { field: "clinician", detail: "no numeric provider id" });
  const path = `/api/patient/${segment(appointment.pid)}/appointment`;
  const { json } = await call(access, { method: "POST", path, body: toBody(appointment) });
  const created = AppointmentCreated.safeParse(json);
  if (!created.success) throw validationProblem(json);
  return String(created.data.id);
}

/** OpenEMR takes any date, time, duration or status without a word (facts 15): everything is set here. */
function toBody(appointment: NewAppointment): Record<string, string> {
  return {
    pc_catid: appointment.categoryId,
    pc_title: appointment.title,
    pc_duration: String(appointment.durationMinutes * 60),
    pc_hometext: appointment.comment,
    pc_apptstatus: "-",
    pc_eventDate: appointment.date,
    pc_startTime: appointment.startTime,
    pc_facility: appointment.facilityId,
    pc_billing_location: appointment.facilityId,
    pc_aid: appointment.providerId,
  };
}

function toAppointment(row: AppointmentRow): Appointment {
  return {
    eid: row.pc_eid,
    uuid: row.pc_uuid,
    pid: row.pid ?? "",
    clinicianId: row.pce_aid_uuid,
    date: row.pc_eventDate,
    startTime: (row.pc_startTime ?? "").slice(0, 5),
    comment: row.pc_hometext ?? (row.pc_hometext === null ? "" : undefined),
    providerId: row.pc_aid,
  };
}
