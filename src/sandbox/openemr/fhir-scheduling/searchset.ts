/**
 * Search as FHIR has it: a repeated parameter narrows, values after a comma are alternatives, `total` counts every match, a
 * parameter that nobody knows is refused.
 */
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { ApiRequest } from "#sandbox/openemr/api/api-request.ts";
import { last } from "#sandbox/openemr/incoming.ts";
import type { Searchable } from "#sandbox/openemr/fhir/search.ts";
import { fhirJson, outcome } from "./outcome.ts";

const paging = ["_count", "_offset", "_sort"];

export function searchset<Row>({ site, path, query }: ApiRequest, searchable: Searchable<Row>): Answer {
  const { rows, parameters, toResource } = searchable;
  const unknown = [...query.keys()].filter((name) => !paging.includes(name) && !Object.hasOwn(parameters, name));
  if (unknown.length > 0) return outcome(400, "invalid", ...unknown.map((name) => `Unknown search parameter: ${name}`));
  const found = rows.filter((row) => fitsAll(row, query, searchable));
  const count = Number(last(query, "_count") ?? "0") || found.length;
  const offset = Number(last(query, "_offset") ?? "0") || 0;
  const url = `${site.origin}${path}`;
  const page = found.slice(offset, offset + count).map((row) => toResource(row));
  return fhirJson(200, {
    resourceType: "Bundle",
    type: "searchset",
    total: found.length,
    link: [{ relation: "self", url: `${url}?${query.toString()}` }],
    entry: page.map((resource) => ({ fullUrl: `${url}/${resource.id}`, resource, search: { mode: "match" } })),
  });
}

function fitsAll<Row>(row: Row, query: URLSearchParams, { parameters }: Searchable<Row>): boolean {
  return Object.entries(parameters).every(([name, fits]) =>
    query.getAll(name).every((values) => values.split(",").some((value) => fits(row, value))),
  );
}

/** `Practitioner/uuid`, `uuid`, or the number that OpenEMR's tables have. */
export function refersTo(reference: unknown, type: string, row: { uuid: string; id: number } | undefined): boolean {
  if (typeof reference !== "string" || row === undefined) return false;
  const id = reference.startsWith(`${type}/`) ? reference.slice(type.length + 1) : reference;
  return id === row.uuid || id === String(row.id);
}
