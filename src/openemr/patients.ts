/** Patients of the chart: found by name or date of birth, read by uuid. */
import { Envelope, PatientCreated, PatientRecord } from "#protocol/openemr.ts";
import { PatientId } from "#model/id.ts";
import type { Patient } from "#model/patient.ts";
import { problem } from "#model/problem.ts";
import { forEachOf, parse, segment } from "./call.ts";
import type { Access, Call } from "./call.ts";
import { validationProblem } from "./refusal.ts";

/** A patient with the numeric `pid` that OpenEMR's appointment and note routes want. */
export type ChartPatient = { patient: Patient; pid: string };

export type Patients = {
  /**
   * At most 20 patients. "diaz", "ana diaz", "diaz, ana", a date of birth `YYYY-MM-DD` or a telephone number as it is
   * written in the chart, with or without its signs; names match from their beginning.
   * OpenEMR cannot search by record number (it ignores the parameter and lists everybody).
   */
  search(access: Access, text: string): Promise<ChartPatient[]>;
  /** Throws `not_found`. */
  get(access: Access, id: PatientId): Promise<ChartPatient>;
  /** A new patient, read back. After `timed_out` or `openemr_down` it may be there all the same: search before trying again. */
  create(access: Access, patient: NewPatient): Promise<ChartPatient>;
};

export type NewPatient = {
  firstName: string;
  lastName: string;
  /** `YYYY-MM-DD`. */
  birthDate: string;
  sex: "Female" | "Male" | "UNK";
  phone: string;
};

const limit = 20;

export function createPatients(call: Call): Patients {
  const get: Patients["get"] = async (access, id) => {
    const { json } = await call(access, { method: "GET", path: `/api/patient/${segment(id)}` });
    const record = PatientRecord.safeParse(json === undefined ? undefined : parse(Envelope, json).data);
    if (record.success) return toChartPatient(record.data);
    // An unknown uuid is a 400 with validation errors, in older versions an empty list (facts 22).
    if (json === undefined || isEmptyData(json)) throw problem("not_found");
    throw problem("openemr_answer_unreadable", { detail: `at ${record.error.issues[0]?.path.join(".") ?? ""}` });
  };
  return {
    async search(access, text) {
      const lists = await forEachOf(searchesFor(text), (search) => find(call, access, search));
      const byId = new Map(lists.flat().map((found) => [found.patient.id, found]));
      return [...byId.values()].slice(0, limit);
    },
    get,
    async create(access, { firstName, lastName, birthDate, sex, phone }) {
      const body = { fname: firstName, lname: lastName, DOB: birthDate, sex, phone_home: phone };
      const { json } = await call(access, { method: "POST", path: "/api/patient", body });
      const answer = parse(Envelope, json);
      const created = PatientCreated.safeParse(answer.data);
      if (!created.success) throw validationProblem(answer.validationErrors);
      return get(access, PatientId.parse(created.data.uuid));
    },
  };
}

type Search = { fname?: string; lname?: string; DOB?: string; phone_home?: string; phone_cell?: string };

/** Every reading of what was typed; `%` and `_` would be wildcards. */
function searchesFor(text: string): Search[] {
  const typed = text.replaceAll(/[%_]/g, " ").trim();
  if (/^\d{4}-\d\d-\d\d$/.test(typed)) return [{ DOB: typed }];
  if (/^[+(]?\d[\d\s().+-]{4,}$/.test(typed)) return phoneSearches(typed);
  const [last, first] = typed.split(",").map((part) => part.trim());
  if (first !== undefined) return first === "" ? [{ lname: last ?? "" }] : [{ lname: last ?? "", fname: first }];
  const words = typed.split(/\s+/).filter((word) => word !== "");
  const [one, ...rest] = words;
  if (one === undefined) return [];
  if (rest.length === 0) return [{ lname: one }, { fname: one }];
  const splits: Search[] = [{ lname: words.join(" ") }];
  for (let index = 1; index < words.length; index += 1) {
    const before = words.slice(0, index).join(" ");
    const after = words.slice(index).join(" ");
    splits.push({ fname: before, lname: after }, { fname: after, lname: before });
  }
  return splits.slice(0, 7);
}

/** OpenEMR compares the whole number as it was written, so the usual ways of writing it are asked for. */
function phoneSearches(typed: string): Search[] {
  const digits = typed.replaceAll(/\D/g, "");
  const [, area = "", exchange = "", line = ""] = /^1?(\d{3})(\d{3})(\d{4})$/.exec(digits) ?? [];
  const american = area === "" ? [] : [`${area}-${exchange}-${line}`, `(${area}) ${exchange}-${line}`];
  const written = new Set([typed, digits, ...american]);
  return [...written].flatMap((number) => [{ phone_home: number }, { phone_cell: number }]);
}

async function find(call: Call, access: Access, search: Search): Promise<ChartPatient[]> {
  const query = { ...search, _limit: String(limit), _sort: "lname" };
  const { json } = await call(access, { method: "GET", path: "/api/patient", query });
  if (json === undefined) return [];
  const records = parse(PatientRecord.array(), parse(Envelope, json).data);
  return records.map(toChartPatient);
}

function isEmptyData(json: unknown): boolean {
  const { data } = parse(Envelope, json);
  return data === null || data === undefined || (Array.isArray(data) && data.length === 0);
}

function toChartPatient(record: PatientRecord): ChartPatient {
  const name = [record.fname, record.mname, record.lname].filter((part) => part !== null).join(" ");
  return {
    pid: record.pid,
    patient: {
      id: PatientId.parse(record.uuid),
      name: name === "" ? "Name missing" : name,
      birthDate: birthDateOf(record.DOB),
      recordNumber: record.pubpid ?? record.pid,
      sex: record.sex,
    },
  };
}

/** OpenEMR writes "0000-00-00" where nothing was entered. */
function birthDateOf(date: string | null): string | null {
  return date !== null && /^[12]\d{3}-\d\d-\d\d$/.test(date) ? date : null;
}
