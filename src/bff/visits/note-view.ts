/** Everything the Review screen shows, put together from the stored note. */
import type { Store } from "#bff/store/store.ts";
import type { VisitId } from "#model/id.ts";
import type { NoteView } from "#protocol/bff.ts";
import { findSigned, newestRevision, readDraft, readMarks } from "./note-record.ts";
import { isoOf } from "./visit-record.ts";

/** After signing `note` is the frozen text with its attribution line. Throws `not_found` before there is a draft. */
export async function readNoteView(store: Store, visitId: VisitId): Promise<NoteView> {
  const { draft, transcript, evidence, followUps } = await readDraft(store, visitId);
  const { revision, note, savedAt } = await newestRevision(store, visitId);
  const signed = await findSigned(store, visitId);
  const { gaps, moments } = await readMarks(store, visitId);
  return {
    visitId,
    draft,
    transcript,
    revision,
    note: signed?.note ?? note,
    savedAt: isoOf(savedAt),
    evidence,
    followUps,
    gaps,
    moments,
    signed: signed ? { at: isoOf(signed.signedAt), by: signed.signer, sha256: signed.sha256 } : null,
  };
}
