/** Reading a posted Appointment. Out: what to write into the calendar, or every problem in words. */
import type { Fields } from "#sandbox/openemr/incoming.ts";
import { fieldsOf, textOf } from "#sandbox/openemr/incoming.ts";
import type { AppointmentRow, PatientRow, UserRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import { wallTimeOf } from "./clinic-time.ts";
import { practitioners } from "./occupied.ts";
import type { Span } from "./occupied.ts";
import { refersTo } from "./searchset.ts";

export type AskedAppointment = {
  patient: PatientRow;
  practitioner: UserRow;
  /** Null: a cancelled appointment need not say when it was. */
  span: Span | null;
  /** OpenEMR's letter. */
  apptstatus: string;
  description: string;
  fhir: NonNullable<AppointmentRow["fhir"]>;
};

/** FHIR's statuses as OpenEMR keeps them; `entered-in-error` has none. */
const letters: Record<string, string> = {
  proposed: "-",
  pending: "^",
  booked: "*",
  arrived: "@",
  fulfilled: ">",
  "checked-in": "<",
  cancelled: "x",
  noshow: "?",
  waitlist: "CALL",
};

export function readAppointment(site: Site, fields: Fields): AskedAppointment | readonly string[] {
  const patient = actorIn(fields, "Patient", site.chart.patients.all());
  const practitioner = actorIn(fields, "Practitioner", practitioners(site));
  const apptstatus = letterOf(fields["status"]);
  const span = spanIn(site, fields);
  const checks: readonly [isRight: boolean, words: string][] = [
    [fields["resourceType"] === "Appointment", "resourceType must be Appointment"],
    [apptstatus !== undefined, "status is missing or unknown"],
    [patient !== undefined, "participant must refer to one Patient of this clinic"],
    [practitioner !== undefined, "participant must refer to one Practitioner of this clinic"],
    [span !== undefined, "Invalid appointment time: start and end are instants of one day, start first"],
  ];
  const problems = checks.flatMap(([isRight, words]) => (isRight ? [] : [words]));
  if (!patient || !practitioner || apptstatus === undefined || span === undefined || problems.length > 0)
    return problems;
  const fhir = { identifier: listIn(fields, "identifier"), appointmentType: fields["appointmentType"] ?? null };
  return { patient, practitioner, span, apptstatus, description: textOf(fields["description"]), fhir };
}

function letterOf(status: unknown): string | undefined {
  return typeof status === "string" && Object.hasOwn(letters, status) ? letters[status] : undefined;
}

/** Undefined when nobody, or more than one, is referred to. */
function actorIn<Row extends { uuid: string; id: number }>(
  fields: Fields,
  type: string,
  rows: readonly Row[],
): Row | undefined {
  const references = listIn(fields, "participant").map((one) => fieldsOf(fieldsOf(one)["actor"])["reference"]);
  const ofType = references.filter((reference) => String(reference).startsWith(`${type}/`));
  return ofType.length === 1 ? rows.find((row) => refersTo(ofType[0], type, row)) : undefined;
}

/** Null for a cancelled appointment that does not say when it was; undefined for times that make no sense. */
function spanIn(site: Site, { start, end, status }: Fields): Span | null | undefined {
  if (status === "cancelled" && start === undefined) return null;
  const [from, to] = [wallTimeOf(site, start), wallTimeOf(site, end)];
  if (!from || !to || from.date !== to.date || from.minute >= to.minute) return undefined;
  return { date: from.date, from: from.minute, to: to.minute };
}

function listIn(fields: Fields, name: string): unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
}
