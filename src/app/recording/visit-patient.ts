import type { VisitId } from "#model/id.ts";
import type { BannerPatient } from "#app/clinical/patient-banner.tsx";
import { useHeld, useVisit } from "#app/queries.ts";

/** Who the visit is about: from the clinic server, or, without it, from this device's own journal. */
export function useVisitPatient(id: VisitId): BannerPatient | undefined {
  const { data: visit } = useVisit(id);
  const { data: held = [] } = useHeld();
  if (visit !== undefined) return visit.patient;
  const kept = held.find((candidate) => candidate.visitId === id);
  if (kept === undefined) return undefined;
  return { name: kept.patientName, birthDate: kept.patientBirthDate, recordNumber: kept.recordNumber };
}
