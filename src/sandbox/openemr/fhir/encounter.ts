/** FHIR Encounter: clinicians may search; reading one by its id is for administrators. */
import type { EncounterRow } from "#sandbox/openemr/rows.ts";
import { encounterClasses } from "#sandbox/openemr/api/encounter-record.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { fitsDate } from "./date-search.ts";
import { coded, metaOf, participationType, reference, withOffset } from "./resource-parts.ts";
import { isReferenceTo } from "./search.ts";
import type { Resource, Searchable } from "./search.ts";

export function encounters(site: Site): Searchable<EncounterRow> {
  return {
    rows: site.chart.encounters.all().toReversed(),
    parameters: {
      patient: (row, value) => isReferenceTo(value, "Patient", site.chart.patients.one(row.pid)?.uuid),
      _id: (row, value) => row.uuid === value,
      date: (row, value) => fitsDate(row.date.slice(0, 10), value, site.timeZone),
      _lastUpdated: (row, value) => fitsDate(row.lastUpdate.slice(0, 10), value, site.timeZone),
    },
    toResource: (row) => toResource(site, row),
  };
}

function toResource(site: Site, row: EncounterRow): Resource {
  const start = withOffset(site, row.date);
  const { facility } = site;
  const display = encounterClasses[row.classCode] ?? "";
  return {
    id: row.uuid,
    meta: metaOf(site, row.lastUpdate),
    resourceType: "Encounter",
    identifier: [{ system: `urn:uuid:${row.uuid}`, value: row.uuid }],
    status: "finished",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: row.classCode, display },
    type: [coded("http://snomed.info/sct", "185349003", "Encounter for check up (procedure)")],
    subject: reference("Patient", site.chart.patients.one(row.pid)?.uuid ?? ""),
    ...performersOf(site, row, start),
    period: { start },
    ...(row.reason !== null && { reasonCode: [{ text: row.reason }] }),
    ...(row.facilityId === facility.id && {
      location: [{ location: reference("Location", facility.locationUuid) }],
      serviceProvider: reference("Organization", facility.uuid),
    }),
  };
}

function performersOf({ chart }: Site, row: EncounterRow, start: string): Record<string, unknown> {
  const provider = chart.users.one(row.providerId);
  if (!provider) return {};
  const individual = reference("Practitioner", provider.uuid);
  return { participant: [{ type: [participationType("PPRF")], period: { start }, individual }] };
}
