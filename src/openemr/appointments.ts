/** Single appointments: book, read back, find again, cancel. OpenEMR checks nothing and has no update; we check and re-read. */
import { AppointmentCreated, AppointmentRows } from "#protocol/openemr.ts";
import type { AppointmentRow } from "#protocol/openemr.ts";
import { parse, segment } from "./call.ts";
import type { Access, Call } from "./call.ts";
import { validationProblem } from "./refusal.ts";

export type NewAppointment = {
  /** Numeric patient id (`pid`), not the uuid. */
  pid: string;
  date: string;
  /** `HH:MM`, clinic wall clock. */
  startTime: string;
  durationMinutes: number;
  /** 2 to 150 characters, shown in OpenEMR's calendar. */
  title: string;
  /** Free text of the appointment, never empty. */
  comment: string;
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
  /** The new `eid`. After `timed_out` or `openemr_down` the appointment may exist all the same: look before trying again. */
  book(access: Access, appointment: NewAppointment): Promise<string>;
  /** Undefined when there is no such appointment. */
  one(access: Access, eid: string): Promise<Appointment | undefined>;
  /** Every row of a patient, cancelled ones too; without comments. */
  ofPatient(access: Access, pid: string): Promise<AppointmentRow[]>;
  /** Every row of the clinic. Megabytes in an old clinic: only where nothing else has the answer. */
  all(access: Access): Promise<AppointmentRow[]>;
  /** Deletes. OpenEMR says "deleted" whatever it did, so the caller reads again. */
  cancel(access: Access, appointment: { pid: string; eid: string }): Promise<void>;
};

export function createAppointments(call: Call): Appointments {
  return {
    async book(access, appointment) {
      const path = `/api/patient/${segment(appointment.pid)}/appointment`;
      const { json } = await call(access, { method: "POST", path, body: toBody(appointment) });
      const created = AppointmentCreated.safeParse(json);
      if (!created.success) throw validationProblem(json);
      return String(created.data.id);
    },
    async one(access, eid) {
      const { json } = await call(access, { method: "GET", path: `/api/appointment/${segment(eid)}` });
      const [row] = parse(AppointmentRows, json ?? []);
      return row === undefined ? undefined : toAppointment(row);
    },
    async ofPatient(access, pid) {
      const { json } = await call(access, { method: "GET", path: `/api/patient/${segment(pid)}/appointment` });
      return parse(AppointmentRows, json ?? []);
    },
    async all(access) {
      const { json } = await call(access, { method: "GET", path: "/api/appointment" });
      return parse(AppointmentRows, json ?? []);
    },
    async cancel(access, { pid, eid }) {
      await call(access, { method: "DELETE", path: `/api/patient/${segment(pid)}/appointment/${segment(eid)}` });
    },
  };
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
