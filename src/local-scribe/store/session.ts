import { z } from "zod";
import { Medication, Note } from "#model/note.ts";
import { Transcript } from "#model/transcript.ts";

export const SessionState = z.enum(["created", "recording", "processing", "completed", "partial", "failed", "expired"]);
export type SessionState = z.infer<typeof SessionState>;

export const SessionRequest = z.object({
  model: z.string(),
  templates: z.array(z.string()),
  single: z.boolean(),
  /** The most audio it takes; absent in sessions of older versions. */
  maxSessionMs: z.number().exactOptional(),
  /** What the client wants back unchanged, under the name it used. */
  reference: z
    .object({ field: z.enum(["additional_data", "metadata"]), value: z.record(z.string(), z.unknown()) })
    .nullable(),
});
export type SessionRequest = z.infer<typeof SessionRequest>;

/** How a session came out. `problems` are told to the client as `processing_errors`; an `unwritten` session has its transcript all the same. */
export const Outcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("written"), note: Note, medications: z.array(Medication), missing: z.array(z.string()) }),
  z.object({ kind: z.literal("unwritten"), missing: z.array(z.string()) }),
  z.object({
    kind: z.literal("failed"),
    code: z.enum(["audio_too_short", "audio_quality_poor", "processing_failed"]),
    message: z.string(),
  }),
]);
export type Outcome = z.infer<typeof Outcome>;

export type Session = {
  id: string;
  state: SessionState;
  request: SessionRequest;
  createdAt: number;
  expiresAt: number;
  endedAt: number | null;
  filesSent: number | null;
  transcript: Transcript | null;
  outcome: Outcome | null;
  finishedAt: number | null;
};

const Row = z
  .object({
    id: z.string(),
    state: SessionState,
    request: z.string().transform((text) => SessionRequest.parse(JSON.parse(text))),
    created_at: z.number(),
    expires_at: z.number(),
    ended_at: z.number().nullable(),
    files_sent: z.number().nullable(),
    transcript: z
      .string()
      .transform((text) => Transcript.parse(JSON.parse(text)))
      .nullable(),
    outcome: z
      .string()
      .transform((text) => Outcome.parse(JSON.parse(text)))
      .nullable(),
    finished_at: z.number().nullable(),
  })
  .transform((row): Session => ({
    id: row.id,
    state: row.state,
    request: row.request,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    filesSent: row.files_sent,
    transcript: row.transcript,
    outcome: row.outcome,
    finishedAt: row.finished_at,
  }));

/** Reads a row of the database. */
export function toSession(row: unknown): Session {
  return Row.parse(row);
}
