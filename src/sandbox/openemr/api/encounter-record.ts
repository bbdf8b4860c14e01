/** An encounter as the standard API shows it. */
import type { EncounterRow } from "#sandbox/openemr/rows.ts";
import { shown } from "#sandbox/openemr/profiles/shown.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { categories } from "./categories.ts";

/** `_ActEncounterCode`: code to words. */
export const encounterClasses: Record<string, string> = {
  AMB: "ambulatory",
  EMER: "emergency",
  FLD: "field",
  HH: "home health",
  IMP: "inpatient encounter",
  ACUTE: "inpatient acute",
  NONAC: "inpatient non-acute",
  OBSENC: "observation encounter",
  PRENC: "pre-admission",
  SS: "short stay",
  VR: "virtual",
};

export function encounterRecord(site: Site, row: EncounterRow): Record<string, unknown> {
  return shown(site, "encounter", {
    eid: row.encounter,
    euuid: row.uuid,
    date: row.date,
    reason: row.reason,
    onset_date: null,
    sensitivity: row.sensitivity,
    billing_note: null,
    pc_catid: row.catid,
    last_level_billed: 0,
    last_level_closed: 0,
    last_stmt_date: null,
    stmt_count: 0,
    supervisor_id: 0,
    invoice_refno: "",
    referral_source: row.referralSource,
    billing_facility: row.billingFacility ?? 0,
    external_id: row.externalId,
    last_update: row.lastUpdate,
    pos_code: row.posCode,
    class_code: row.classCode,
    class_title: encounterClasses[row.classCode] ?? null,
    pc_catname: categories[row.catid] ?? null,
    pid: row.pid,
    puuid: site.chart.patients.one(row.pid)?.uuid ?? null,
    ...placesOf(site, row),
    ...peopleOf(site, row),
    discharge_disposition: null,
    discharge_disposition_text: null,
  });
}

function placesOf({ facility }: Site, row: EncounterRow): Record<string, unknown> {
  const here = row.facilityId === facility.id ? facility : nowhere;
  const billing = row.billingFacility === facility.id ? facility : nowhere;
  return {
    facility_id: here.id,
    facility_uuid: here.uuid,
    facility_name: here.name,
    facility_location_uuid: here.locationUuid,
    billing_facility_id: billing.id,
    billing_facility_uuid: billing.uuid,
    billing_facility_name: billing.name,
    billing_location_uuid: billing.locationUuid,
  };
}

const nowhere = { id: null, uuid: null, name: null, locationUuid: null };

function peopleOf({ chart }: Site, row: EncounterRow): Record<string, unknown> {
  const provider = chart.users.one(row.providerId);
  return {
    provider_id: row.providerId,
    referring_provider_id: 0,
    ordering_provider_id: 0,
    provider_uuid: provider?.uuid ?? null,
    provider_username: provider?.username ?? null,
    referrer_uuid: null,
    referrer_username: null,
  };
}
