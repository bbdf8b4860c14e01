/**
 * What a token answer says of the page that opened us (SMART App Launch 2, "Launch context arrives with your access_token"). In: the
 * answer. Out: OpenEMR's uuids; null where it does not say, and for anything that is none.
 */
import { z } from "zod";

const Uuid = z.guid();
const ContextId = Uuid.nullish()
  .catch(null)
  .transform((id) => id ?? null);

/** An item is an object since SMART 2; OpenEMR writes the reference alone (facts/openemr.md 2.8). */
const ContextItem = z.union([
  z.string().transform((reference) => ({ reference })),
  z.object({ reference: z.string(), role: z.literal("launch").optional() }),
]);

const FhirContext = z.array(z.unknown()).nullish().catch(null);

/** `encounter` goes before an Encounter in `fhirContext`. */
export const LaunchContext = z
  .object({ patient: ContextId, encounter: ContextId, fhirContext: FhirContext })
  .transform(({ patient, encounter, fhirContext }) => ({
    launched: {
      patientId: patient,
      encounterUuid: encounter ?? referenced("Encounter", fhirContext ?? []),
      appointmentUuid: referenced("Appointment", fhirContext ?? []),
    },
  }));
export type LaunchContext = z.output<typeof LaunchContext>;

/** The first of this kind. What has a role other than `launch` is there for another reason than being on the screen. */
function referenced(type: string, items: readonly unknown[]): string | null {
  for (const item of items) {
    const parsed = ContextItem.safeParse(item);
    if (!parsed.success) continue;
    const [kind, id, ...rest] = parsed.data.reference.split("/");
    if (kind === type && rest.length === 0 && Uuid.safeParse(id).success) return id ?? null;
  }
  return null;
}
