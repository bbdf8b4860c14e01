/** The lines of the worklist: OpenEMR's appointments joined with the visits that were recorded here, walk-ins included. */
import { z } from "zod";
import type { Row, Store } from "#bff/store/store.ts";
import { jsonText } from "#bff/visits/visit-record.ts";
import { addDays } from "#model/calendar-date.ts";
import { timeIn } from "#model/clock.ts";
import { AppointmentId, UserId, VisitId } from "#model/id.ts";
import { Patient } from "#model/patient.ts";
import type { User } from "#model/user.ts";
import { VisitState } from "#model/visit.ts";
import type { WorklistEntry } from "#openemr/worklist.ts";
import { startOfDate } from "#openemr/wall-clock.ts";
import { WorklistRow } from "#protocol/bff.ts";

/** What OpenEMR knows of a line; this is what is kept for when it is down. */
export const AppointmentLine = WorklistRow.omit({ visit: true });
export type AppointmentLine = z.infer<typeof AppointmentLine>;

/** The line of an appointment. Before OpenEMR 8.1 nobody but the user has a name there. */
export function toLine(entry: WorklistEntry, user: User): AppointmentLine {
  const { appointmentId, date, startTime, durationMinutes, reason, patient } = entry;
  const name = entry.clinicianName ?? (entry.clinicianId === user.id ? user.name : "Clinician not named");
  const id = entry.clinicianId === null ? null : UserId.parse(entry.clinicianId);
  return { appointmentId, date, startTime, durationMinutes, reason, patient, clinician: { id, name } };
}

export type DayOfVisits = {
  date: string;
  timeZone: string;
  lines: readonly AppointmentLine[];
  /** Only this clinician's walk-ins; all when undefined. */
  clinicianId?: UserId;
};

/** The lines with their visits, and a line for each visit of the day that belongs to no appointment; in order of time. */
export async function withVisits(store: Store, day: DayOfVisits): Promise<WorklistRow[]> {
  const unplaced = await visitsOf(store, day);
  const rows = day.lines.map((line): WorklistRow => ({ ...line, visit: null }));
  const place = (row: WorklistRow, belongs: (visit: DayVisit) => boolean): void => {
    const found = unplaced.filter(belongs);
    // Of several tries the newest counts, and one that was thrown away only if there is no other.
    const chosen = found.find((visit) => !isThrownAway(visit)) ?? found[0];
    if (!chosen || row.visit) return;
    row.visit = viewOf(chosen);
    for (const visit of found) unplaced.splice(unplaced.indexOf(visit), 1);
  };
  for (const row of rows)
    place(row, (visit) => visit.appointmentId !== null && visit.appointmentId === row.appointmentId);
  for (const row of rows) place(row, (visit) => visit.appointmentId === null && isOf(visit, row));
  const walkIns = unplaced.filter((visit) => day.clinicianId === undefined || visit.clinician.id === day.clinicianId);
  return [...rows, ...walkIns.map((visit) => walkIn(visit, day))].sort(byTime);
}

const DayVisitRow = z
  .object({
    id: VisitId,
    clinician_id: UserId,
    clinician_name: z.string(),
    patient_json: jsonText(Patient),
    appointment_id: AppointmentId.nullable(),
    reason: z.string(),
    state: VisitState,
    started_at: z.number(),
    updated_at: z.number(),
  })
  .transform((row) => ({
    id: row.id,
    clinician: { id: row.clinician_id, name: row.clinician_name },
    patient: row.patient_json,
    appointmentId: row.appointment_id,
    reason: row.reason,
    state: row.state,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
  }));
type DayVisit = z.output<typeof DayVisitRow>;

/** Visits begun that day, and those of the day's appointments whenever they were begun; newest first. */
async function visitsOf(store: Store, { date, timeZone, lines }: DayOfVisits): Promise<DayVisit[]> {
  const appointmentIds = lines.flatMap((line) => (line.appointmentId === null ? [] : [line.appointmentId]));
  const places = appointmentIds.map(() => "?").join(", ");
  const rows: Row[] = await store.query(
    `SELECT * FROM visits WHERE (started_at >= ? AND started_at < ?)
      ${places === "" ? "" : `OR appointment_id IN (${places})`} ORDER BY started_at DESC, id`,
    [startOfDate(date, timeZone), startOfDate(addDays(date, 1), timeZone), ...appointmentIds],
  );
  return rows.map((row) => DayVisitRow.parse(row));
}

function isOf(visit: DayVisit, row: WorklistRow): boolean {
  return visit.patient.id === row.patient.id && visit.clinician.id === row.clinician.id;
}

function isThrownAway({ state }: DayVisit): boolean {
  return state === "discarded" || state === "withdrawn";
}

function viewOf({ id, state, updatedAt }: DayVisit): WorklistRow["visit"] {
  return { id, state, updatedAt: new Date(updatedAt).toISOString() };
}

function walkIn(visit: DayVisit, { date, timeZone }: DayOfVisits): WorklistRow {
  const { appointmentId, reason, patient, clinician } = visit;
  const startTime = timeIn(timeZone, visit.startedAt);
  return { appointmentId, date, startTime, durationMinutes: null, reason, patient, clinician, visit: viewOf(visit) };
}

function byTime(one: WorklistRow, other: WorklistRow): number {
  return one.startTime.localeCompare(other.startTime);
}
