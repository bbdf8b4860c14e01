/** Which visit OpenEMR's page of a patient opened in this session. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { z } from "zod";
import type { BffContext, Principal } from "#bff/context.ts";
import { begunVisit, joinStatement, visitWithoutEncounter } from "#bff/openemr/launched-visit.ts";
import type { PageOpened } from "#bff/openemr/launched-visit.ts";
import type { Statement } from "#bff/store/store.ts";
import { dateIn, timeIn } from "#model/clock.ts";
import { AppointmentId, PatientId, type VisitId } from "#model/id.ts";
import { problem, toProblem } from "#model/problem.ts";
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
  .object({
    patient_id: PatientId,
    encounter_uuid: z.guid().nullable(),
    appointment_uuid: z.guid().nullable(),
  })
  .transform((row) => ({
    patientId: row.patient_id,
    encounterId: row.encounter_uuid,
    appointmentUuid: row.appointment_uuid,
  }));
type LaunchRow = z.output<typeof LaunchRow>;

async function launched(parts: LaunchParts, request: FastifyRequest): Promise<LaunchView> {
  const principal = await parts.auth.require(request, ["clinician"]);
  const { patientId, encounterId, appointmentUuid } = await readLaunch(parts, principal);
  const access = { token: await principal.accessToken() };
  const { patient, pid } = await parts.openemr.patients.get(access, patientId);
  const appointment = await appointmentOfToday(parts, access, {
    pid,
    clinicianId: principal.user.id,
    uuid: appointmentUuid,
  });
  const appointmentId = appointment?.eid == null ? null : AppointmentId.parse(appointment.eid);
  const page = { clinicianId: principal.user.id, patientId, encounterId, appointmentId };
  const { visitId, joined } = await visitOf(parts, access, page);
  const event = { action: "R", object: "launch", patient: patientId } as const;
  const join = { action: "U", object: `visit:${String(visitId)}:encounter`, patient: patientId } as const;
  const audit = [event, ...(joined.length > 0 ? [join] : [])].map((one) => parts.audit.entry(principal, request, one));
  await parts.store.transact({ statements: joined, audit });
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
  const sql = "SELECT * FROM launches WHERE session_hash = ? AND patient_id IS NOT NULL";
  const [row] = await store.query(sql, [sessionHash]);
  if (row === undefined) throw problem("not_found", { field: "launch" });
  return LaunchRow.parse(row);
}

/** The one that the page was about; else the clinician's own before another's, and of several the one nearest to now. */
async function appointmentOfToday(
  { openemr, clock, config }: LaunchParts,
  access: Access,
  { pid, clinicianId, uuid }: { pid: string; clinicianId: string; uuid: string | null },
): Promise<CalendarRow | undefined> {
  const today = dateIn(config.CLINIC_TIME_ZONE, clock.now());
  const minute = minuteOf(timeIn(config.CLINIC_TIME_ZONE, clock.now())) ?? 0;
  const rows = (await openemr.appointments.ofPatient(access, pid))
    .map(listCalendarRow)
    .filter((row) => row.date === today && !row.free);
  const distance = ({ from }: CalendarRow): number => Math.abs(from - minute);
  const nearest = rows.toSorted((one, other) => distance(one) - distance(other));
  const named = rows.find((row) => uuid !== null && row.uuid === uuid);
  return named ?? nearest.find((row) => row.clinicianId === clinicianId) ?? nearest[0];
}

/**
 * The visit, and what is kept with it. An encounter of another day is never joined: whoever looks at an old page does not mean
 * the visit of today. An account that may not read encounters joins none.
 */
async function visitOf(parts: LaunchParts, access: Access, page: PageOpened): Promise<Found> {
  const { store, openemr, clock, config } = parts;
  const begun = await begunVisit(store, page);
  const { patientId, encounterId } = page;
  if (begun !== undefined || encounterId === null) return { visitId: begun ?? null, joined: [] };
  const day = { today: dateIn(config.CLINIC_TIME_ZONE, clock.now()), timeZone: config.CLINIC_TIME_ZONE };
  const visitId = await visitWithoutEncounter(store, page, day);
  if (visitId === undefined) return { visitId: null, joined: [] };
  const date = await openemr.notes.dateOfEncounter(access, { patientId, uuid: encounterId }).catch(unlessRefused);
  if (date !== day.today) return { visitId: null, joined: [] };
  return { visitId, joined: [joinStatement(visitId, encounterId)] };
}

type Found = { visitId: VisitId | null; joined: Statement[] };

function unlessRefused(thrown: unknown): undefined {
  const { code } = toProblem(thrown);
  if (code !== "openemr_role_missing" && code !== "openemr_scope_missing") throw thrown;
}
