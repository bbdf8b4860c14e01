/** What is kept of OpenEMR's numbers: learned from its answers, or typed by an administrator. */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import { insertRow } from "#bff/visits/insert-row.ts";
import { UserId } from "#model/id.ts";
import type { ProviderView } from "#protocol/bff-providers.ts";
import type { AppointmentRow } from "#protocol/openemr.ts";

export type Provider = { providerId: string; facilityId: string | null };

/** Where a number was seen: in an appointment of this date, or in OpenEMR's list of practitioners. */
export type Seen = { now: number; name: string | null; appointmentDate: string | null };

const source = z.enum(["appointment", "list"]);

/**
 * Remembers a clinician's number and facility. The list of practitioners knows no facility, and changes nothing but a number that
 * is another one.
 */
export function providerStatement(clinicianId: string, provider: Provider, seen: Seen): Statement {
  const { providerId, facilityId } = provider;
  return {
    sql: `INSERT INTO provider_ids (user_id, provider_id, facility_id, seen_at, source, appointment_date, name)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET provider_id = excluded.provider_id,
        facility_id = COALESCE(excluded.facility_id, provider_ids.facility_id), seen_at = excluded.seen_at,
        source = excluded.source, appointment_date = excluded.appointment_date, name = COALESCE(excluded.name, provider_ids.name)
      WHERE excluded.source = 'appointment' OR excluded.provider_id <> provider_ids.provider_id OR provider_ids.name IS NULL`,
    params: [
      clinicianId,
      providerId,
      facilityId,
      seen.now,
      seen.appointmentDate === null ? "list" : "appointment",
      seen.appointmentDate,
      seen.name,
    ],
  };
}

/** Of each clinician in these rows the newest that has a number. */
export function providerStatementsOf(rows: readonly AppointmentRow[], now: number): Statement[] {
  const newest = new Map<string, AppointmentRow>();
  for (const row of rows.toSorted((one, other) => one.pc_eventDate.localeCompare(other.pc_eventDate))) {
    if (row.pce_aid_uuid !== null && row.pc_aid !== null) newest.set(row.pce_aid_uuid, row);
  }
  return [...newest].map(([clinicianId, row]) => {
    const provider = { providerId: row.pc_aid ?? "", facilityId: row.pc_facility };
    return providerStatement(clinicianId, provider, { now, name: nameIn(row), appointmentDate: row.pc_eventDate });
  });
}

/** Since OpenEMR 8.1. */
function nameIn({ pce_aid_fname: first, pce_aid_lname: last }: AppointmentRow): string | null {
  const name = [first, last].filter((part) => part !== null).join(" ");
  return name === "" ? null : name;
}

export type Typed = Provider & { now: number; by: string };

export function typedStatements(clinicianId: UserId, { providerId, facilityId, now, by }: Typed): Statement[] {
  const row = { user_id: clinicianId, provider_id: providerId, facility_id: facilityId, saved_at: now, saved_by: by };
  return [forgetTypedStatement(clinicianId), insertRow("typed_provider_ids", row)];
}

export function forgetTypedStatement(clinicianId: UserId): Statement {
  return { sql: "DELETE FROM typed_provider_ids WHERE user_id = ?", params: [clinicianId] };
}

const ProviderRow = z
  .object({
    user_id: UserId,
    provider_id: z.string(),
    facility_id: z.string().nullable(),
    source,
    appointment_date: z.string().nullable(),
    name: z.string().nullable(),
  })
  .transform((row) => ({
    clinicianId: row.user_id,
    name: row.name,
    source: row.source,
    appointmentDate: row.appointment_date,
    provider: { providerId: row.provider_id, facilityId: row.facility_id },
  }));
export type LearnedProvider = z.output<typeof ProviderRow>;

export async function learnedProviders(store: Store): Promise<LearnedProvider[]> {
  return (await store.query("SELECT * FROM provider_ids")).map((row) => ProviderRow.parse(row));
}

export async function learnedProvider(store: Store, clinicianId: UserId): Promise<LearnedProvider | undefined> {
  const [row] = await store.query("SELECT * FROM provider_ids WHERE user_id = ?", [clinicianId]);
  return row && ProviderRow.parse(row);
}

const TypedRow = z
  .object({ user_id: UserId, provider_id: z.string(), facility_id: z.string().nullable(), saved_at: z.number() })
  .transform((row) => ({
    clinicianId: row.user_id,
    savedAt: row.saved_at,
    provider: { providerId: row.provider_id, facilityId: row.facility_id },
  }));
export type TypedProvider = z.output<typeof TypedRow>;

export async function typedProviders(store: Store): Promise<TypedProvider[]> {
  return (await store.query("SELECT * FROM typed_provider_ids")).map((row) => TypedRow.parse(row));
}

export async function typedProvider(store: Store, clinicianId: UserId): Promise<TypedProvider | undefined> {
  const [row] = await store.query("SELECT * FROM typed_provider_ids WHERE user_id = ?", [clinicianId]);
  return row && TypedRow.parse(row);
}

/** `setting`: the number in the clinic's settings, which know no facility. */
export type ProviderSources = {
  typed: TypedProvider | undefined;
  setting: string | undefined;
  learned: LearnedProvider | undefined;
};

/** What booking and filing go by: what an administrator typed goes before a setting, and that before what was learned. */
export function providerUsed({ typed, setting, learned }: ProviderSources): ProviderUsed | undefined {
  if (typed !== undefined) return { ...typed.provider, from: "typed" };
  if (setting !== undefined) return { providerId: setting, facilityId: null, from: "setting" };
  return learned && { ...learned.provider, from: learned.source };
}

type ProviderUsed = NonNullable<ProviderView["used"]>;
