/**
 * The notes of a visit's parts as one draft. In: what each part's job gave, in order. Out: the sections one after the other under
 * their headings, each medicine once, the transcript on the visit's own time line. Nothing is rewritten and nothing is left out.
 */
import type { Medication, Note, PartProvenance } from "#model/note.ts";
import { sectionNames } from "#model/note.ts";
import type { Transcript, Turn } from "#model/transcript.ts";
import type { PartResult } from "./part-results.ts";

/** `answer` is null for a part in which the scribe found too little to write from. */
export type Part = { number: number; startMs: number; durationMs: number; answer: PartResult | null };

/** At least one part has an answer. */
export function mergeParts(parts: readonly Part[]): PartResult {
  const answered = parts.flatMap(({ answer, ...part }) => (answer === null ? [] : [{ ...part, ...answer }]));
  const [first] = answered;
  if (first === undefined) throw new TypeError("no part has an answer");
  if (parts.length === 1) return { isWhole: first.isWhole, result: first.result };
  const results = answered.map(({ result }) => result);
  const extra = results.flatMap((result) => result.extra ?? []);
  const missing = [...new Set(results.flatMap((result) => result.missing ?? []))];
  const restAlone = missing.length > 0 && answered.every(({ isWhole, result }) => isWhole || result.restAlone === true);
  return {
    isWhole: parts.every(({ answer }) => answer?.isWhole === true),
    result: {
      note: joinNotes(results.map(({ note }) => note)),
      medications: results.flatMap(({ medications }) => medications).reduce<Medication[]>(addMedication, []),
      transcript: joinTranscripts(answered),
      provenance: { ...first.result.provenance, parts: parts.map(toProvenance) },
      ...(extra.length > 0 && { extra }),
      ...(missing.length > 0 && { missing }),
      ...(restAlone && { restAlone }),
    },
  };
}

function toProvenance({ number, startMs, durationMs, answer }: Part): PartProvenance {
  const whole = answer?.isWhole === true ? "whole" : "partial";
  return { number, startMs, durationMs, outcome: answer === null ? "no_note" : whole };
}

function joinNotes(notes: readonly Note[]): Note {
  const joined = sectionNames.map((section) => [
    section,
    notes
      .map((note) => note[section].trim())
      .filter((text) => text !== "")
      .join("\n"),
  ]);
  return Object.fromEntries(joined) as Note;
}

const facts = ["dosage", "frequency", "route", "instructions", "action"] as const;

/** The same medicine told twice without contradiction is one; another dose or action is another line. */
function addMedication(known: Medication[], added: Medication): Medication[] {
  const place = known.findIndex((medication) => isSame(medication, added));
  const same = known[place];
  if (same === undefined) return [...known, added];
  return known.with(place, {
    ...same,
    dosage: same.dosage ?? added.dosage,
    frequency: same.frequency ?? added.frequency,
    route: same.route ?? added.route,
    instructions: same.instructions ?? added.instructions,
    action: same.action ?? added.action,
  });
}

function isSame(one: Medication, other: Medication): boolean {
  if (plain(one.name) !== plain(other.name)) return false;
  return facts.every((fact) => one[fact] === null || other[fact] === null || plain(one[fact]) === plain(other[fact]));
}

function plain(text: string): string {
  return text.trim().toLowerCase();
}

type Answered = Omit<Part, "answer"> & PartResult;

function joinTranscripts(parts: readonly Answered[]): Transcript {
  return {
    language: parts.map(({ result }) => result.transcript.language).find((language) => language !== null) ?? null,
    turns: parts.flatMap((part) => part.result.transcript.turns.map((turn) => shift(turn, part))),
  };
}

/** Ids of the first part stay; those of the others say their part, because every service counts from the same beginning. */
function shift(turn: Turn, { number, startMs }: Answered): Turn {
  const later = (ms: number | null): number | null => (ms === null ? null : ms + startMs);
  return {
    ...turn,
    id: number === 1 ? turn.id : `part${number}.${turn.id}`,
    startMs: later(turn.startMs),
    endMs: later(turn.endMs),
    words: turn.words.map((word) => ({ ...word, startMs: later(word.startMs), endMs: later(word.endMs) })),
  };
}
