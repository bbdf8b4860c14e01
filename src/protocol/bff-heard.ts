/** What a scribe has heard so far, for the recording screen; the rules of bff.ts hold. */
import { z } from "zod";
import { Speaker } from "#model/transcript.ts";

/**
 * `GET /api/visits/:visitId/heard` (the visit's clinician, until there is a draft: then 409 `conflict`). Rough words that may still
 * change; neither server nor browser keeps them.
 */
export const HeardView = z.object({
  /** False where the service tells nothing before the end. */
  isGiven: z.boolean(),
  lines: z.array(z.object({ id: z.string(), speaker: Speaker, text: z.string() })),
});
export type HeardView = z.infer<typeof HeardView>;
