/**
 * Opened from OpenEMR's page of a patient (SMART launch; facts/openemr.md 2.8). In: the `iss` and `launch` that the page gave the
 * browser. Out: what to send along to OpenEMR's sign-in, and once that is done, whose page it was. A launch works once: the
 * table remembers it by its hash.
 */
import type { Config } from "#bff/config.ts";
import type { Statement, Store } from "#bff/store/store.ts";
import { insertRow } from "#bff/visits/insert-row.ts";
import { problem } from "#model/problem.ts";
import type { LaunchAsked } from "#protocol/bff-launch.ts";
import { hashOf } from "./cookies.ts";
import type { LaunchContext } from "./launch-context.ts";

/** A launch that may begin: `aud` is the server whose page it was, as OpenEMR wants to read it again. */
export type Launch = { hash: string; aud: string };

const keptMs = 30 * 24 * 60 * 60_000;

/** `{OPENEMR_URL}/apis/{site}/fhir`: what OpenEMR calls itself in `iss`. */
export function fhirAddressOf(config: Pick<Config, "OPENEMR_URL" | "OPENEMR_SITE">): string {
  return `${config.OPENEMR_URL.replace(/\/+$/u, "")}/apis/${config.OPENEMR_SITE}/fhir`;
}

/** Throws `launch_refused` for any OpenEMR but this clinic's, and `launch_used`. */
export async function checkLaunch(
  { store, config }: { store: Store; config: Config },
  { iss, launch }: LaunchAsked,
): Promise<Launch> {
  const aud = fhirAddressOf(config);
  if (iss.replace(/\/+$/u, "") !== aud) throw problem("launch_refused", { field: "iss" });
  const hash = hashOf(launch);
  const used = await store.query("SELECT 1 FROM launches WHERE launch_hash = ?", [hash]);
  if (used.length > 0) throw problem("launch_used");
  return { hash, aud };
}

export type UsedLaunch = { hash: string; sessionHash: string; context: LaunchContext["launched"]; now: number };

/** The launch belongs to this session from now on; a guard fails when another sign-in was quicker. */
export function useLaunchStatements({ hash, sessionHash, context, now }: UsedLaunch): Statement[] {
  const { patientId, encounterUuid, appointmentUuid } = context;
  const row = {
    launch_hash: hash,
    session_hash: sessionHash,
    patient_id: patientId,
    encounter_uuid: patientId === null ? null : encounterUuid,
    appointment_uuid: patientId === null ? null : appointmentUuid,
    used_at: now,
  };
  return [
    { sql: "DELETE FROM launches WHERE used_at <= ?", params: [now - keptMs] },
    { ...insertRow("launches", row, "launch_hash"), expectRows: 1 },
  ];
}
