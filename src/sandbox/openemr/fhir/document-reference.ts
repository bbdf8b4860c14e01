/** FHIR DocumentReference: administrators only, search and read. */
import type { DocumentRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { coded, metaOf, reference, withOffset } from "./resource-parts.ts";
import { isReferenceTo } from "./search.ts";
import type { Resource, Searchable } from "./search.ts";

export function documentReferences(site: Site): Searchable<DocumentRow> {
  return {
    rows: site.chart.documents.all().filter(({ category }) => category !== null),
    parameters: {
      patient: (row, value) => isReferenceTo(value, "Patient", site.chart.patients.one(row.pid)?.uuid),
      _id: (row, value) => row.uuid === value,
    },
    toResource: (row) => toResource(site, row),
  };
}

function toResource(site: Site, row: DocumentRow): Resource {
  return {
    id: row.uuid,
    meta: metaOf(site, row.date),
    resourceType: "DocumentReference",
    identifier: [{ value: row.uuid }],
    status: "current",
    type: coded("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK", "unknown"),
    category: [{ text: row.category }],
    subject: reference("Patient", site.chart.patients.one(row.pid)?.uuid ?? ""),
    date: withOffset(site, row.date),
    ...authorOf(site, row),
    content: [
      {
        attachment: {
          contentType: row.mimetype,
          url: `${site.origin}/apis/default/fhir/Binary/${row.uuid}`,
          title: row.filename,
        },
        format: {
          system: "http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem",
          code: "urn:ihe:iti:xds:2017:mimeTypeSufficient",
          display: "mimeType Sufficient",
        },
      },
    ],
  };
}

/** Only practitioners are named. */
function authorOf({ chart, profile }: Site, row: DocumentRow): Record<string, unknown> {
  const author = chart.users.find(({ uuid }) => uuid === row.authorUuid);
  const isNamed = profile.documents.authorIsNamed && (author?.npi ?? "") !== "";
  return !isNamed ? {} : { author: [reference("Practitioner", row.authorUuid)] };
}
