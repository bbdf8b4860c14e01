/** A visit as its row says. */
import { z } from "zod";
import type { Store } from "#bff/store/store.ts";
import { Chunk } from "#model/chunk.ts";
import { Consent } from "#model/consent.ts";
import { AppointmentId, PatientId, UserId, VisitId } from "#model/id.ts";
import { Patient } from "#model/patient.ts";
import { Problem, problem } from "#model/problem.ts";
import { ProcessingStep, VisitState } from "#model/visit.ts";

/** What finish declared, chunk by chunk. */
export const Declared = z.array(Chunk.pick({ sequence: true, sha256: true, durationMs: true }));
export type Declared = z.infer<typeof Declared>;

/** Text of JSON read by a schema. */
export function jsonText<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);
}

const VisitRow = z
  .object({
    id: VisitId,
    clinician_id: UserId,
    clinician_name: z.string(),
    patient_id: PatientId,
    patient_pid: z.string(),
    patient_json: jsonText(Patient),
    appointment_id: AppointmentId.nullable(),
    reason: z.string(),
    consent_json: jsonText(Consent),
    device: z.string(),
    state: VisitState,
    step: ProcessingStep.nullable(),
    problem_json: jsonText(Problem).nullable(),
    started_at: z.number(),
    updated_at: z.number(),
    declared_json: jsonText(Declared).nullable(),
    signed_at: z.number().nullable(),
    service: z.string().nullable(),
    whole_file: z.number().nullable(),
    launched_encounter: z.string().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    clinician: { id: row.clinician_id, name: row.clinician_name },
    patient: row.patient_json,
    patientPid: row.patient_pid,
    appointmentId: row.appointment_id,
    reason: row.reason,
    consent: row.consent_json,
    device: row.device,
    state: row.state,
    step: row.step,
    problem: row.problem_json,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    declared: row.declared_json,
    signedAt: row.signed_at,
    /** The scribe service that has it, by its configured name. */
    service: row.service,
    isWholeFile: row.whole_file === 1,
    /** OpenEMR's encounter (uuid) whose page opened the visit. */
    launchedEncounter: row.launched_encounter,
  }));
export type VisitRecord = z.output<typeof VisitRow>;

/** Times are clock ms. Reads a row of `visits`, with or without more columns. */
export function toVisitRecord(row: unknown): VisitRecord {
  return VisitRow.parse(row);
}

/** Undefined when there is no such visit. */
export async function findVisit(store: Store, visitId: VisitId): Promise<VisitRecord | undefined> {
  const [row] = await store.query("SELECT * FROM visits WHERE id = ?", [visitId]);
  return row === undefined ? undefined : toVisitRecord(row);
}

/** Throws `not_found`. */
export async function readVisit(store: Store, visitId: VisitId): Promise<VisitRecord> {
  const visit = await findVisit(store, visitId);
  if (visit === undefined) throw problem("not_found", { field: "visitId" });
  return visit;
}

/** The states in which chunks are taken. */
export const receivingStates: readonly VisitState[] = [
  "ready",
  "recording",
  "paused",
  "saving",
  "waiting_for_network",
  "recovered",
];

/** The states in which the note can be edited and signed. */
export const reviewStates: readonly VisitState[] = ["draft_ready", "partly_ready", "in_review"];

/** `'a', 'b'` for `state IN (...)`: these words are ours, never input. */
export function sqlList(states: readonly VisitState[]): string {
  return states.map((state) => `'${state}'`).join(", ");
}

/** Clock ms as the wire writes them. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
