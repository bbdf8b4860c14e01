/**
 * FHIR search and read as OpenEMR does them: a parameter it does not know gives an empty bundle and 200, `total` is the size
 * of the page, and the bundle is a "collection" (traffic: fhir-appointment).
 */
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { ApiRequest } from "#sandbox/openemr/api/api-request.ts";
import { form, last } from "#sandbox/openemr/incoming.ts";
import { isUuid, now } from "#sandbox/openemr/site.ts";
import type { Site } from "#sandbox/openemr/site.ts";

export type Resource = { id: string; resourceType: string } & Record<string, unknown>;
/** Does the row fit one value of a parameter? */
export type Fits<Row> = (row: Row, value: string) => boolean;
export type Searchable<Row> = {
  rows: readonly Row[];
  /** By parameter; values after a comma are alternatives. */
  parameters: Record<string, Fits<Row>>;
  toResource(row: Row): Resource;
};

const paging = ["_count", "_offset", "_sort"];

export function search<Row>(request: ApiRequest, searchable: Searchable<Row>): Answer {
  const asked = request.method === "POST" ? form(request) : request.query;
  const found = isUnderstood(request, asked, searchable)
    ? searchable.rows.filter((row) => fitsAll(row, asked, searchable))
    : [];
  const count = Number(last(asked, "_count") ?? "0");
  const page = count > 0 ? found.slice(0, count) : found;
  return bundle(
    request,
    page.map((row) => written(request.site, searchable.toResource(row))),
  );
}

function isUnderstood<Row>({ site }: ApiRequest, asked: URLSearchParams, { parameters }: Searchable<Row>): boolean {
  const others = site.profile.fhir.paging ? paging : [];
  return [...asked.keys()].every((name) => others.includes(name) || plainName(name) in parameters);
}

/** Of a repeated `name` the last counts; `name[]` collects alternatives. */
function fitsAll<Row>(row: Row, asked: URLSearchParams, { parameters }: Searchable<Row>): boolean {
  return Object.entries(parameters).every(([name, fits]) => {
    const values = asked.has(`${name}[]`) ? asked.getAll(`${name}[]`) : [last(asked, name)];
    const alternatives = values.flatMap((value) => value?.split(",") ?? []);
    return alternatives.length === 0 || alternatives.some((value) => fits(row, value));
  });
}

function plainName(name: string): string {
  return name.replace(/\[\]$/u, "");
}

function bundle(request: ApiRequest, resources: readonly Resource[]): Answer {
  const url = `${request.site.origin}${request.path}`;
  const entry = resources.map((resource) => ({ fullUrl: `${url}/${resource.id}`, resource }));
  return json(200, {
    meta: { lastUpdated: now(request.site).replace(" ", "T") },
    resourceType: "Bundle",
    type: "collection",
    total: resources.length,
    link: [{ relation: "self", url }],
    ...(entry.length > 0 && { entry }),
  });
}

/** One resource; an unknown id is 404 with `[]`, one that is no uuid 400. */
export function read<Row>({ site, parameter }: ApiRequest, searchable: Omit<Searchable<Row>, "parameters">): Answer {
  const id = parameter("id");
  if (!isUuid(id)) {
    const text = "The search field argument was invalid, improperly formatted, or could not be parsed.";
    return json(400, { validationErrors: { _id: `${text}  Inner message: UUID columns must be a valid UUID string` } });
  }
  const row = searchable.rows.find((one) => searchable.toResource(one).id === id);
  return row === undefined ? json(404, []) : json(200, written(site, searchable.toResource(row)));
}

function written(site: Site, resource: Resource): Resource {
  return site.profile.fhir.resource(resource, () => new Date(site.clock.now()).toISOString());
}

/** `uuid` or `Patient/uuid`. */
export function isReferenceTo(value: string, type: string, uuid: string | undefined): boolean {
  return value.replace(new RegExp(`^${type}/`, "u"), "") === uuid;
}
