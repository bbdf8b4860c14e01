/**
 * FHIR Location: the facility, and (a trap for whoever shows the list) a "Home Address" of every patient and every user, open
 * to all staff (traffic: fhir-location).
 */
import { uuidFor } from "#sandbox/openemr/site.ts";
import type { PatientRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { metaOf, withOffset } from "./resource-parts.ts";
import type { Resource, Searchable } from "./search.ts";

const usersChanged = "2026-01-05 09:00:00";

type Place = {
  uuid: string;
  name: string;
  telecom: { system: string; value: string }[];
  address?: unknown;
  changed: string;
};

export function locations(site: Site): Searchable<Place> {
  return {
    rows: [...patientHomes(site), facilityOf(site), ...userHomes(site)],
    parameters: { _id: (row, value) => row.uuid === value },
    toResource: (row) => toResource(site, row),
  };
}

function toResource(site: Site, { uuid, name, telecom, address, changed }: Place): Resource {
  return {
    id: uuid,
    meta: metaOf(site, changed),
    resourceType: "Location",
    status: "active",
    name,
    ...(telecom.length > 0 && { telecom }),
    ...(address !== undefined && { address }),
  };
}

function facilityOf({ facility }: Site): Place {
  const telecom = ["phone", "fax"].map((system) => ({ system, value: facility.phone }));
  return { uuid: facility.locationUuid, name: facility.name, telecom, changed: usersChanged };
}

function patientHomes(site: Site): Place[] {
  return site.chart.patients.all().map((row) => ({
    ...home(row.uuid, [
      { system: "phone", value: row.phone_cell },
      { system: "email", value: row.email },
    ]),
    ...(row.street !== "" && { address: addressOf(site, row) }),
    changed: row.createdAt,
  }));
}

function userHomes({ chart }: Site): Place[] {
  return chart.users.all().map((row) => home(row.uuid, [{ system: "email", value: row.email ?? "" }]));
}

function home(owner: string, telecom: Place["telecom"]): Place {
  const known = telecom.filter(({ value }) => value !== "");
  return { uuid: uuidFor(`home of ${owner}`), name: "Home Address", telecom: known, changed: usersChanged };
}

function addressOf(site: Site, row: PatientRow): unknown {
  const { street, city, state, postal_code: postalCode } = row;
  const start = withOffset(site, `${row.createdAt}.000`);
  return { type: "physical", line: [street], city, state, postalCode, period: { start } };
}
