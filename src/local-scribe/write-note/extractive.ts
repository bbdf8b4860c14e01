/**
 * The built-in note writer: no model, no network. In: a transcript, usually lower case, without punctuation and speakers,
 * some words wrong. Out: a note made of what was said and nothing else, one sentence a line, and the medicines named.
 * Words the engine was unsure of show as [unclear] and never become facts. Holds nothing; a crash loses nothing.
 */
import type { Note, SectionName } from "#model/note.ts";
import { sectionNames } from "#model/note.ts";
import type { NoteWriter } from "#local-scribe/note-writer.ts";
import { clausesOf } from "./clauses.ts";
import { place } from "./classify.ts";
import type { Placed } from "./classify.ts";
import { findMedications } from "./medications.ts";
import { phrase } from "./phrase.ts";
import { pairAnswers } from "./answers.ts";

/** A writer that only rearranges and tidies what was said. Never rejects. */
export function createExtractiveWriter(): NoteWriter {
  return {
    name: "Chartside extractive writer",
    write(transcript) {
      const clauses = transcript.turns.flatMap(clausesOf);
      const placed = place(pairAnswers(clauses));
      return Promise.resolve({ note: toNote(placed), medications: findMedications(placed) });
    },
  };
}

function toNote(placed: readonly Placed[]): Note {
  const linesOf = (section: SectionName): string =>
    [...new Set(placed.filter((line) => line.section === section).map(phrase))].join("\n");
  const [subjective, objective, assessment, plan] = sectionNames.map(linesOf);
  return { subjective: subjective ?? "", objective: objective ?? "", assessment: assessment ?? "", plan: plan ?? "" };
}
