/**
 * OpenEMR's numeric user ids. Tokens carry only the uuid, and physicians may not list users; but every appointment row
 * shows both, so the number is learned from rows as they pass and kept.
 */
import type { Statement, Store } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import type { UserId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { Access } from "#openemr/call.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import type { AppointmentRow } from "#protocol/openemr.ts";

export type Provider = { providerId: string; facilityId: string | null };

export type ProviderIds = {
  /** From settings, the store, the rows given, at last the clinic's whole list. Throws `not_found`. */
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
    await parts.store.transact({ statements: [providerStatement(clinicianId, provider, parts.clock.now())] });
    return provider;
  };

  const known: ProviderIds["known"] = async (clinicianId, rows) => {
    const configured = parts.configured[clinicianId];
    if (configured !== undefined) return { providerId: configured, facilityId: null };
    return (await findProvider(parts.store, clinicianId)) ?? learn(clinicianId, rows);
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

/** Remembers a clinician's number and facility. */
export function providerStatement(clinicianId: string, provider: Provider, now: number): Statement {
  return {
    sql: `INSERT INTO provider_ids (user_id, provider_id, facility_id, seen_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (user_id) DO UPDATE SET provider_id = excluded.provider_id, facility_id = excluded.facility_id,
        seen_at = excluded.seen_at`,
    params: [clinicianId, provider.providerId, provider.facilityId, now],
  };
}

function providerIn(clinicianId: UserId, rows: readonly AppointmentRow[]): Provider | undefined {
  const row = rows.findLast((row) => row.pce_aid_uuid === clinicianId && row.pc_aid !== null);
  return row?.pc_aid ? { providerId: row.pc_aid, facilityId: row.pc_facility } : undefined;
}

async function findProvider(store: Store, clinicianId: UserId): Promise<Provider | undefined> {
  const [row] = await store.query("SELECT provider_id, facility_id FROM provider_ids WHERE user_id = ?", [clinicianId]);
  if (row === undefined) return undefined;
  const facilityId = row["facility_id"];
  return { providerId: String(row["provider_id"]), facilityId: typeof facilityId === "string" ? facilityId : null };
}
