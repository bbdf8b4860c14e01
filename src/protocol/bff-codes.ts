/** Code suggestions between the browser and the clinic server; the rules of bff.ts hold. */
import { z } from "zod";
import { CodeSuggestions } from "#model/code-suggestion.ts";
import { Problem } from "#model/problem.ts";

/**
 * `POST /api/visits/:visitId/codes` (the visit's clinician, from the draft until signing) -> `CodesView`. Starts a job for the note
 * as saved and answers at once. The same text again is the same job; one that failed is begun anew. 409 `conflict` when `revision`
 * is not the newest or the visit is in no such state, 422 `coding_note_too_large`, 404 where the clinic has no code service.
 */
export const CodesAsk = z.object({ revision: z.number().int().nonnegative() });

export const CodesJob = z.object({
  state: z.enum(["running", "done", "failed"]),
  /** The revision that was sent, and whether the note's text is still that of it. */
  revision: z.number().int().nonnegative(),
  isCurrent: z.boolean(),
  askedAt: z.iso.datetime(),
  /** More than 1: the clinic server was restarted meanwhile, and the service was asked anew. */
  asks: z.number().int().positive(),
  /** Why it failed. */
  problem: Problem.nullable(),
  /** What a finished job found. */
  result: CodeSuggestions.nullable(),
});
export type CodesJob = z.infer<typeof CodesJob>;

/** `GET /api/visits/:visitId/codes`: the job of the note's text, else the newest one. A `visit` event says when it has ended. */
export const CodesView = z.object({
  /** False where the clinic has no code service: then the screen offers nothing. */
  isOffered: z.boolean(),
  job: CodesJob.nullable(),
});
export type CodesView = z.infer<typeof CodesView>;
