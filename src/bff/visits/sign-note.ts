/**
 * Signing. In: the revision the clinician read and the hash of its text. Out, in one transaction: the frozen text with its
 * attribution line, the order to file it, and the follow-ups for the desk. After it nothing edits the note. Filing starts by
 * itself, and begins again after a crash, because its order is a row.
 */
import type { AuditEntry, Statement } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import { followUpStatements } from "#bff/openemr/follow-up-rows.ts";
import { attributed, signedAtText } from "#model/attribution.ts";
import type { Note, Provenance } from "#model/note.ts";
import { problem } from "#model/problem.ts";
import type { NoteSign } from "#protocol/bff.ts";
import { insertRow } from "./insert-row.ts";
import { findSigned, hashOf, newestRevision, readDraft, signatureColumns } from "./note-record.ts";
import type { VisitParts } from "./parts.ts";
import { checkSections } from "./save-note.ts";
import type { VisitRecord } from "./visit-record.ts";
import { reviewStates, sqlList } from "./visit-record.ts";

export type SignParts = Pick<VisitParts, "store" | "clock" | "events" | "filing" | "config">;
export type Sign = { visit: VisitRecord; asked: NoteSign; audit: AuditEntry };

/**
 * Idempotent for the same text. Throws `conflict` when the hash is not that of the newest revision or another text is signed
 * already, `section_too_long`, and `invalid_request` for a follow-up whose sentence is not in the plan.
 */
export async function signNote(parts: SignParts, sign: Sign): Promise<void> {
  const { visit, asked } = sign;
  const { revision, note } = await newestRevision(parts.store, visit.id);
  if (revision !== asked.revision || hashOf(note) !== asked.sha256) throw problem("conflict", { field: "sha256" });
  if (await findSigned(parts.store, visit.id)) return;
  if (!reviewStates.includes(visit.state)) throw problem("conflict", { detail: `the visit is ${visit.state}` });
  checkFollowUps(asked.followUps, note);
  const frozen = await freeze(parts, sign, note);
  checkSections(frozen.note);
  await keep(parts, sign, frozen);
  await parts.events.visitChanged(visit.id, visit.clinician.id);
  if (asked.followUps.length > 0) await parts.events.followUpsChanged();
  parts.filing.wake();
}

function checkFollowUps(followUps: NoteSign["followUps"], note: Note): void {
  const plan = note.plan.replaceAll("\r\n", "\n");
  if (followUps.every(({ sentence }) => plan.includes(sentence))) return;
  throw problem("invalid_request", { field: "followUps", detail: "a sentence is not in the plan" });
}

type Frozen = { note: Note; draftedWith: string; now: number };

async function freeze(parts: SignParts, { visit }: Sign, note: Note): Promise<Frozen> {
  const { draft } = await readDraft(parts.store, visit.id);
  const now = parts.clock.now();
  const draftedWith = draftedWithText(draft.provenance);
  const by = {
    signerName: visit.clinician.name,
    signedAtText: signedAtText(now, parts.config.CLINIC_TIME_ZONE),
    draftedWith,
  };
  return { note: attributed(note, by), draftedWith, now };
}

/** "Chartside Scribe (extractive)": the service and what wrote the words. */
function draftedWithText({ service, noteWriter, model }: Provenance): string {
  const writer = noteWriter ?? model;
  return writer === null ? service : `${service} (${writer})`;
}

async function keep(
  parts: SignParts,
  { visit, asked, audit }: Sign,
  { note, draftedWith, now }: Frozen,
): Promise<void> {
  const moved: Statement = {
    sql: `UPDATE visits SET state = 'signed', signed_at = ?, updated_at = ? WHERE id = ? AND state IN (${sqlList(reviewStates)})
      AND (SELECT MAX(revision) FROM revisions WHERE visit_id = ?) = ?`,
    params: [now, now, visit.id, visit.id, asked.revision],
    expectRows: 1,
  };
  const signed = insertRow("signed_notes", {
    visit_id: visit.id,
    ...signatureColumns(note, visit, now),
    drafted_with: draftedWith,
  });
  const filing = insertRow("filings", {
    visit_id: visit.id,
    clinician_id: visit.clinician.id,
    state: "waiting",
    tries: 0,
    next_try_at: now,
  });
  const followUps = followUpStatements(asked.followUps, { visit, now, timeZone: parts.config.CLINIC_TIME_ZONE });
  try {
    await parts.store.transact({ statements: [moved, signed, filing, ...followUps], audit: [audit] });
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { detail: "the note changed meanwhile" }) : thrown;
  }
}
