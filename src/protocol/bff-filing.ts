/** What crosses between the browser and the clinic server of a signed note's way into the chart; the rules of bff.ts hold. */
import { z } from "zod";
import { Problem } from "#model/problem.ts";

const FilingState = z.enum(["waiting", "filing", "verified", "failed"]);

/** A PDF on its way into OpenEMR's documents. */
const DocumentView = z.object({
  kind: z.enum(["note", "summary"]),
  state: FilingState,
  documentId: z.string().nullable(),
  verifiedAt: z.iso.datetime().nullable(),
  problem: Problem.nullable(),
});
export type DocumentView = z.infer<typeof DocumentView>;

/** Where filing stands; `problem` says why it waits. */
export const FilingView = z.object({
  state: FilingState,
  encounter: z.string().nullable(),
  noteId: z.string().nullable(),
  verifiedAt: z.iso.datetime().nullable(),
  problem: Problem.nullable(),
  /** The newest of each kind; absent where the clinic files no documents. */
  documents: z.array(DocumentView).exactOptional(),
});
export type FilingView = z.infer<typeof FilingView>;
