/** Encounters of a patient. In 8.x, whatever happens, the status is 200 (500 for an id that is no uuid); the body tells. */
import { randomUUID } from "node:crypto";
import { apiError } from "#sandbox/openemr/answer.ts";
import type { Answer } from "#sandbox/openemr/answer.ts";
import { textOf } from "#sandbox/openemr/incoming.ts";
import type { Fields } from "#sandbox/openemr/incoming.ts";
import type { EncounterRow, PatientRow } from "#sandbox/openemr/rows.ts";
import { isUuid, now, today } from "#sandbox/openemr/site.ts";
import type { Site } from "#sandbox/openemr/site.ts";
import type { ApiRequest } from "./api-request.ts";
import { encounterClasses, encounterRecord } from "./encounter-record.ts";
import { enveloped, invalid, paged } from "./envelope.ts";
import { anything, findFaults, hasFaults, isDate } from "./validation.ts";
import type { Faults } from "./validation.ts";

const notAUuid = apiError(500, "UUID columns must be a valid UUID string");

/** The latest first. */
export function listEncounters(request: ApiRequest): Answer {
  const { site, parameter } = request;
  if (!isUuid(parameter("puuid"))) return notAUuid;
  const patient = findPatient(site, parameter("puuid"));
  const rows = site.chart.encounters.all().filter((row) => row.pid === patient?.id);
  if (rows.length === 0) return enveloped(site.profile.encounters.emptyStatus, []);
  return paged(
    request,
    rows.toReversed().map((row) => encounterRecord(site, row)),
  );
}

export function oneEncounter({ site, parameter }: ApiRequest): Answer {
  if (!isUuid(parameter("euuid"))) return notAUuid;
  const row = findEncounter(site, parameter("puuid"), parameter("euuid"));
  return row ? enveloped(200, encounterRecord(site, row)) : enveloped(site.profile.encounters.emptyStatus, []);
}

export function addEncounter({ site, fields, parameter }: ApiRequest): Answer {
  const patient = findPatient(site, parameter("puuid"));
  const faults = { ...faultsOf(fields, []), ...patientFaults(patient, parameter("puuid")) };
  if (!patient || hasFaults(faults)) return invalid(site.profile.validationStatus, faults);
  const encounter = site.chart.nextNumber();
  const row = site.chart.encounters.add({
    encounter,
    uuid: randomUUID(),
    pid: patient.id,
    ...columnsOf(site, fields),
  });
  site.chart.forms.add({ encounter, pid: patient.id, formId: row.id, kind: "newpatient" });
  if (!site.profile.encounters.createdInFull) return enveloped(201, { encounter, uuid: row.uuid });
  return enveloped(200, { ...encounterRecord(site, row), encounter });
}

export function changeEncounter({ site, fields, parameter }: ApiRequest): Answer {
  const faults = faultsOf(fields, ["user", "group"]);
  const row = findEncounter(site, parameter("puuid"), parameter("euuid"));
  if (!row) faults["euuid"] = { "Callback::INVALID_VALUE": "Encounter UUID is invalid" };
  if (!row || hasFaults(faults)) return invalid(site.profile.validationStatus, faults);
  const changed = { ...row, ...columnsOf(site, fields), id: row.id, encounter: row.encounter, pid: row.pid };
  site.chart.encounters.put(changed);
  return site.profile.encounters.changedButFailed ?? enveloped(200, encounterRecord(site, changed));
}

type Columns = Omit<EncounterRow, "id" | "encounter" | "uuid" | "pid">;

function columnsOf(site: Site, fields: Fields): Columns {
  const text = (name: string): string | null => (fields[name] === undefined ? null : textOf(fields[name]));
  const number = (name: string): number | null => (fields[name] === undefined ? null : Number(fields[name]));
  return {
    date: storedDate(text("date"), today(site)),
    reason: text("reason"),
    sensitivity: text("sensitivity"),
    catid: Number(fields["pc_catid"]),
    classCode: textOf(fields["class_code"]),
    facilityId: number("facility_id"),
    billingFacility: number("billing_facility"),
    providerId: number("provider_id") ?? 0,
    posCode: number("pos_code"),
    externalId: text("external_id"),
    referralSource: text("referral_source") ?? "",
    lastUpdate: now(site),
  };
}

/** What the database makes of a date: an unreadable one becomes zeros. */
function storedDate(typed: string | null, today: string): string {
  if (typed === null) return `${today} 00:00:00`;
  const [day = "", time = "00:00:00"] = typed.split(/[ T]/u);
  return isDate(day) && /^\d\d:\d\d:\d\d$/u.test(time) ? `${day} ${time}` : "0000-00-00 00:00:00";
}

function faultsOf(fields: Fields, alsoRequired: readonly string[]): Faults {
  const required = Object.fromEntries(alsoRequired.map((field) => [field, anything]));
  return findFaults(fields, {
    required: {
      pc_catid: anything,
      class_code: (value) =>
        Object.hasOwn(encounterClasses, textOf(value))
          ? undefined
          : { "Callback::INVALID_VALUE": "class code is invalid" },
      ...required,
    },
  });
}

function patientFaults(patient: PatientRow | undefined, puuid: string): Faults {
  if (patient) return {};
  const fault = { "Callback::INVALID_VALUE": "Patient UUID is invalid" };
  const shape = { "Uuid::INVALID_UUID": "Patient UUID must be a valid UUID (valid format)" };
  return { puuid: { ...fault, ...(!isUuid(puuid) && shape) } };
}

function findPatient(site: Site, puuid: string): PatientRow | undefined {
  return site.chart.patients.find((row) => row.uuid === puuid);
}

function findEncounter(site: Site, puuid: string, euuid: string): EncounterRow | undefined {
  const patient = findPatient(site, puuid);
  return site.chart.encounters.find((row) => row.uuid === euuid && row.pid === patient?.id);
}
