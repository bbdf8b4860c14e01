/** Diagnosis codes that a code service reads out of a note. They are suggestions: nothing is in the note before a clinician puts it there. */
import { z } from "zod";
import type { Note, SectionName } from "./note.ts";
import { sectionNames } from "./note.ts";

/** One ICD-10 code. `confidence` is the service's own per cent, 0 to 100; null when it gave none. */
export const CodeSuggestion = z.object({
  code: z.string(),
  description: z.string(),
  justification: z.string(),
  confidence: z.number().min(0).max(100).nullable(),
});
export type CodeSuggestion = z.infer<typeof CodeSuggestion>;

/** `runId` is the service's name for this run, to ask its makers about it. */
export const CodeSuggestions = z.object({
  suggested: z.array(CodeSuggestion),
  /** Considered by the service and left out. */
  discarded: z.array(CodeSuggestion),
  runId: z.string().nullable(),
});
export type CodeSuggestions = z.infer<typeof CodeSuggestions>;

/** The line that accepting a code adds to the assessment. */
export function codeLine({ code, description }: Pick<CodeSuggestion, "code" | "description">): string {
  return description === "" ? `ICD-10 ${code}` : `ICD-10 ${code}: ${description}`;
}

/** The assessment with this line at its end; a line that is there already is not added twice. */
export function withLine(text: string, line: string): string {
  if (hasLine(text, line)) return text;
  const kept = text.trimEnd();
  return kept === "" ? line : `${kept}\n${line}`;
}

/** The assessment as it was before the line was added. */
export function withoutLine(text: string, line: string): string {
  return linesOf(text)
    .filter((one) => one.trim() !== line)
    .join("\n")
    .trimEnd();
}

export function hasLine(text: string, line: string): boolean {
  return linesOf(text).some((one) => one.trim() === line);
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/u);
}

const titles: Record<SectionName, string> = {
  subjective: "Subjective",
  objective: "Objective",
  assessment: "Assessment",
  plan: "Plan",
};

const acceptedLine = /^ICD-10 [A-Za-z0-9][\w.\-+*/]*(?::|$)/u;

/**
 * The text that a code service is given: the four sections under their names, and nothing else of the visit. Lines of accepted
 * codes are left out, so that accepting one does not make the suggestions out of date. Empty when the note is.
 */
export function codableText(note: Note): string {
  return sectionNames
    .map((section) => ({ section, text: withoutCodes(note[section]) }))
    .filter(({ text }) => text !== "")
    .map(({ section, text }) => `${titles[section]}:\n${text}`)
    .join("\n\n");
}

function withoutCodes(text: string): string {
  return linesOf(text)
    .filter((line) => !acceptedLine.test(line.trim()))
    .join("\n")
    .trim();
}
