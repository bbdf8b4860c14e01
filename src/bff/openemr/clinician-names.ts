/** Clinicians that this server has met: who recorded a visit here, and who is signed in. */
import { z } from "zod";
import type { Store } from "#bff/store/store.ts";
import { UserId } from "#model/id.ts";

export type NamedClinician = { id: UserId; name: string };

const Row = z.object({ id: UserId, name: z.string() });

export async function knownClinicians(store: Store): Promise<NamedClinician[]> {
  const rows = await store.query(
    `SELECT clinician_id AS id, clinician_name AS name FROM visits
      UNION SELECT user_id, user_name FROM sessions WHERE role = 'clinician'`,
  );
  return byName(rows.map((row) => Row.parse(row)));
}

/** Whose name was seen with their number in OpenEMR. */
export async function learnedClinicians(store: Store): Promise<NamedClinician[]> {
  const rows = await store.query("SELECT user_id AS id, name FROM provider_ids WHERE name IS NOT NULL");
  return rows.map((row) => Row.parse(row));
}

/** One line for each clinician, by name; of several names the last counts. */
export function byName(clinicians: readonly NamedClinician[]): NamedClinician[] {
  const byId = new Map(clinicians.map((clinician) => [clinician.id, clinician]));
  return [...byId.values()].sort((one, other) => one.name.localeCompare(other.name));
}
