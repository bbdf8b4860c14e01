/** Saving an edit: a new revision, if the edit began from the newest one. */
import type { AuditEntry } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import type { Note } from "#model/note.ts";
import { canonicalNote, maxSectionBytes, sectionNames } from "#model/note.ts";
import { problem } from "#model/problem.ts";
import { insertRow } from "./insert-row.ts";
import type { RevisionRecord } from "./note-record.ts";
import { newestRevision } from "./note-record.ts";
import type { VisitParts } from "./parts.ts";
import type { VisitRecord } from "./visit-record.ts";
import { reviewStates, sqlList } from "./visit-record.ts";

export type NoteParts = Pick<VisitParts, "store" | "clock" | "events">;
export type Save = { visit: VisitRecord; baseRevision: number; note: Note; audit: AuditEntry };

/**
 * Throws `conflict` when another revision came between (the same text again is the same save) or the note is signed, and
 * `section_too_long` with the section's name.
 */
export async function saveNote(parts: NoteParts, save: Save): Promise<Pick<RevisionRecord, "revision" | "savedAt">> {
  const { visit, baseRevision, note } = save;
  checkSections(note);
  if (!reviewStates.includes(visit.state)) throw problem("conflict", { detail: `the visit is ${visit.state}` });
  const newest = await newestRevision(parts.store, visit.id);
  if (newest.revision === baseRevision + 1 && canonicalNote(newest.note) === canonicalNote(note)) return newest;
  if (newest.revision !== baseRevision) throw problem("conflict", { field: "baseRevision" });
  const savedAt = parts.clock.now();
  await insert(parts, save, savedAt);
  if (visit.state !== "in_review") await parts.events.visitChanged(visit.id, visit.clinician.id);
  return { revision: baseRevision + 1, savedAt };
}

/** OpenEMR would cut a longer section off without a word. */
export function checkSections(note: Note): void {
  const encoder = new TextEncoder();
  const tooLong = sectionNames.find((section) => encoder.encode(note[section]).length > maxSectionBytes);
  if (tooLong) throw problem("section_too_long", { field: tooLong });
}

async function insert(parts: NoteParts, { visit, baseRevision, note, audit }: Save, savedAt: number): Promise<void> {
  const moved = {
    sql: `UPDATE visits SET state = 'in_review', updated_at = ? WHERE id = ? AND state IN (${sqlList(reviewStates)})`,
    params: [savedAt, visit.id],
    expectRows: 1,
  };
  const columns = {
    visit_id: visit.id,
    revision: baseRevision + 1,
    note_json: JSON.stringify(note),
    saved_at: savedAt,
    saved_by: visit.clinician.id,
  };
  const revision = { ...insertRow("revisions", columns, "visit_id, revision"), expectRows: 1 };
  try {
    await parts.store.transact({ statements: [moved, revision], audit: [audit] });
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { field: "baseRevision" }) : thrown;
  }
}
