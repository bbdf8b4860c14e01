/** The FHIR routes of the sandbox. Appointment has no writes; Slot and Schedule do not exist, as on every released OpenEMR. */
import type { Access, ApiRequest, Route } from "#sandbox/openemr/api/api-request.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { appointments } from "./appointment.ts";
import { documentReferences } from "./document-reference.ts";
import { encounters } from "./encounter.ts";
import { locations } from "./location.ts";
import { patients } from "./patient.ts";
import { organizations, persons, practitioners } from "./people.ts";
import { read, search } from "./search.ts";
import type { Searchable } from "./search.ts";

type ReadAccess = Route["access"];

/** One's own record is open to everybody. */
function ownOrUsers({ site, user, parameter }: ApiRequest): Access {
  return parameter("id") === user.uuid && site.profile.fhir.ownPersonIsOpen ? "none" : "users";
}

export const fhirRoutes: readonly Route[] = [
  ...routesOf("Patient", { list: "demo", one: "demo" }, patients),
  ...routesOf("Appointment", { list: "appt", one: "appt" }, appointments),
  ...routesOf("Encounter", { list: "encounters", one: "super" }, encounters),
  ...routesOf("Person", { list: "users", one: ownOrUsers }, persons),
  ...routesOf("Practitioner", { list: "users", one: "users" }, practitioners),
  ...routesOf("Organization", { list: "users", one: "users" }, organizations),
  ...routesOf("Location", { list: "none", one: "none" }, locations),
  ...routesOf("DocumentReference", { list: "super", one: "super" }, documentReferences),
  ...["Observation", "Condition", "PractitionerRole"].map((type) => emptyRoute(type)),
];

function routesOf<Row>(
  type: string,
  access: { list: Access; one: ReadAccess },
  of: (site: Site) => Searchable<Row>,
): Route[] {
  return [
    { method: "GET", path: `/fhir/${type}`, access: access.list, run: (request) => search(request, of(request.site)) },
    {
      method: "POST",
      path: `/fhir/${type}/_search`,
      access: access.list,
      run: (request) => search(request, of(request.site)),
    },
    { method: "GET", path: `/fhir/${type}/:id`, access: access.one, run: (request) => read(request, of(request.site)) },
  ];
}

/** There, but with nothing in it. */
function emptyRoute(type: string): Route {
  const nothing = { rows: [], parameters: {}, toResource: () => ({ id: "", resourceType: type }) };
  return { method: "GET", path: `/fhir/${type}`, access: "super", run: (request) => search(request, nothing) };
}
