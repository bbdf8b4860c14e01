import { z } from "zod";

/**
 * One word as heard. Times are ms from the start of the visit's audio; `confidence` is the engine's own posterior 0..1.
 * Any of the three is null where the engine gives none.
 */
export const Word = z.object({
  text: z.string(),
  startMs: z.number().nullable(),
  endMs: z.number().nullable(),
  confidence: z.number().min(0).max(1).nullable(),
  /** The engine was not sure: shown as unclear, and no support for anything. */
  unclear: z.boolean(),
});
export type Word = z.infer<typeof Word>;

export const Speaker = z.enum(["clinician", "patient", "unknown"]);
export type Speaker = z.infer<typeof Speaker>;

/** One stretch of speech. */
export const Turn = z.object({
  id: z.string(),
  speaker: Speaker,
  startMs: z.number().nullable(),
  endMs: z.number().nullable(),
  words: z.array(Word),
});
export type Turn = z.infer<typeof Turn>;

export const Transcript = z.object({ turns: z.array(Turn), language: z.string().nullable() });
export type Transcript = z.infer<typeof Transcript>;

/** The plain words of a turn. */
export function turnText(turn: Turn): string {
  return turn.words.map((word) => word.text).join(" ");
}
