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
import { learnedProvider, type Provider, providerStatementsOf, providerUsed, typedProvider } from "./provider-rows.ts";

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
    const used = providerUsed({
      typed: await typedProvider(parts.store, clinicianId),
      setting: parts.configured[clinicianId],
      learned: await learnedProvider(parts.store, clinicianId),
    });
    if (used === undefined) return learn(clinicianId, rows);
    return { providerId: used.providerId, facilityId: used.facilityId };
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
