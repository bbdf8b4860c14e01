/**
 * Encounters and SOAP notes. A note is written once; what was written is found again by its text, because OpenEMR keeps no
 * key of ours with it, lists other patients' notes beside it, and takes a second copy without a word.
 */
import { EncounterRow, Envelope, SoapCreated, SoapRow, SoapRows } from "#protocol/openemr.ts";
import { canonicalNote, maxSectionBytes, sectionNames } from "#model/note.ts";
import type { Note } from "#model/note.ts";
import { problem } from "#model/problem.ts";
import { parse, segment } from "./call.ts";
import type { Access, Call } from "./call.ts";
import { validationProblem } from "./refusal.ts";

/** OpenEMR's encounter: `id` is the number that note routes want. */
export type Encounter = { id: string; uuid: string | null };

export type NewEncounter = {
  /** Patient uuid. */
  patientId: string;
  /** Our visit id: readable back, and so the key by which an encounter is found again. */
  externalId: string;
  /** Clinic date `YYYY-MM-DD`. */
  date: string;
  reason: string;
  categoryId: string;
  facilityId: string;
  /** Numeric `users.id`; without it OpenEMR leaves the provider empty. */
  providerId?: string;
};

export type EncounterKey = { patientId: string; externalId: string; uuid?: string | null };

/** Where a note stands. */
export type NotePlace = { pid: string; encounterId: string };

export type Notes = {
  /**
   * The patient's encounter with this uuid, else (none is wanted, or it is gone) the one with this external id; the first made,
   * should there be two.
   */
  findEncounter(access: Access, key: EncounterKey): Promise<Encounter | undefined>;
  /** The clinic date of the patient's encounter with this uuid; undefined when there is none. */
  dateOfEncounter(access: Access, key: { patientId: string; uuid: string }): Promise<string | undefined>;
  createEncounter(access: Access, encounter: NewEncounter): Promise<Encounter>;
  /** The id (`sid`) of a note of this patient in this encounter with exactly this text. */
  findNote(access: Access, place: NotePlace, note: Note): Promise<string | undefined>;
  /** Writes; the new `sid`. Throws `section_too_long` before anything is sent. */
  write(access: Access, place: NotePlace, note: Note): Promise<string>;
  /** The note's text, or undefined when there is no such note of this patient. */
  read(access: Access, place: NotePlace, noteId: string): Promise<Note | undefined>;
};

export function createNotes(call: Call): Notes {
  const rowsOf = async (access: Access, patientId: string): Promise<EncounterRow[]> => {
    const { json } = await call(access, { method: "GET", path: encountersOf(patientId) });
    const data = json === undefined ? [] : parse(Envelope, json).data;
    return parse(EncounterRow.array(), Array.isArray(data) ? data : []);
  };
  return {
    async dateOfEncounter(access, { patientId, uuid }) {
      return (await rowsOf(access, patientId)).find((row) => row.uuid === uuid)?.date ?? undefined;
    },
    async findEncounter(access, key) {
      const rows = await rowsOf(access, key.patientId);
      const opened = rows.filter((row) => row.uuid !== null && row.uuid === key.uuid);
      const ours = rows.filter((row) => row.externalId === key.externalId);
      return firstMade(opened) ?? firstMade(ours);
    },
    createEncounter: (access, encounter) => createEncounter(call, access, encounter),
    async findNote(access, place, note) {
      const { json } = await call(access, { method: "GET", path: notesOf(place) });
      const wanted = canonicalNote(note);
      const same = parse(SoapRows, json ?? []).filter((row) => row.pid === place.pid && canonicalNote(row) === wanted);
      return same.map((row) => row.id).sort((one, other) => Number(one) - Number(other))[0];
    },
    async write(access, place, note) {
      const { json } = await call(access, { method: "POST", path: notesOf(place), body: toBody(note) });
      const created = SoapCreated.safeParse(json);
      if (!created.success) throw validationProblem(json);
      return created.data.sid;
    },
    async read(access, place, noteId) {
      const { json } = await call(access, { method: "GET", path: `${notesOf(place)}/${segment(noteId)}` });
      if (json === undefined) return undefined;
      const { pid, subjective, objective, assessment, plan } = parse(SoapRow, json);
      return pid === place.pid ? { subjective, objective, assessment, plan } : undefined;
    },
  };
}

function firstMade(rows: readonly EncounterRow[]): Encounter | undefined {
  const numbered = rows.flatMap(({ id, uuid }) => (id === null ? [] : [{ id, uuid }]));
  return numbered.sort((one, other) => Number(one.id) - Number(other.id))[0];
}

async function createEncounter(call: Call, access: Access, encounter: NewEncounter): Promise<Encounter> {
  const body = {
    pc_catid: encounter.categoryId,
    class_code: "AMB",
    date: encounter.date,
    reason: encounter.reason,
    facility_id: encounter.facilityId,
    billing_facility: encounter.facilityId,
    sensitivity: "normal",
    external_id: encounter.externalId,
    ...(encounter.providerId === undefined ? {} : { provider_id: encounter.providerId }),
  };
  const { json } = await call(access, { method: "POST", path: encountersOf(encounter.patientId), body });
  const { data, validationErrors } = parse(Envelope, json);
  const created = EncounterRow.safeParse(data);
  if (!created.success || created.data.id === null) throw validationProblem(validationErrors);
  return { id: created.data.id, uuid: created.data.uuid };
}

function encountersOf(patientId: string): string {
  return `/api/patient/${segment(patientId)}/encounter`;
}

function notesOf(place: NotePlace): string {
  return `/api/patient/${segment(place.pid)}/encounter/${segment(place.encounterId)}/soap_note`;
}

/** All four sections, always: a missing one would become NULL. */
function toBody(note: Note): Note {
  const body = { ...note };
  for (const section of sectionNames) {
    const sizeBytes = new TextEncoder().encode(note[section]).length;
    if (sizeBytes > maxSectionBytes) throw problem("section_too_long", { field: section });
    // OpenEMR refuses one byte alone, but takes nothing and two; the canonical form does not see the space.
    if (sizeBytes === 1) body[section] = `${note[section]} `;
  }
  return body;
}
