import { z } from "zod";
import { SectionName } from "./note.ts";

/** Words `from..to` (inclusive indexes into the turn's words) that a sentence came from. */
export const EvidenceSpan = z.object({ turnId: z.string(), from: z.number().int(), to: z.number().int() });
export type EvidenceSpan = z.infer<typeof EvidenceSpan>;

export const EvidenceMark = z.enum(["supported", "weak", "unsupported"]);
export type EvidenceMark = z.infer<typeof EvidenceMark>;

/** The mark of one sentence of the note, by section and index. */
export const SentenceEvidence = z.object({
  section: SectionName,
  index: z.number().int(),
  text: z.string(),
  mark: EvidenceMark,
  spans: z.array(EvidenceSpan),
});
export type SentenceEvidence = z.infer<typeof SentenceEvidence>;

export const CheckKind = z.enum([
  "unsupported_sentence",
  "number_missing",
  "drug_missing",
  "allergy_missing",
  "negation_missing",
  "side_missing",
  "unclear_words",
  "empty_section",
]);
export type CheckKind = z.infer<typeof CheckKind>;

/** Something a person should look at before signing. `id` is stable while the words stay the same. */
export const Check = z.object({
  id: z.string(),
  kind: CheckKind,
  /** What was said or written, in the words of the transcript or note. */
  quote: z.string(),
  section: SectionName.nullable(),
  span: EvidenceSpan.nullable(),
});
export type Check = z.infer<typeof Check>;

export const Evidence = z.object({ sentences: z.array(SentenceEvidence), checks: z.array(Check) });
export type Evidence = z.infer<typeof Evidence>;
