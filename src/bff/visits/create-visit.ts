/**
 * Making a visit under the id the browser chose, so that a lost answer can be asked for again. In: who meets whom, and the
 * consent. Out: one row with the patient as OpenEMR knows them now. Everything survives a crash; nothing is kept before the row.
 */
import type { FastifyRequest } from "fastify";
import type { Principal } from "#bff/context.ts";
import { GuardError } from "#bff/store/store.ts";
import { allowsRecording } from "#model/consent.ts";
import type { VisitId } from "#model/id.ts";
import type { Patient } from "#model/patient.ts";
import { problem } from "#model/problem.ts";
import type { VisitCreate } from "#protocol/bff.ts";
import { insertRow } from "./insert-row.ts";
import type { VisitParts } from "./parts.ts";
import { refuseStranger } from "./request-parts.ts";
import type { VisitRecord } from "./visit-record.ts";
import { findVisit } from "./visit-record.ts";

export type NewVisit = { principal: Principal; request: FastifyRequest; visitId: VisitId; asked: VisitCreate };

/** Idempotent: the same request again changes nothing. Throws `conflict` when the id belongs to another request. */
export async function createVisit(parts: VisitParts, created: NewVisit): Promise<void> {
  const existing = await findVisit(parts.store, created.visitId);
  if (existing) return checkSame(parts, created, existing);
  const token = await created.principal.accessToken();
  const known = await parts.openemr.patients.get({ token }, created.asked.patientId);
  try {
    await insert(parts, created, known);
  } catch (thrown) {
    const rival = thrown instanceof GuardError ? await findVisit(parts.store, created.visitId) : undefined;
    if (!rival) throw thrown;
    return checkSame(parts, created, rival);
  }
  await parts.events.visitChanged(created.visitId, created.principal.user.id);
}

async function checkSame(parts: VisitParts, created: NewVisit, visit: VisitRecord): Promise<void> {
  const { principal, request, asked } = created;
  if (visit.clinician.id !== principal.user.id) await refuseStranger(parts, request, { principal, visit });
  if (essence(asked) !== essence(askedFor(visit))) {
    throw problem("conflict", { field: "visitId", detail: "another request made this visit" });
  }
}

/** What must have been asked to make this visit. */
function askedFor({ patient, startedAt, launchedEncounter, ...visit }: VisitRecord): VisitCreate {
  const encounter = launchedEncounter === null ? {} : { encounterId: launchedEncounter };
  return { ...visit, ...encounter, patientId: patient.id, startedAt: isoText(startedAt) };
}

function isoText(ms: number): string {
  return new Date(ms).toISOString();
}

/** What must be equal for two requests to be the same one. */
function essence(asked: VisitCreate): string {
  const { patientId, appointmentId, reason, consent, device, encounterId = null } = asked;
  const { answer, others, textVersion, language, interpreter, askedAt } = consent;
  return JSON.stringify([
    [patientId, appointmentId, reason, Date.parse(asked.startedAt), device, encounterId],
    [answer, others, textVersion, language, interpreter, askedAt],
  ]);
}

async function insert(parts: VisitParts, created: NewVisit, known: { patient: Patient; pid: string }): Promise<void> {
  const { principal, request, visitId, asked } = created;
  const now = parts.clock.now();
  const patient = { ...known.patient, id: asked.patientId };
  const row = insertRow(
    "visits",
    {
      id: visitId,
      clinician_id: principal.user.id,
      clinician_name: principal.user.name,
      patient_id: patient.id,
      patient_pid: known.pid,
      patient_json: JSON.stringify(patient),
      appointment_id: asked.appointmentId,
      launched_encounter: asked.encounterId ?? null,
      reason: asked.reason,
      consent_json: JSON.stringify(asked.consent),
      device: asked.device,
      state: allowsRecording(asked.consent) ? "ready" : "declined",
      started_at: Date.parse(asked.startedAt),
      created_at: now,
      updated_at: now,
    },
    "id",
  );
  const event = { action: "C", object: `visit:${visitId}`, patient: patient.id } as const;
  const audit = [parts.audit.entry(principal, request, event)];
  await parts.store.transact({ statements: [{ ...row, expectRows: 1 }], audit });
}
