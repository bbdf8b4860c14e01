/** Which visit OpenEMR's page of a patient opened in this session. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { z } from "zod";
import type { BffContext, Principal } from "#bff/context.ts";
import { dateIn, timeIn } from "#model/clock.ts";
import { AppointmentId, PatientId, VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import { listCalendarRow, type CalendarRow } from "#openemr/calendar.ts";
import type { Access } from "#openemr/call.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import { minuteOf, timeOf } from "#openemr/wall-clock.ts";
import type { LaunchView } from "#protocol/bff-launch.ts";

export type LaunchParts = BffContext & { openemr: OpenEmr };

/** Role: clinician. */
export function launchRoutes(parts: LaunchParts): FastifyPluginAsync {
  return async (app) => {
    app.get("/api/launch", (request) => launched(parts, request));
  };
}

const LaunchRow = z
  .object({ patient_id: PatientId, encounter_uuid: z.guid().nullable() })
  .transform((row) => ({ patientId: row.patient_id, encounterId: row.encounter_uuid }));
type LaunchRow = z.output<typeof LaunchRow>;

async function launched(parts: LaunchParts, request: FastifyRequest): Promise<LaunchView> {
  const principal = await parts.auth.require(request, ["clinician"]);
  const { patientId, encounterId } = await readLaunch(parts, principal);
  const access = { token: await principal.accessToken() };
  const { patient, pid } = await parts.openemr.patients.get(access, patientId);
  const appointment = await appointmentOfToday(parts, access, { pid, clinicianId: principal.user.id });
  const appointmentId = appointment?.eid == null ? null : AppointmentId.parse(appointment.eid);
  const visitId = await begunVisit(parts, principal, { encounterId, appointmentId });
  const event = { action: "R", object: "launch", patient: patientId } as const;
  await parts.store.transact({ statements: [], audit: [parts.audit.entry(principal, request, event)] });
  return {
    patient,
    appointmentId,
    reason: appointment?.row?.pc_title ?? "",
    startTime: appointment === undefined ? null : timeOf(appointment.from),
    encounterId,
    visitId,
  };
}

async function readLaunch({ store }: LaunchParts, { sessionHash }: Principal): Promise<LaunchRow> {
  const sql = "SELECT patient_id, encounter_uuid FROM launches WHERE session_hash = ? AND patient_id IS NOT NULL";
  const [row] = await store.query(sql, [sessionHash]);
  if (row === undefined) throw problem("not_found", { field: "launch" });
  return LaunchRow.parse(row);
}

/** The clinician's own goes before another's; of several the one nearest to now. */
async function appointmentOfToday(
  { openemr, clock, config }: LaunchParts,
  access: Access,
  { pid, clinicianId }: { pid: string; clinicianId: string },
): Promise<CalendarRow | undefined> {
  const today = dateIn(config.CLINIC_TIME_ZONE, clock.now());
  const minute = minuteOf(timeIn(config.CLINIC_TIME_ZONE, clock.now())) ?? 0;
  const rows = (await openemr.appointments.ofPatient(access, pid))
    .map(listCalendarRow)
    .filter((row) => row.date === today && !row.free);
  const distance = ({ from }: CalendarRow): number => Math.abs(from - minute);
  const nearest = rows.toSorted((one, other) => distance(one) - distance(other));
  return nearest.find((row) => row.clinicianId === clinicianId) ?? nearest[0];
}

type Place = Pick<LaunchView, "encounterId" | "appointmentId">;

/** By encounter when OpenEMR named one: another visit of the same appointment may be in another encounter. */
async function begunVisit(
  { store }: LaunchParts,
  { user }: Principal,
  { encounterId, appointmentId }: Place,
): Promise<VisitId | null> {
  const [where, values] =
    encounterId === null
      ? ["v.appointment_id = ?", [appointmentId]]
      : ["(v.launched_encounter = ? OR f.encounter_uuid = ?)", [encounterId, encounterId]];
  const [row] = await store.query(
    `SELECT v.id FROM visits v LEFT JOIN filings f ON f.visit_id = v.id WHERE v.clinician_id = ? AND ${where}
      AND v.state NOT IN ('declined', 'discarded', 'withdrawn') ORDER BY v.started_at DESC LIMIT 1`,
    [user.id, ...values],
  );
  return row === undefined ? null : VisitId.parse(row["id"]);
}
