/** Vital signs in US units; numbers come back as text with decimals. A change is stored whole and answered with 500, as recorded. */
import { randomUUID } from "node:crypto";
import { json } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import { textOf } from "#sandbox/openemr/incoming.ts";
import type { Fields } from "#sandbox/openemr/incoming.ts";
import { shown } from "#sandbox/openemr/profiles/shown.ts";
import type { VitalRow } from "#sandbox/openemr/rows.ts";
import { now } from "#sandbox/openemr/site.ts";
import type { ApiRequest } from "./api-request.ts";
import { findFaults, hasFaults, numeric } from "./validation.ts";

const texts = ["note", "temp_method", "bps", "bpd"];
const decimals: Record<string, number> = {
  weight: 6,
  height: 6,
  temperature: 6,
  pulse: 6,
  respiration: 6,
  waist_circ: 6,
  head_circ: 6,
  oxygen_saturation: 2,
};
const measured = ["bps", "bpd", ...Object.keys(decimals)];
const units = {
  weight_unit: "lb",
  height_unit: "in",
  head_circ_unit: "in",
  waist_circ_unit: "in",
  temperature_unit: "degF",
  pulse_unit: "/min",
  respiration_unit: "/min",
  BMI_unit: "kg/m2",
  bps_unit: "mm[Hg]",
  bpd_unit: "mm[Hg]",
  inhaled_oxygen_concentration_unit: "%",
  oxygen_saturation_unit: "%",
  oxygen_flow_rate_unit: "L/min",
  ped_weight_height_unit: "%",
  ped_bmi_unit: "%",
  ped_head_circ_unit: "%",
};

export function listVitals(request: ApiRequest): Answer {
  const rows = vitalsOf(request);
  return rows.length === 0
    ? request.site.profile.nothing
    : json(
        200,
        rows.map((row) => shown(request.site, "vital", toRecord(request, row))),
      );
}

export function oneVital(request: ApiRequest): Answer {
  const row = vitalsOf(request).find(({ id }) => String(id) === request.parameter("vid"));
  return row ? json(200, shown(request.site, "vital", toRecord(request, row))) : request.site.profile.nothing;
}

export function addVital(request: ApiRequest): Answer {
  const faults = findFaults(request.fields, {
    optional: Object.fromEntries(measured.map((field) => [field, numeric])),
  });
  if (hasFaults(faults)) return json(request.site.profile.validationStatus, faults);
  const { id } = store(request);
  return request.site.profile.vitals.storedButFailed ?? json(201, { vid: id, fid: id });
}

function store({ site, fields, parameter }: ApiRequest): VitalRow {
  const pid = Number(parameter("pid"));
  const encounter = Number(parameter("eid"));
  const row = site.chart.vitals.add({ uuid: randomUUID(), pid, encounter, date: now(site), values: valuesIn(fields) });
  site.chart.forms.add({ encounter, pid, formId: row.id, kind: "vitals" });
  return row;
}

export function changeVital(request: ApiRequest): Answer {
  const row = vitalsOf(request).find(({ id }) => String(id) === request.parameter("vid"));
  const { changed, unknownIsAdded } = request.site.profile.vitals;
  if (row) request.site.chart.vitals.put({ ...row, values: valuesIn(request.fields) });
  else if (unknownIsAdded) store(request);
  return changed;
}

function valuesIn(fields: Fields): Record<string, string> {
  const known = [...texts, ...measured];
  const given = Object.entries(fields).filter(([field, value]) => value !== "" && known.includes(field));
  return Object.fromEntries(given.map(([field, value]) => [field, textOf(value)]));
}

function vitalsOf({ site, parameter }: ApiRequest): VitalRow[] {
  const rows = site.chart.vitals.all().filter((row) => String(row.pid) === parameter("pid"));
  return rows.filter((row) => String(row.encounter) === parameter("eid"));
}

function toRecord({ site }: ApiRequest, row: VitalRow): Record<string, unknown> {
  const numbers = Object.entries(decimals).map(([field, digits]) => {
    const value = row.values[field];
    return [field, value === undefined ? null : Number(value).toFixed(digits)];
  });
  return {
    pid: row.pid,
    puuid: site.chart.patients.one(row.pid)?.uuid ?? null,
    eid: row.encounter,
    euuid: site.chart.encounters.find(({ encounter }) => encounter === row.encounter)?.uuid ?? null,
    user_uuid: null,
    user_npi: null,
    id: row.id,
    form_id: row.id,
    uuid: row.uuid,
    date: row.date,
    external_id: null,
    ...Object.fromEntries(texts.map((field) => [field, row.values[field] ?? null])),
    ...Object.fromEntries(numbers),
    BMI: null,
    BMI_status: null,
    oxygen_flow_rate: null,
    ped_weight_height: null,
    ped_bmi: null,
    ped_head_circ: null,
    inhaled_oxygen_concentration: null,
    last_updated: row.date,
    date_created: row.date,
    ...units,
  };
}
