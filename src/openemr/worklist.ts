/**
 * The appointments of a day with everything a line of the worklist shows. The day comes from the calendar; name and record
 * number are joined per patient, and titles and appointment numbers too where the calendar came without them.
 */
import type { AppointmentRow } from "#protocol/openemr.ts";
import type { Clock } from "#model/clock.ts";
import { AppointmentId, PatientId } from "#model/id.ts";
import type { Patient } from "#model/patient.ts";
import type { Appointments } from "./appointments.ts";
import { listCalendarRow } from "./calendar.ts";
import type { Calendar, CalendarRow } from "./calendar.ts";
import { forEachOf } from "./call.ts";
import type { Access } from "./call.ts";
import type { ChartPatient, Patients } from "./patients.ts";
import { timeOf } from "./wall-clock.ts";

export type WorklistEntry = {
  appointmentId: AppointmentId | null;
  date: string;
  startTime: string;
  durationMinutes: number | null;
  reason: string;
  patient: Patient;
  pid: string;
  clinicianId: string | null;
  /** Null where this version of OpenEMR does not tell it (before 8.1). */
  clinicianName: string | null;
  providerId: string | null;
  facilityId: string | null;
};

export type WorklistReader = {
  /** The patients' appointments of a date in order of time, without cancelled ones; of one clinician when asked so. */
  ofDay(access: Access, day: { date: string; clinicianId?: string }): Promise<WorklistEntry[]>;
  /** Everything in the calendar of these dates: patients' appointments, and the rows that are no patient's (`blocks`). */
  ofDays(access: Access, dates: readonly string[]): Promise<{ appointments: WorklistEntry[]; blocks: CalendarRow[] }>;
};

type Parts = { calendar: Calendar; patients: Patients; appointments: Appointments; clock: Clock };
type Banners = { of(access: Access, id: PatientId): Promise<ChartPatient> };

export function createWorklist(parts: Parts): WorklistReader {
  const banners = createBanners(parts);
  const entriesOf = async (access: Access, rows: readonly CalendarRow[]): Promise<WorklistEntry[]> => {
    const byPatient = Map.groupBy(rows, (row) => row.patientId ?? "");
    const entries = await forEachOf([...byPatient], async ([id, ofPatient]) => {
      const { patient, pid } = await banners.of(access, PatientId.parse(id));
      const isComplete = ofPatient.every((calendarRow) => calendarRow.row !== null);
      const standard = isComplete ? [] : await parts.appointments.ofPatient(access, pid);
      return ofPatient.map((calendarRow) => entryOf(calendarRow, { patient, pid }, standard));
    });
    return entries.flat().sort((one, other) => keyOf(one).localeCompare(keyOf(other)));
  };
  return {
    async ofDay(access, day) {
      const rows = (await parts.calendar.withColumns(access, [day.date]))
        .filter((row) => row.patientId !== null && !row.free)
        .filter((row) => day.clinicianId === undefined || row.clinicianId === day.clinicianId);
      return entriesOf(access, rows);
    },
    async ofDays(access, dates) {
      const rows = (await parts.calendar.withColumns(access, dates)).filter((row) => !row.free);
      const appointments = await entriesOf(
        access,
        rows.filter((row) => row.patientId !== null),
      );
      return { appointments, blocks: rows.filter((row) => row.patientId === null) };
    },
  };
}

function keyOf({ date, startTime }: WorklistEntry): string {
  return `${date} ${startTime}`;
}

const bannerLifeMs = 15 * 60_000;

/** Patients as read in the last quarter of an hour: a list that is refreshed every minute asks once for each of them. */
function createBanners({ patients, clock }: Parts): Banners {
  const known = new Map<PatientId, { readAt: number; found: ChartPatient }>();
  return {
    async of(access, id) {
      const entry = known.get(id);
      if (entry !== undefined && clock.now() - entry.readAt < bannerLifeMs) return entry.found;
      const found = await patients.get(access, id);
      if (known.size >= 2000) known.clear();
      known.set(id, { readAt: clock.now(), found });
      return found;
    },
  };
}

function entryOf(calendarRow: CalendarRow, found: ChartPatient, standard: readonly AppointmentRow[]): WorklistEntry {
  return {
    date: calendarRow.date,
    startTime: timeOf(calendarRow.from),
    durationMinutes: calendarRow.to > calendarRow.from ? calendarRow.to - calendarRow.from : null,
    patient: found.patient,
    pid: found.pid,
    clinicianId: calendarRow.clinicianId,
    ...columnsOf(calendarRow.row ?? sameAppointment(calendarRow, standard)),
  };
}

type Columns = Pick<WorklistEntry, "appointmentId" | "reason" | "clinicianName" | "providerId" | "facilityId">;

function columnsOf(row: AppointmentRow | undefined): Columns {
  if (row === undefined) {
    return { appointmentId: null, reason: "", clinicianName: null, providerId: null, facilityId: null };
  }
  return {
    appointmentId: AppointmentId.parse(row.pc_eid),
    reason: row.pc_title ?? "",
    clinicianName: clinicianNameOf(row),
    providerId: row.pc_aid,
    facilityId: row.pc_facility,
  };
}

/** By uuid, or, where this version shows none, by day, time and clinician. */
function sameAppointment(wanted: CalendarRow, standard: readonly AppointmentRow[]): AppointmentRow | undefined {
  return standard.find((row) => {
    if (row.pc_uuid !== null) return row.pc_uuid === wanted.uuid;
    const other = listCalendarRow(row);
    return other.date === wanted.date && other.from === wanted.from && other.clinicianId === wanted.clinicianId;
  });
}

function clinicianNameOf(row: AppointmentRow): string | null {
  const name = [row.pce_aid_fname, row.pce_aid_lname].filter((part) => part !== null).join(" ");
  return name === "" ? null : name;
}
