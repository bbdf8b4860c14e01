/** `/api/patient`: search, one, and a new one. */
import { randomUUID } from "node:crypto";
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import { last, textOf } from "#sandbox/openemr/incoming.ts";
import type { PatientRow } from "#sandbox/openemr/rows.ts";
import { now } from "#sandbox/openemr/site.ts";
import type { ApiRequest } from "./api-request.ts";
import { enveloped, invalid, paged } from "./envelope.ts";
import { patientRecord } from "./patient-record.ts";
import { equalsLike, startsLike } from "./text-match.ts";
import { anything, date, findFaults, hasFaults } from "./validation.ts";

type Match = (value: string, typed: string) => boolean;

/** Names and addresses match from their beginning, the rest as a whole; any other parameter is ignored. */
const searchable: Partial<Record<keyof PatientRow, Match>> = {
  fname: startsLike,
  lname: startsLike,
  mname: startsLike,
  street: startsLike,
  city: startsLike,
  state: startsLike,
  postal_code: startsLike,
  phone_home: equalsLike,
  phone_cell: equalsLike,
  email: equalsLike,
  sex: equalsLike,
  DOB: equalsLike,
};

export function searchPatients(request: ApiRequest): Answer {
  const found = request.site.chart.patients.all().filter((row) => matches(row, request.query));
  return paged(
    request,
    sorted(found, last(request.query, "_sort")).map((row) => patientRecord(request.site, row)),
  );
}

function matches(row: PatientRow, query: URLSearchParams): boolean {
  return Object.entries(searchable).every(([field, match]) => {
    const typed = last(query, field);
    return typed === undefined || match(String(row[field as keyof PatientRow]), typed);
  });
}

function sorted(rows: readonly PatientRow[], sort: string | undefined): PatientRow[] {
  const field = (sort ?? "").replace(/^-/u, "");
  if (!(field in searchable)) return [...rows];
  const direction = sort?.startsWith("-") ? -1 : 1;
  const key = (row: PatientRow): string => String(row[field as keyof PatientRow]);
  return rows.toSorted((one, other) => direction * key(one).localeCompare(key(other)));
}

export function onePatient({ site, parameter }: ApiRequest): Answer {
  const uuid = parameter("puuid");
  const row = site.chart.patients.find((patient) => patient.uuid === uuid);
  if (!row) return invalid(400, { uuid: { "invalid or nonexisting value": ` value ${uuid}` } });
  return enveloped(200, patientRecord(site, row));
}

export function addPatient({ site, fields }: ApiRequest): Answer {
  const faults = findFaults(fields, { required: { fname: anything, lname: anything, sex: anything, DOB: date } });
  const { shortFirstName } = site.profile;
  if (shortFirstName && !faults["fname"] && textOf(fields["fname"]).length < 2) faults["fname"] = shortFirstName;
  if (hasFaults(faults)) return invalid(400, faults);
  const text = (name: string): string => textOf(fields[name]);
  const { id: pid, uuid } = site.chart.patients.add({
    uuid: randomUUID(),
    fname: text("fname"),
    mname: text("mname"),
    lname: text("lname"),
    DOB: text("DOB"),
    sex: text("sex"),
    street: text("street"),
    city: text("city"),
    state: text("state"),
    postal_code: text("postal_code"),
    phone_home: text("phone_home"),
    phone_cell: text("phone_cell"),
    email: text("email"),
    createdAt: now(site),
  });
  return json(201, { validationErrors: [], internalErrors: [], data: { pid, uuid }, links: [] });
}
