/**
 * SOAP notes. The encounter is not checked before 8.3, the list joins on the form number alone and so repeats rows, a PUT replaces
 * the whole note and moves it to the patient in the path (traffic: soap-note, soap-cross-join).
 */
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import type { Fields } from "#sandbox/openemr/incoming.ts";
import { shown } from "#sandbox/openemr/profiles/shown.ts";
import type { SoapRow } from "#sandbox/openemr/rows.ts";
import { now } from "#sandbox/openemr/site.ts";
import type { ApiRequest } from "./api-request.ts";
import { between, findFaults, hasFaults } from "./validation.ts";
import type { Faults } from "./validation.ts";

const longestSectionBytes = 65_535;

export function listSoapNotes(request: ApiRequest): Answer {
  const rows = joined(request).toSorted((one, other) => one.id - other.id);
  return rows.length === 0
    ? request.site.profile.nothing
    : json(
        200,
        rows.map((row) => shown(request.site, "soapNote", toRecord(row))),
      );
}

export function oneSoapNote(request: ApiRequest): Answer {
  if (isStrangers(request)) return request.site.profile.strangersRecord ?? request.site.profile.nothing;
  const row = joined(request).find(({ id }) => String(id) === request.parameter("sid"));
  return row ? json(200, shown(request.site, "soapNote", toRecord(row))) : request.site.profile.nothing;
}

export function addSoapNote(request: ApiRequest): Answer {
  const { site, fields, parameter } = request;
  if (isStrangers(request)) return site.profile.strangersRecord ?? site.profile.nothing;
  const faults = faultsOf(fields);
  if (hasFaults(faults)) return json(site.profile.validationStatus, faults);
  const pid = numberIn(parameter("pid"));
  const { id: sid } = site.chart.soapNotes.add({ pid, date: now(site), ...sectionsOf(fields) });
  const encounter = numberIn(parameter("eid"));
  const { id: fid } = site.chart.forms.add({ encounter, pid, formId: sid, kind: "soap" });
  return json(201, { sid, fid });
}

export function changeSoapNote(request: ApiRequest): Answer {
  const { site, fields, parameter } = request;
  if (isStrangers(request)) return site.profile.strangersRecord ?? site.profile.nothing;
  const faults = faultsOf(fields);
  if (hasFaults(faults)) return json(site.profile.validationStatus, faults);
  const row = site.chart.soapNotes.one(numberIn(parameter("sid")));
  if (row)
    site.chart.soapNotes.put({ id: row.id, pid: numberIn(parameter("pid")), date: now(site), ...sectionsOf(fields) });
  return json(200, { sid: parameter("sid") });
}

/** Where it is looked at (8.3): the encounter is not one of this patient's. */
function isStrangers({ site, parameter }: ApiRequest): boolean {
  const isTheirs = site.chart.encounters.find(
    (row) => String(row.encounter) === parameter("eid") && String(row.pid) === parameter("pid"),
  );
  return site.profile.strangersRecord !== undefined && isTheirs === undefined;
}

/** Forms of the encounter, of any kind, met with notes of the patient by number: OpenEMR's join. */
function joined({ site, parameter }: ApiRequest): SoapRow[] {
  const { forms, soapNotes } = site.chart;
  return forms
    .all()
    .filter((form) => String(form.encounter) === parameter("eid"))
    .flatMap((form) => soapNotes.one(form.formId) ?? [])
    .filter((note) => String(note.pid) === parameter("pid"));
}

function faultsOf(fields: Fields): Faults {
  const text = between(2, longestSectionBytes);
  return findFaults(fields, { optional: { subjective: text, objective: text, assessment: text, plan: text } });
}

function sectionsOf(fields: Fields): Omit<SoapRow, "id" | "pid" | "date"> {
  const text = (name: string): string | null => (typeof fields[name] === "string" ? fields[name] : null);
  return {
    subjective: text("subjective"),
    objective: text("objective"),
    assessment: text("assessment"),
    plan: text("plan"),
  };
}

function toRecord({ id, date, pid, subjective, objective, assessment, plan }: SoapRow): Record<string, unknown> {
  return {
    id,
    date,
    pid,
    user: null,
    groupname: null,
    authorized: 0,
    activity: 1,
    subjective,
    objective,
    assessment,
    plan,
  };
}

/** As MySQL reads text where a number belongs: leading digits, else 0. A uuid of a patient ends up as some number or 0. */
function numberIn(text: string): number {
  return Number.parseInt(text, 10) || 0;
}
