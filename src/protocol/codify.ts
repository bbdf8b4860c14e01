/**
 * OmniScribe Codify: `POST {base}/v1/codify`, ICD-10 codes for the text of a note. `Authorization: Bearer`, `x-doctor` (required by
 * the API reference) and `x-patient`, which the service keeps for its audit: opaque ids, never names. Errors are
 * `{success: false, error, details}`; `details` may quote the note and is not read. No idempotency key.
 */
import { z } from "zod";

export const codifyModels = ["fast", "balanced", "high-quality"] as const;
export const CodifyModel = z.enum(codifyModels);
export type CodifyModel = z.infer<typeof CodifyModel>;

/** "50 KB" of UTF-8, read the narrower way. */
export const maxMedicalNoteBytes = 50_000;

export const CodifyRequest = z.object({ medical_note: z.string().min(1), model: CodifyModel });
export type CodifyRequest = z.infer<typeof CodifyRequest>;

/** Every run of white space is one space: codes and their words become one line of a note. */
const OneLine = z
  .string()
  .max(20_000)
  .transform((text) => text.replaceAll(/\s+/gu, " ").trim());

/** 95.2, "95.2" and "95,2 %" are the same; whatever is no per cent is no confidence. */
const Percent = z
  .unknown()
  .optional()
  .transform((told): number | null => {
    const text = typeof told === "string" ? told.replace("%", "").replace(",", ".").trim() : told;
    const value = typeof text === "string" && text !== "" ? Number(text) : text;
    return typeof value === "number" && value >= 0 && value <= 100 ? value : null;
  });

const Assessment = z.looseObject({
  code: OneLine.pipe(z.string().regex(/^[A-Za-z0-9][\w.\-+*/]{0,15}$/u)),
  description: OneLine.nullish().transform((text) => text ?? ""),
  justification: OneLine.nullish().transform((text) => text ?? ""),
  confidence_percent: Percent,
});

/** 200. The lists may be empty; the list of discarded codes may be missing. */
export const CodifyAnswer = z.looseObject({
  final_code_assessments: z.array(Assessment).max(500),
  discarded_code_assessments: z
    .array(Assessment)
    .max(500)
    .nullish()
    .transform((list) => list ?? []),
  run_id: z.string().max(200).nullish(),
});
export type CodifyAnswer = z.infer<typeof CodifyAnswer>;
