/** OpenEMR's scopes: which exist, what they permit, and what its consent page makes of them. Of `patient/` ones nothing is modelled. */

import type { Profile } from "#sandbox/openemr/profiles/profile.ts";

/** c POST, r GET with an id, u PUT, d DELETE, s GET of a list. */
export type Permission = "c" | "r" | "u" | "d" | "s";

const plain = (
  "openid profile name address given_name family_name nickname phone phone_verified email email_verified " +
  "offline_access api:oemr api:fhir api:port fhirUser online_access launch launch/patient"
).split(" ");

const fhirRead = (
  "AllergyIntolerance Appointment CarePlan CareTeam Condition Coverage Device DiagnosticReport DocumentReference Binary " +
  "Encounter Goal Group Immunization Location Medication MedicationRequest Observation Organization Patient Person " +
  "Practitioner PractitionerRole Procedure Provenance ValueSet OperationDefinition"
).split(" ");

const fhirWrite = "Patient Practitioner Organization".split(" ");

const fhirLetters = (
  "AllergyIntolerance CarePlan CareTeam Condition Coverage Device DiagnosticReport DocumentReference Encounter Goal " +
  "Immunization Media MedicationDispense MedicationRequest Observation Organization Patient Practitioner PractitionerRole " +
  "Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson ServiceRequest Specimen"
)
  .split(" ")
  .map((resource) => `${resource}.rs`);

const apiReadWrite =
  "allergy appointment dental_issue document encounter facility insurance insurance_company medical_problem medication patient practitioner prescription soap_note surgery transaction vital".split(
    " ",
  );
const apiReadOnly = "drug employer immunization insurance_type list procedure product user version".split(" ");
const apiLetters = (
  "allergy.cruds appointment.cruds dental_issue.cruds document.crs drug.rs employer.s encounter.crus facility.crus " +
  "immunization.rs insurance.crus insurance_company.crus insurance_type.s list.r medical_problem.cruds medication.cruds " +
  "message.cud patient.crus practitioner.crus prescription.crds procedure.rs product.s soap_note.crus surgery.cruds " +
  "transaction.cuds user.rs version.s vital.crus"
).split(" ");

const userScopes = [
  ...fhirRead.map((resource) => `user/${resource}.read`),
  ...fhirWrite.map((resource) => `user/${resource}.write`),
  ...fhirLetters.map((scope) => `user/${scope}`),
  ...[...apiReadWrite, ...apiReadOnly].map((resource) => `user/${resource}.read`),
  ...[...apiReadWrite, "message"].map((resource) => `user/${resource}.write`),
  ...apiLetters.map((scope) => `user/${scope}`),
];

/** For clients without a user. 8.x lists FHIR alone, 7.0.0 the standard API's too. */
const systemScopes = fhirRead.map((resource) => `system/${resource}.read`);
const standardSystemScopes = apiReadWrite.flatMap((name) => [`system/${name}.read`, `system/${name}.write`]);

export const supportedScopes: readonly string[] = [...plain, ...userScopes, ...systemScopes, ...standardSystemScopes];

/** What each resource may be asked for at most, as letters in the order `cruds`. */
const ceilings = new Map<string, string>();
for (const scope of userScopes) {
  const parsed = parseScope(scope);
  if (parsed) ceilings.set(parsed.resource, union(ceilings.get(parsed.resource) ?? "", parsed.letters));
}

/** Under a profile, which may have more or fewer. */
export function isSupported(scope: string, { oauth, fhir }: Profile): boolean {
  if (!oauth.isKnownScope(scope)) return false;
  if (plain.includes(scope) || fhir.scopes.includes(scope)) return true;
  if (scope.startsWith("system/")) return supportedScopes.includes(scope);
  const parsed = parseScope(scope);
  if (!parsed) return false;
  const ceiling = ceilings.get(parsed.resource) ?? "";
  return parsed.style === "v1"
    ? userScopes.includes(scope)
    : parsed.letters.split("").every((letter) => ceiling.includes(letter));
}

export function permits(scopes: readonly string[], resource: string, permission: Permission): boolean {
  return scopes.some((scope) => {
    const parsed = parseScope(scope);
    return parsed?.resource === resource && parsed.letters.includes(permission);
  });
}

/** What the consent page offers: per resource one merged entry, in the style that was asked for first (as measured). */
export function offeredScopes(requested: readonly string[]): { plain: string[]; resources: string[] } {
  const merged = new Map<string, ParsedScope>();
  for (const scope of requested) {
    const parsed = parseScope(scope);
    if (!parsed) continue;
    const before = merged.get(parsed.resource) ?? parsed;
    merged.set(parsed.resource, { ...before, letters: union(before.letters, parsed.letters) });
  }
  const resources = [...merged.values()]
    .sort((one, other) => (one.resource < other.resource ? -1 : 1))
    .flatMap(toScopes);
  return { plain: shownPlain.filter((scope) => requested.includes(scope)), resources };
}

type ParsedScope = { resource: string; letters: string; style: "v1" | "v2" };

function parseScope(scope: string): ParsedScope | undefined {
  const match = /^(?:user|system)\/([A-Za-z_]+)\.(read|write|c?r?u?d?s?)$/u.exec(scope);
  const [, resource = "", access = ""] = match ?? [];
  if (resource === "" || access === "") return undefined;
  if (access === "read") return { resource, letters: "rs", style: "v1" };
  if (access === "write") return { resource, letters: "cud", style: "v1" };
  return { resource, letters: access, style: "v2" };
}

function toScopes({ resource, letters, style }: ParsedScope): string[] {
  if (style === "v2") return [`user/${resource}.${letters}`];
  const reads = /[rs]/u.test(letters) ? [`user/${resource}.read`] : [];
  const writes = /[cud]/u.test(letters) ? [`user/${resource}.write`] : [];
  return [...reads, ...writes];
}

/** In the page's order. `profile`, `email` and the like have no field there, and so are never granted. */
const shownPlain = [
  "fhirUser",
  "launch",
  "launch/patient",
  "api:oemr",
  "api:fhir",
  "api:port",
  "openid",
  "offline_access",
];

function union(one: string, other: string): string {
  return "cruds"
    .split("")
    .filter((letter) => one.includes(letter) || other.includes(letter))
    .join("");
}
