import { z } from "zod";

export const sectionNames = ["subjective", "objective", "assessment", "plan"] as const;
export const SectionName = z.enum(sectionNames);
export type SectionName = z.infer<typeof SectionName>;

/** OpenEMR keeps at most this many UTF-8 bytes per section (facts/openemr-live.md 11). */
export const maxSectionBytes = 65_535;

/** Four sections of free text; a line or a full stop ends a sentence. */
export const Note = z.object({
  subjective: z.string(),
  objective: z.string(),
  assessment: z.string(),
  plan: z.string(),
});
export type Note = z.infer<typeof Note>;

export const emptyNote: Note = { subjective: "", objective: "", assessment: "", plan: "" };

export const MedicationAction = z.enum(["start", "continue", "increase", "decrease", "stop", "hold"]);

/** MedScribeAlliance §8 `medications.data[]`; what was not said is null. */
export const Medication = z.object({
  name: z.string(),
  dosage: z.string().nullable(),
  frequency: z.string().nullable(),
  route: z.string().nullable(),
  instructions: z.string().nullable(),
  action: MedicationAction.nullable(),
});
export type Medication = z.infer<typeof Medication>;

/** One part of a visit that was longer than a session of the service: its place in the audio, and what came of it. */
export const PartProvenance = z.object({
  number: z.number().int().positive(),
  startMs: z.number(),
  durationMs: z.number(),
  outcome: z.enum(["whole", "partial", "no_note"]),
});
export type PartProvenance = z.infer<typeof PartProvenance>;

/** Where a draft came from, shown on screen: the service, its model, the engines behind it. */
export const Provenance = z.object({
  service: z.string(),
  model: z.string().nullable(),
  speechEngine: z.string().nullable(),
  noteWriter: z.string().nullable(),
  language: z.string().nullable(),
  /** Only when there were several. */
  parts: z.array(PartProvenance).exactOptional(),
});
export type Provenance = z.infer<typeof Provenance>;

/** A result beside note and medicines, under the service's own name for it and in its own form. */
export const ExtraTemplate = z.object({ id: z.string(), value: z.unknown() });
export type ExtraTemplate = z.infer<typeof ExtraTemplate>;

/** What the scribe wrote, never changed afterwards. */
export const Draft = z.object({
  note: Note,
  medications: z.array(Medication),
  provenance: Provenance,
  /** Absent when the service gave nothing else. */
  extra: z.array(ExtraTemplate).exactOptional(),
  /** What the service could not finish, by its own names: templates and files. Absent when the draft is whole. */
  missing: z.array(z.string().max(80)).exactOptional(),
  /** The service writes what is missing from the audio that it holds. Absent: asking again needs the audio again. */
  restAlone: z.boolean().exactOptional(),
});
export type Draft = z.infer<typeof Draft>;

/** A sentence in its section, with the place of its text there (UTF-16 offsets). */
export type Sentence = { section: SectionName; index: number; text: string; start: number; end: number };

/** Splits a section into sentences; "81 mg." and "Dr. Smith" are not cut, each line is at least one sentence. */
export function splitSentences(section: SectionName, text: string): Sentence[] {
  const found: Sentence[] = [];
  const pattern = /[^\n]+?(?:[.!?](?=\s|$)|(?=\n)|$)/gu;
  for (const match of text.matchAll(pattern)) {
    const trimmed = match[0].trim();
    if (trimmed === "") continue;
    const start = match.index + match[0].indexOf(trimmed);
    const previous = found.at(-1);
    if (previous && endsWithAbbreviation(previous.text) && !text.slice(previous.end, start).includes("\n")) {
      previous.end = start + trimmed.length;
      previous.text = text.slice(previous.start, previous.end);
      continue;
    }
    found.push({ section, index: found.length, text: trimmed, start, end: start + trimmed.length });
  }
  return found;
}

function endsWithAbbreviation(text: string): boolean {
  return /(?:^|\s)(?:Dr|Mr|Mrs|Ms|vs|approx|e\.g|i\.e|No|\d+)\.$/u.test(text) && !/\d{2,}\.$/u.test(text);
}

/** Every sentence of a note, section by section. */
export function sentencesOf(note: Note): Sentence[] {
  return sectionNames.flatMap((section) => splitSentences(section, note[section]));
}

/** The bytes that signing freezes and filing reads back: one canonical form, so that one hash is comparable everywhere. */
export function canonicalNote(note: Note): string {
  return JSON.stringify(sectionNames.map((section) => note[section].replaceAll("\r\n", "\n").trim()));
}
