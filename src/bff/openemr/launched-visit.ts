/**
 * Which visit of this clinician OpenEMR's page is about, when it was begun before. In: patient, encounter and appointment of the page.
 * Out: the visit, and what is to be kept so that its note goes into the encounter that is open.
 */
import type { Statement, Store } from "#bff/store/store.ts";
import { addDays } from "#model/calendar-date.ts";
import { type UserId, VisitId } from "#model/id.ts";
import { startOfDate } from "#openemr/wall-clock.ts";

export type PageOpened = {
  clinicianId: UserId;
  patientId: string;
  encounterId: string | null;
  appointmentId: string | null;
};

const stands = "v.clinician_id = ? AND v.state NOT IN ('declined', 'discarded', 'withdrawn')";

/** By encounter when OpenEMR named one: another visit of the same appointment may be in another encounter. */
export async function begunVisit(store: Store, page: PageOpened): Promise<VisitId | undefined> {
  const { clinicianId, encounterId, appointmentId } = page;
  const [where, values] =
    encounterId === null
      ? ["v.appointment_id = ?", [appointmentId]]
      : ["? IN (v.launched_encounter, v.joined_encounter, f.encounter_uuid)", [encounterId]];
  const [row] = await store.query(
    `SELECT v.id FROM visits v LEFT JOIN filings f ON f.visit_id = v.id WHERE ${stands} AND ${where}
      ORDER BY v.started_at DESC LIMIT 1`,
    [clinicianId, ...values],
  );
  return row && VisitId.parse(row["id"]);
}

/**
 * A visit of today with this patient that was begun from the worklist and is in no encounter yet. One of another appointment is
 * another visit; that of the page's appointment goes before one of none.
 */
export async function visitWithoutEncounter(
  store: Store,
  { clinicianId, patientId, appointmentId }: PageOpened,
  { today, timeZone }: { today: string; timeZone: string },
): Promise<VisitId | undefined> {
  const [row] = await store.query(
    `SELECT v.id FROM visits v LEFT JOIN filings f ON f.visit_id = v.id WHERE ${stands} AND v.patient_id = ?
      AND v.started_at >= ? AND v.started_at < ? AND v.launched_encounter IS NULL AND v.joined_encounter IS NULL
      AND f.encounter_id IS NULL AND (v.appointment_id IS NULL OR v.appointment_id = ?)
      ORDER BY v.appointment_id IS NULL, v.started_at DESC LIMIT 1`,
    [clinicianId, patientId, startOfDate(today, timeZone), startOfDate(addDays(today, 1), timeZone), appointmentId],
  );
  return row && VisitId.parse(row["id"]);
}

/** From now on its note goes there. A guard fails when it went into another one meanwhile. */
export function joinStatement(visitId: VisitId, encounterId: string): Statement {
  return {
    sql: `UPDATE visits SET joined_encounter = ? WHERE id = ? AND joined_encounter IS NULL
      AND NOT EXISTS (SELECT 1 FROM filings f WHERE f.visit_id = visits.id AND f.encounter_id IS NOT NULL)`,
    params: [encounterId, visitId],
    expectRows: 1,
  };
}
