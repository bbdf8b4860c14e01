/** OpenEMR's numbers of the clinician and the facility that an appointment is booked with. */
import type { AvailabilityQuestion } from "#openemr/availability.ts";
import type { AppointmentRow } from "#protocol/openemr.ts";
import type { Job } from "./booking-job.ts";
import type { ProviderIds } from "./provider-ids.ts";

type Parts = { providerIds: ProviderIds; facilityId: string };
type Seen = { rows: readonly AppointmentRow[]; question: AvailabilityQuestion };

/** Where the server has slots it takes bookings over FHIR, and there the clinician's uuid is enough. Else throws `not_found`. */
export async function placeOf(
  { providerIds, facilityId }: Parts,
  { access, followUp: { clinician } }: Job,
  { rows, question }: Seen,
): Promise<{ providerId: string; facilityId: string }> {
  const provider = question.slots
    ? await providerIds.known(clinician.id, rows)
    : await providerIds.of(access, clinician.id, rows);
  return { providerId: provider?.providerId ?? "", facilityId: provider?.facilityId ?? facilityId };
}
