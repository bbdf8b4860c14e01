/** The note of a visit as stored: the draft as it came, the newest revision, and the signed text. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Store } from "#bff/store/store.ts";
import { Evidence } from "#model/evidence.ts";
import { FollowUpRequest } from "#model/follow-up.ts";
import type { VisitId } from "#model/id.ts";
import { canonicalNote, Draft, Note } from "#model/note.ts";
import { problem } from "#model/problem.ts";
import { Transcript } from "#model/transcript.ts";
import { VisitMarks } from "#protocol/bff-audio.ts";
import type { Columns } from "./insert-row.ts";
import { jsonText, type VisitRecord } from "./visit-record.ts";

const DraftRow = z.object({
  draft_json: jsonText(Draft),
  transcript_json: jsonText(Transcript),
  evidence_json: jsonText(Evidence),
  follow_ups_json: jsonText(z.array(FollowUpRequest)),
});
export type DraftRecord = {
  draft: Draft;
  transcript: Transcript;
  evidence: Evidence;
  followUps: FollowUpRequest[];
};

/** Throws `not_found` before there is a draft. */
export async function readDraft(store: Store, visitId: VisitId): Promise<DraftRecord> {
  const [row] = await store.query("SELECT * FROM drafts WHERE visit_id = ?", [visitId]);
  if (row === undefined) throw problem("not_found", { field: "note" });
  const parsed = DraftRow.parse(row);
  return {
    draft: parsed.draft_json,
    transcript: parsed.transcript_json,
    evidence: parsed.evidence_json,
    followUps: parsed.follow_ups_json,
  };
}

const RevisionRow = z
  .object({ revision: z.number(), note_json: jsonText(Note), saved_at: z.number() })
  .transform((row) => ({ revision: row.revision, note: row.note_json, savedAt: row.saved_at }));
export type RevisionRecord = z.output<typeof RevisionRow>;

/** Throws `not_found` before there is a draft; revision 0 is the draft's text. */
export async function newestRevision(store: Store, visitId: VisitId): Promise<RevisionRecord> {
  const newest = await findRevision(store, visitId);
  if (newest === undefined) throw problem("not_found", { field: "note" });
  return newest;
}

/** The newest one, undefined before there is a draft. */
export async function findRevision(store: Store, visitId: VisitId): Promise<RevisionRecord | undefined> {
  const newest =
    "SELECT revision, note_json, saved_at FROM revisions WHERE visit_id = ? ORDER BY revision DESC LIMIT 1";
  const [row] = await store.query(newest, [visitId]);
  return row === undefined ? undefined : RevisionRow.parse(row);
}

/** One revision by its number; throws `not_found`. */
export async function readRevision(store: Store, visitId: VisitId, revision: number): Promise<RevisionRecord> {
  const one = "SELECT revision, note_json, saved_at FROM revisions WHERE visit_id = ? AND revision = ?";
  const [row] = await store.query(one, [visitId, revision]);
  if (row === undefined) throw problem("not_found", { field: "note" });
  return RevisionRow.parse(row);
}

const SignedRow = z
  .object({ note_json: jsonText(Note), sha256: z.string(), signed_at: z.number(), signer_name: z.string() })
  .transform((row) => ({ note: row.note_json, sha256: row.sha256, signedAt: row.signed_at, signer: row.signer_name }));
export type SignedRecord = z.output<typeof SignedRow>;

/** SHA-256 (hex) of the canonical note. */
export function hashOf(note: Note): string {
  return createHash("sha256").update(canonicalNote(note)).digest("hex");
}

/** What is kept of a signature: the text to the letter, its hash, who and when. */
export function signatureColumns(note: Note, { clinician }: Pick<VisitRecord, "clinician">, now: number): Columns {
  return {
    note_json: JSON.stringify(note),
    sha256: hashOf(note),
    signed_at: now,
    signed_by: clinician.id,
    signer_name: clinician.name,
  };
}

/** Undefined before signing. */
export async function findSigned(store: Store, visitId: VisitId): Promise<SignedRecord | undefined> {
  const signed = "SELECT note_json, sha256, signed_at, signer_name FROM signed_notes WHERE visit_id = ?";
  const [row] = await store.query(signed, [visitId]);
  return row === undefined ? undefined : SignedRow.parse(row);
}

/** What the recording device said about the recording; none when it said nothing. */
export async function readMarks(store: Store, visitId: VisitId): Promise<VisitMarks> {
  const [row] = await store.query("SELECT marks_json FROM visits WHERE id = ?", [visitId]);
  const { marks_json: marks } = z.object({ marks_json: jsonText(VisitMarks).nullable() }).parse(row);
  return marks ?? { gaps: [], moments: [] };
}
