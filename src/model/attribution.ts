/**
 * OpenEMR keeps no author with a note (facts: `form_soap.user` is NULL), so the text itself must say who signed it and
 * what drafted it. The line is part of the signed text: what was signed is what is filed, to the letter.
 */
import { dateIn, timeIn } from "./clock.ts";
import { emptyNote, type Note } from "./note.ts";

export type Attribution = {
  signerName: string;
  /** As `signedAtText` makes it: clinic wall clock with its zone. */
  signedAtText: string;
  /** The service that wrote the draft; empty when a person typed the note. */
  draftedWith: string;
};

/** "2026-11-21 10:52 (America/New_York)". */
export function signedAtText(instantMs: number, timeZone: string): string {
  return `${dateIn(timeZone, instantMs)} ${timeIn(timeZone, instantMs)} (${timeZone})`;
}

/** The note with its last line in the plan: who signed it, when, and what drafted it. */
export function attributed(note: Note, by: Attribution): Note {
  const line = attributionLine(by);
  const plan = note.plan.trimEnd();
  return { ...note, plan: plan === "" ? line : `${plan}\n\n${line}` };
}

/**
 * What is added to a signed note, as a note of its own: OpenEMR's notes are never overwritten, and it links none to another, so the
 * text says which note it belongs to. `originalAt` is when that one was signed, as `signedAtText` makes it.
 */
export function addendumNote(text: string, by: Omit<Attribution, "draftedWith"> & { originalAt: string }): Note {
  const head = `Addendum to the note signed ${by.originalAt}.`;
  const last = attributionLine({ ...by, draftedWith: "" });
  return { ...emptyNote, subjective: `${head}\n\n${text.trim()}\n\n${last}` };
}

function attributionLine(by: Attribution): string {
  const signed = `Signed by ${by.signerName}, ${by.signedAtText}.`;
  return by.draftedWith === "" ? signed : `${signed} Drafted with ${by.draftedWith}, reviewed by ${by.signerName}.`;
}
