/** FHIR resources as 7.0.0 writes them: without what US Core asked for later; every one was changed just now, in UTC. */
import { without } from "./columns.ts";
import type { FhirResource, Row } from "./profile.ts";

const changes: Record<string, (resource: FhirResource) => Row> = {
  Patient: (resource) => ({
    ...without(resource, ["deceasedBoolean"]),
    extension: (resource["extension"] as Row[]).slice(0, 2),
    ...addressesOf(resource),
  }),
  Location: (resource) => {
    const telecom = phonesOf(resource);
    const { address } = resource;
    return {
      ...without(resource, ["telecom", "address"]),
      ...(telecom.length > 0 && { telecom }),
      ...(address !== undefined && { address: without(address as Row, ["type"]) }),
    };
  },
  Organization: (resource) => ({ ...resource, telecom: phonesOf(resource) }),
  Encounter: (resource) => ({
    ...resource,
    identifier: [{ system: "urn:ietf:rfc:3986", value: resource.id }],
  }),
  DocumentReference: (resource) => {
    const [content] = resource["content"] as [Row];
    const attachment = without(content["attachment"] as Row, ["title"]);
    return {
      ...resource,
      category: [{ coding: [{ system: absent, code: "unknown", display: "Unknown" }] }],
      author: resource["author"] ?? [null],
      content: [{ ...content, attachment }],
    };
  },
};

const absent = "http://terminology.hl7.org/CodeSystem/data-absent-reason";

export function resource70(resource: FhirResource, now: () => string): FhirResource {
  const changed = changes[resource.resourceType]?.(resource) ?? resource;
  const lastUpdated = `${now().slice(0, 19)}+00:00`;
  const { id, resourceType } = resource;
  return { ...changed, id, resourceType, meta: { versionId: "1", lastUpdated } };
}

function addressesOf(resource: FhirResource): Row {
  const addresses = resource["address"];
  if (!Array.isArray(addresses)) return {};
  return { address: addresses.map((address: Row) => without(address, ["use", "type"])) };
}

function phonesOf(resource: FhirResource): Row[] {
  const telecom = (resource["telecom"] ?? []) as Row[];
  const phones = telecom.filter(({ system }) => system === "phone");
  return phones.slice(0, 1);
}

/** The CapabilityStatement: OAuth addresses among the extensions, and no words to the codings. */
export function statement70(document: Row, issuer: string): Row {
  const [server] = document["rest"] as [Row];
  const { extension, service } = server["security"] as { extension: Row[]; service: { coding: Row[] }[] };
  const uris = { token: "token", authorize: "authorize", register: "registration", introspect: "introspect" };
  const addresses = Object.entries(uris).map(([url, path]) => ({ valueUri: `${issuer}/${path}`, url }));
  const oauthUris = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";
  const security = {
    extension: [{ extension: addresses, url: oauthUris }, ...extension],
    service: service.map((one) => ({ ...one, coding: one.coding.map((coding) => without(coding, ["display"])) })),
  };
  const resources = server["resource"] as Row[];
  const resource = resources.flatMap((one) => (one["type"] === "Appointment" ? [] : [without(one, ["updateCreate"])]));
  return {
    ...document,
    status: "Not provided",
    instantiates: ["http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data"],
    software: { name: "OpenEMR", version: "6.0.0" },
    rest: [{ ...server, security, resource }],
  };
}
