/** A new patient, between the browser and the clinic server; the rules of bff.ts hold. */
import { z } from "zod";
import { PatientId } from "#model/id.ts";
import { Patient } from "#model/patient.ts";
import { Problem } from "#model/problem.ts";

/**
 * `POST /api/patients` (clinician, front desk, administrator, as far as OpenEMR lets them) -> `Patient`. 409
 * `possible_duplicate` with `duplicates` beside the problem, until each of them is named in `notTheSameAs`.
 */
export const PatientCreate = z.object({
  firstName: z.string().trim().min(1).max(60),
  lastName: z.string().trim().min(1).max(60),
  birthDate: z.iso.date(),
  sex: z.enum(["Female", "Male", "UNK"]),
  phone: z.string().trim().max(30).default(""),
  notTheSameAs: z.array(PatientId).max(50).default([]),
});

export const PossibleDuplicates = z.object({ problem: Problem, duplicates: z.array(Patient) });
export type PossibleDuplicates = z.infer<typeof PossibleDuplicates>;
