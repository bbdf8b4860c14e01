/** What a document says: the signed note with its addenda, or what the patient takes home of it. Nothing is added to what was signed. */
import { signedAtText } from "#model/attribution.ts";
import { dateIn, timeIn } from "#model/clock.ts";
import type { Note, SectionName } from "#model/note.ts";
import { sectionNames } from "#model/note.ts";
import type { Patient } from "#model/patient.ts";
import type { PdfContent } from "./pdf.ts";

export type DocumentSource = {
  patient: Patient;
  clinic: string;
  clinician: string;
  reason: string;
  /** Clock ms. */
  startedAt: number;
  timeZone: string;
  note: Note;
  signedAt: number;
  draftedWith: string;
  addenda: readonly { text: string; signedAt: number }[];
  /** Sentences of the note that ask for a follow-up. */
  followUps: readonly string[];
};

const headings: Record<SectionName, string> = {
  subjective: "Subjective",
  objective: "Objective",
  assessment: "Assessment",
  plan: "Plan",
};

export function noteDocument(source: DocumentSource): PdfContent {
  const { note, addenda, timeZone } = source;
  const parts = sectionNames.map((name) => ({ heading: headings[name], text: note[name] }));
  const added = addenda.map(({ text, signedAt }) => ({
    heading: `Addendum, ${signedAtText(signedAt, timeZone)}`,
    text,
  }));
  return { ...frame(source, "Visit note"), parts: [...parts, ...added].filter(({ text }) => text.trim() !== "") };
}

/** For the patient: what was found and what was agreed, and when to come back. */
export function summaryDocument(source: DocumentSource): PdfContent {
  const { note, followUps, addenda } = source;
  const parts = [
    { heading: "What was found", text: note.assessment },
    { heading: "What was agreed", text: note.plan },
    { heading: "When to come back", text: followUps.join("\n") },
    ...addenda.map(({ text }) => ({ heading: "Added later", text })),
  ];
  return { ...frame(source, "Your visit"), parts: parts.filter(({ text }) => text.trim() !== "") };
}

function frame(source: DocumentSource, title: string): Omit<PdfContent, "parts"> {
  const { patient, clinic, clinician, reason, startedAt, timeZone, signedAt, draftedWith } = source;
  const drafted = draftedWith === "" ? "" : `Drafted with ${draftedWith}, reviewed by ${clinician}`;
  const facts: [string, string][] = [
    ["Patient", patient.name],
    ["Visit", `${dateIn(timeZone, startedAt)}, ${timeIn(timeZone, startedAt)}`],
    ["Born", patient.birthDate ?? "not known"],
    ["Clinician", clinician],
    ["Sex", patient.sex ?? "not known"],
    ["Reason", reason === "" ? "Visit" : reason],
    ["Record number", patient.recordNumber],
    ["Signed", `${clinician}, ${signedAtText(signedAt, timeZone)}`],
    ...(drafted === "" ? [] : [["Note", drafted] satisfies [string, string]]),
  ];
  const foot = `${patient.name}   ·   record ${patient.recordNumber}   ·   ${dateIn(timeZone, startedAt)}`;
  return { title, clinic, facts, foot, author: clinician, madeAt: new Date(signedAt) };
}
