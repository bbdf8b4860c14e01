/**
 * OpenEMR's numeric user ids. Tokens carry only the uuid, and physicians may not list users; but every appointment row
 * shows both, so the number is learned from rows as they pass and kept. What an administrator typed goes before it.
 */
import type { Store } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import type { UserId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { Access } from "#openemr/call.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import type { AppointmentRow } from "#protocol/openemr.ts";
import { providerStatementsOf, type Provider } from "./provider-rows.ts";

export type ProviderIds = {
  /** As typed by an administrator, from settings, the store, the rows given, at last the clinic's whole list. Throws `not_found`. */
  of(access: Access, clinicianId: UserId, rows: readonly AppointmentRow[]): Promise<Provider>;
  /** The same without asking OpenEMR for more: undefined when it is not known. */
  known(clinicianId: UserId, rows: readonly AppointmentRow[]): Promise<Provider | undefined>;
};

type Parts = {
  store: Store;
  clock: Clock;
  openemr: Pick<OpenEmr, "appointments">;
  configured: Record<string, string>;
};

export function createProviderIds(parts: Parts): ProviderIds {
  const learn = async (clinicianId: UserId, rows: readonly AppointmentRow[]): Promise<Provider | undefined> => {
    const provider = providerIn(clinicianId, rows);
    if (provider === undefined) return undefined;
    const ofClinician = rows.filter((row) => row.pce_aid_uuid === clinicianId);
    await parts.store.transact({ statements: providerStatementsOf(ofClinician, parts.clock.now()) });
    return provider;
  };

  const known: ProviderIds["known"] = async (clinicianId, rows) => {
    const typed = await findProvider(parts.store, "typed_provider_ids", clinicianId);
    if (typed !== undefined) return typed;
    const configured = parts.configured[clinicianId];
    if (configured !== undefined) return { providerId: configured, facilityId: null };
    return (await findProvider(parts.store, "provider_ids", clinicianId)) ?? learn(clinicianId, rows);
  };

  return {
    known,
    async of(access, clinicianId, rows) {
      const provider =
        (await known(clinicianId, rows)) ?? (await learn(clinicianId, await parts.openemr.appointments.all(access)));
      if (provider === undefined) throw problem("not_found", { field: "clinician", detail: "no numeric provider id" });
      return provider;
    },
  };
}

function providerIn(clinicianId: UserId, rows: readonly AppointmentRow[]): Provider | undefined {
  const row = rows.findLast((row) => row.pce_aid_uuid === clinicianId && row.pc_aid !== null);
  return row?.pc_aid ? { providerId: row.pc_aid, facilityId: row.pc_facility } : undefined;
}

async function findProvider(store: Store, table: Table, clinicianId: UserId): Promise<Provider | undefined> {
  const [row] = await store.query(`SELECT provider_id, facility_id FROM ${table} WHERE user_id = ?`, [clinicianId]);
  if (row === undefined) return undefined;
  const facilityId = row["facility_id"];
  return { providerId: String(row["provider_id"]), facilityId: typeof facilityId === "string" ? facilityId : null };
}

type Table = "provider_ids" | "typed_provider_ids";
