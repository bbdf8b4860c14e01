/**
 * A finished job becomes a draft: note, transcript, evidence and follow-ups in one transaction. The draft is never changed
 * afterwards; edits are revisions, and revision 0 is the draft's own text.
 */
import { findEvidence } from "#model/find-evidence.ts";
import { findFollowUps } from "#model/find-follow-ups.ts";
import type { Draft } from "#model/note.ts";
import type { User } from "#model/user.ts";
import type { ScribeStatus } from "#scribe/scribe.ts";
import type { FollowParts } from "./follow-job.ts";
import { insertRow } from "./insert-row.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { markJob } from "./scribe-jobs.ts";
import type { VisitRecord } from "./visit-record.ts";

export type Finished = {
  visit: VisitRecord;
  job: JobRecord;
  status: Extract<ScribeStatus, { state: "done" | "partial" }>;
};

/** Throws `GuardError` when the visit is no longer processing. */
export async function keepDraft(parts: FollowParts, { visit, job, status }: Finished): Promise<void> {
  const now = parts.clock.now();
  const { note, medications, provenance, transcript } = status.result;
  const draft: Draft = { note, medications, provenance };
  const state = status.state === "done" ? "draft_ready" : "partly_ready";
  const actor: User = { ...visit.clinician, role: "clinician" };
  await parts.store.transact({
    statements: [
      {
        sql: `UPDATE visits SET state = ?, step = 'done', problem_json = NULL, updated_at = ?
          WHERE id = ? AND state = 'processing'`,
        params: [state, now, visit.id],
        expectRows: 1,
      },
      insertRow("drafts", {
        visit_id: visit.id,
        draft_json: JSON.stringify(draft),
        transcript_json: JSON.stringify(transcript),
        evidence_json: JSON.stringify(findEvidence(transcript, note)),
        follow_ups_json: JSON.stringify(findFollowUps(note.plan)),
        created_at: now,
      }),
      insertRow("revisions", {
        visit_id: visit.id,
        revision: 0,
        note_json: JSON.stringify(note),
        saved_at: now,
        saved_by: "scribe",
      }),
      markJob(job, "done"),
    ],
    audit: [parts.audit.background(actor, { action: "C", object: `draft:${visit.id}`, patient: visit.patient.id })],
  });
  await parts.events.visitChanged(visit.id, visit.clinician.id);
}
