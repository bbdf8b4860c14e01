/**
 * What is added to a signed note. In: the clinician's text. Out: a signed note of its own that says which note it belongs to, and
 * the order to file it, in one transaction. Nothing signed is ever changed.
 */
import { z } from "zod";
import type { AuditEntry, Store } from "#bff/store/store.ts";
import { addendumNote, signedAtText } from "#model/attribution.ts";
import type { VisitId } from "#model/id.ts";
import { AddendumId } from "#model/id.ts";
import { Note } from "#model/note.ts";
import { Problem, problem } from "#model/problem.ts";
import type { AddendaView, AddendumSign, AddendumView } from "#protocol/bff-addenda.ts";
import { insertRow } from "./insert-row.ts";
import { findSigned, signatureColumns } from "./note-record.ts";
import type { VisitParts } from "./parts.ts";
import { checkSections } from "./save-note.ts";
import { isoOf, jsonText } from "./visit-record.ts";
import type { VisitRecord } from "./visit-record.ts";

export type AddendumParts = Pick<VisitParts, "store" | "clock" | "events" | "filing" | "config">;
export type NewAddendum = { visit: VisitRecord; asked: AddendumSign; audit: AuditEntry };

const AddendumRow = z
  .object({
    id: AddendumId,
    note_json: jsonText(Note),
    signed_at: z.number(),
    signer_name: z.string(),
    state: z.enum(["waiting", "filing", "verified", "failed"]),
    note_id: z.string().nullable(),
    verified_at: z.number().nullable(),
    problem_json: jsonText(Problem).nullable(),
    encounter_id: z.string().nullable(),
  })
  .transform((row): AddendumView => ({
    id: row.id,
    text: row.note_json.subjective,
    signedAt: isoOf(row.signed_at),
    by: row.signer_name,
    filing: {
      state: row.state,
      encounter: row.encounter_id,
      noteId: row.note_id,
      verifiedAt: row.verified_at === null ? null : isoOf(row.verified_at),
      problem: row.problem_json,
    },
  }));

/** Oldest first. */
export async function readAddenda(store: Store, visitId: VisitId): Promise<AddendaView> {
  const rows = await store.query(
    `SELECT a.*, f.encounter_id FROM addenda a LEFT JOIN filings f ON f.visit_id = a.visit_id
      WHERE a.visit_id = ? ORDER BY a.signed_at, a.id`,
    [visitId],
  );
  return { addenda: rows.map((row) => AddendumRow.parse(row)) };
}

/** The same id again is the same addendum. Throws `conflict` before the note is signed, and `section_too_long`. */
export async function signAddendum(parts: AddendumParts, { visit, asked, audit }: NewAddendum): Promise<void> {
  const original = await findSigned(parts.store, visit.id);
  if (original === undefined) throw problem("conflict", { detail: "the note is not signed" });
  const now = parts.clock.now();
  const { CLINIC_TIME_ZONE: timeZone } = parts.config;
  const note = addendumNote(asked.text, {
    signerName: visit.clinician.name,
    signedAtText: signedAtText(now, timeZone),
    originalAt: signedAtText(original.signedAt, timeZone),
  });
  checkSections(note);
  const row = insertRow(
    "addenda",
    {
      id: asked.id,
      visit_id: visit.id,
      ...signatureColumns(note, visit, now),
      state: "waiting",
      next_try_at: now,
    },
    "id",
  );
  await parts.store.transact({ statements: [row], audit: [audit] });
  await parts.events.visitChanged(visit.id, visit.clinician.id);
  parts.filing.wake();
}
