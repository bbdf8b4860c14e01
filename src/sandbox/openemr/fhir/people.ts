/** FHIR Person (every user), Practitioner (users with an NPI) and Organization (the facility). */
import { startsLike } from "#sandbox/openemr/api/text-match.ts";
import type { UserRow } from "#sandbox/openemr/rows.ts";
import type { Facility, Site } from "#sandbox/openemr/site.ts";
import { coded, metaOf, narrative } from "./resource-parts.ts";
import type { Fits, Resource, Searchable } from "./search.ts";

const usersChanged = "2026-01-05 09:00:00";

const byName: Record<string, Fits<UserRow>> = {
  _id: (row, value) => row.uuid === value,
  name: (row, value) => [row.fname ?? "", row.lname].some((name) => startsLike(name, value)),
  family: (row, value) => startsLike(row.lname, value),
  given: (row, value) => startsLike(row.fname ?? "", value),
  active: (row, value) => String(row.active) === value,
};

export function persons(site: Site): Searchable<UserRow> {
  return {
    rows: site.chart.users.all(),
    parameters: byName,
    toResource: (row) => ({ ...humanParts(site, row, "Person"), address: [null], active: row.active }),
  };
}

export function practitioners(site: Site): Searchable<UserRow> {
  return {
    rows: site.chart.users.all().filter((row) => (row.npi ?? "") !== ""),
    parameters: byName,
    toResource: (row) => ({
      ...humanParts(site, row, "Practitioner"),
      identifier: [{ system: "http://hl7.org/fhir/sid/us-npi", value: row.npi }],
      active: row.active,
    }),
  };
}

export function organizations(site: Site): Searchable<Facility> {
  return {
    rows: [site.facility],
    parameters: { _id: (row, value) => row.uuid === value, name: (row, value) => startsLike(row.name, value) },
    toResource: (row) => ({
      id: row.uuid,
      meta: metaOf(site, usersChanged),
      resourceType: "Organization",
      text: narrative(row.name),
      active: true,
      type: [coded("http://terminology.hl7.org/CodeSystem/organization-type", "prov", "Healthcare Provider")],
      name: row.name,
      telecom: ["phone", "fax"].map((system) => ({ system, value: row.phone, use: "work" })),
      address: [null],
    }),
  };
}

function humanParts(site: Site, row: UserRow, resourceType: string): Resource {
  const given = row.fname === null || row.fname === "" ? {} : { given: [row.fname] };
  const email =
    row.email === null || row.email === "" ? {} : { telecom: [{ system: "email", value: row.email, use: "home" }] };
  return {
    id: row.uuid,
    meta: metaOf(site, usersChanged),
    resourceType,
    text: narrative([row.fname ?? "", row.lname].join(" ")),
    name: [{ use: "official", family: row.lname, ...given }],
    ...email,
  };
}
