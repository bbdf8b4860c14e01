/** `/fhir/metadata`, without a sign-in: the resources the sandbox has, with OpenEMR's words about them. */
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { Capability } from "#sandbox/openemr/profiles/profile.ts";
import { today } from "#sandbox/openemr/site.ts";
import type { Site } from "#sandbox/openemr/site.ts";

type Parameter = [name: string, type: string];

const capabilities = (
  "launch-ehr context-passthrough-banner context-ehr-patient context-passthrough-style sso-openid-connect " +
  "client-confidential-symmetric permission-user context-standalone-patient launch-standalone permission-patient " +
  "permission-offline client-public"
).split(" ");

const id: Parameter = ["_id", "token"];
const updated: Parameter = ["_lastUpdated", "date"];
const patient: Parameter = ["patient", "reference"];
const names: Parameter[] = [
  ["name", "string"],
  ["family", "string"],
  ["given", "string"],
];

const parameters: Record<string, Parameter[]> = {
  Appointment: [patient, id, ["date", "date"], updated],
  DocumentReference: [patient, id],
  Encounter: [id, patient, ["date", "date"], updated],
  Location: [id, updated],
  Organization: [id, ["name", "string"]],
  Patient: [
    id,
    ["identifier", "token"],
    ...names,
    ["birthdate", "date"],
    ["gender", "token"],
    ["email", "token"],
    ["phone", "token"],
    updated,
  ],
  Person: [id, ...names],
  Practitioner: [id, ...names],
};

export function capabilityStatement(site: Site): Answer {
  const usCore = "http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server";
  const document = {
    resourceType: "CapabilityStatement",
    status: "active",
    date: today(site),
    kind: "instance",
    instantiates: [usCore, "http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data"],
    software: { name: "OpenEMR" },
    implementation: { description: "OpenEMR FHIR API", url: `${site.origin}/apis/default/fhir` },
    fhirVersion: "4.0.1",
    format: ["application/json"],
    rest: [{ mode: "server", security: security(), resource: resourcesOf(site) }],
  };
  return json(200, site.profile.fhir.statement(document, `${site.origin}/oauth2/default`));
}

function security(): unknown {
  const url = "http://fhir-registry.smarthealthit.org/StructureDefinition/capabilities";
  const system = "http://terminology.hl7.org/CodeSystem/restful-security-service";
  return {
    extension: capabilities.map((valueCode) => ({ valueCode, url })),
    service: [
      {
        coding: [{ system, code: "SMART-on-FHIR", display: "SMART-on-FHIR" }],
        text: "OAuth2 using SMART-on-FHIR profile (see http://docs.smarthealthit.org)",
      },
    ],
  };
}

function resourcesOf({ profile }: Site): unknown[] {
  const ordinary = Object.entries(parameters).map(([type, known]): [string, Capability] => [
    type,
    { interactions: ["search-type", "read"], parameters: known },
  ]);
  const all = { ...Object.fromEntries(ordinary), ...profile.fhir.capabilities };
  return Object.entries(all).map(([type, capability]) => resourceOf(type, capability));
}

function resourceOf(type: string, { interactions, parameters }: Capability): unknown {
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    interaction: interactions.map((code) => ({ code })),
    updateCreate: false,
    searchInclude: ["*"],
    searchParam: parameters.map(([name, kind]) => ({ name, type: kind })),
  };
}
