/** FHIR Patient with the US Core extensions that OpenEMR writes for what nobody entered. */
import { equalsLike, startsLike } from "#sandbox/openemr/api/text-match.ts";
import type { PatientRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { fitsDate } from "./date-search.ts";
import { coded, metaOf, narrative, withOffset } from "./resource-parts.ts";
import type { Resource, Searchable } from "./search.ts";

const usCore = "http://hl7.org/fhir/us/core/StructureDefinition";
const identifierType = "http://terminology.hl7.org/CodeSystem/v2-0203";
const absent = {
  system: "http://terminology.hl7.org/CodeSystem/data-absent-reason",
  code: "unknown",
  display: "Unknown",
};
const genders: Record<string, string> = { Female: "female", Male: "male" };

export function patients(site: Site): Searchable<PatientRow> {
  const given = (row: PatientRow): string[] => [row.fname, row.mname].filter((name) => name !== "");
  return {
    rows: site.chart.patients.all(),
    parameters: {
      _id: (row, value) => row.uuid === value,
      identifier: (row, value) => String(row.id) === value.split("|").at(-1),
      name: (row, value) => [...given(row), row.lname].some((name) => startsLike(name, value)),
      family: (row, value) => startsLike(row.lname, value),
      given: (row, value) => given(row).some((name) => startsLike(name, value)),
      birthdate: (row, value) => fitsDate(row.DOB, value, site.timeZone),
      gender: (row, value) => (genders[row.sex] ?? "unknown") === value,
      email: (row, value) => equalsLike(row.email, value),
      phone: (row, value) => [row.phone_cell, row.phone_home].includes(value),
      _lastUpdated: (row, value) => fitsDate(row.createdAt.slice(0, 10), value, site.timeZone),
    },
    toResource: (row) => toResource(site, row),
  };
}

function toResource(site: Site, row: PatientRow): Resource {
  const given = [row.fname, row.mname].filter((name) => name !== "");
  const profile = `${usCore}/us-core-patient`;
  const telecom = telecomOf(row);
  return {
    id: row.uuid,
    meta: { ...metaOf(site, row.createdAt), profile: [profile, `${profile}|3.1.1`, `${profile}|8.0.0`] },
    resourceType: "Patient",
    text: narrative([...given, row.lname].join(" ")),
    extension: extensionsOf(row),
    identifier: [
      {
        use: "official",
        type: { coding: [{ system: identifierType, code: "PT" }] },
        system: identifierType,
        value: String(row.id),
      },
    ],
    active: true,
    name: [{ use: "official", family: row.lname, given }],
    ...(telecom.length > 0 && { telecom }),
    gender: genders[row.sex] ?? "unknown",
    birthDate: row.DOB,
    deceasedBoolean: false,
    ...addressOf(site, row),
    communication: [{ language: { coding: [absent] } }],
  };
}

function extensionsOf(row: PatientRow): unknown[] {
  const birthSex = { Female: "F", Male: "M" }[row.sex] ?? "UNK";
  const unknownRace = coded("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK", "Unknown");
  const [valueCoding] = unknownRace["coding"] as unknown[];
  return [
    { valueCode: birthSex, url: `${usCore}/us-core-birthsex` },
    {
      extension: [
        { valueCoding, url: "ombCategory" },
        { valueString: "Unknown", url: "text" },
      ],
      url: `${usCore}/us-core-race`,
    },
    { valueCoding: { ...absent, system: "DataAbsentReason" }, url: `${usCore}/us-core-sex` },
    { valueCoding: absent, url: `${usCore}/us-core-interpreter-needed` },
  ];
}

function telecomOf(row: PatientRow): unknown[] {
  return [
    { system: "phone", value: row.phone_home, use: "home" },
    { system: "phone", value: row.phone_cell, use: "mobile" },
    { system: "email", value: row.email, use: "home" },
  ].filter(({ value }) => value !== "");
}

function addressOf(site: Site, row: PatientRow): Record<string, unknown> {
  if (row.street === "") return {};
  const start = withOffset(site, `${row.createdAt}.000`);
  const { city, state, postal_code: postalCode } = row;
  return { address: [{ use: "home", type: "both", line: [row.street], city, state, postalCode, period: { start } }] };
}
