/** Signing in, and opening Chartside from OpenEMR's page of a patient (SMART launch). */
import { z } from "zod";
import { AppointmentId, VisitId } from "#model/id.ts";
import { Patient } from "#model/patient.ts";

/** What OpenEMR's page gives the browser: `/launch?iss=...&launch=...`. */
export const LaunchAsked = z.object({ iss: z.string().min(1).max(2000), launch: z.string().min(1).max(4096) });
export type LaunchAsked = z.infer<typeof LaunchAsked>;

/** `POST /auth/begin`, with a body only when a patient's page opened us. */
export const AuthBeginAsked = z.object({ launch: LaunchAsked.optional() });

/**
 * -> sets the single-use `__Host-login` cookie; says what to ask OpenEMR for. `aud` goes along with a launch. 403
 * `launch_refused` for any OpenEMR but the clinic's, 403 `launch_used` for one that signed somebody in before.
 */
export const AuthBegin = z.object({ nonce: z.string(), scope: z.string(), aud: z.string().optional() });
export type AuthBegin = z.infer<typeof AuthBegin>;

/**
 * `GET /api/launch` (clinician): the patient whose page opened this session, and the visit that it is about. 404 `not_found` when
 * no page did, or OpenEMR did not say whose it was.
 */
export const LaunchView = z.object({
  patient: Patient,
  /** Today's appointment of this patient: this clinician's, else another's. */
  appointmentId: AppointmentId.nullable(),
  reason: z.string(),
  startTime: z.string().nullable(),
  /** OpenEMR's encounter that was open; the note goes there. */
  encounterId: z.guid().nullable(),
  /** This clinician's visit in that encounter, or of that appointment, when it was begun before. */
  visitId: VisitId.nullable(),
});
export type LaunchView = z.infer<typeof LaunchView>;
