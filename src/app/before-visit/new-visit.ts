import type { Consent } from "#model/consent.ts";
import { VisitId } from "#model/id.ts";
import type { VisitCreate } from "#protocol/bff.ts";
import type { NewVisit } from "#app/visit-session.ts";
import type { PlannedVisit } from "./planned-visit.ts";

/** When (clock ms) and on which workstation a visit begins. */
type Beginning = { startedAt: number; device: string };

/** What the clinic server is told about a visit. */
export function toVisitCreate(planned: PlannedVisit, consent: Consent, { startedAt, device }: Beginning): VisitCreate {
  return {
    patientId: planned.patient.id,
    appointmentId: planned.appointmentId,
    reason: planned.reason.slice(0, 200),
    consent,
    startedAt: new Date(startedAt).toISOString(),
    device,
    ...(planned.encounterId !== undefined && { encounterId: planned.encounterId }),
  };
}

/** Whose visit it is, and the longest chunk that its service takes. */
type Owner = { clinicianId: string; maxChunkMs: number };

/** A visit under a fresh id, with what this device keeps to offer it again after a crash. */
export function toNewVisit(planned: PlannedVisit, create: VisitCreate, { clinicianId, maxChunkMs }: Owner): NewVisit {
  const visitId = VisitId.parse(crypto.randomUUID());
  const { patient } = planned;
  return {
    visitId,
    create,
    header: {
      visitId,
      patientName: patient.name,
      patientBirthDate: patient.birthDate,
      recordNumber: patient.recordNumber,
      startedAt: Date.parse(create.startedAt),
      clinicianId,
      maxChunkMs,
    },
  };
}
