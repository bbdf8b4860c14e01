/**
 * A visit whose parts have all ended becomes a draft: note, transcript, evidence and follow-ups in one transaction. The draft is
 * never changed afterwards; edits are revisions, and revision 0 is the draft's own text.
 */
import type { Statement } from "#bff/store/store.ts";
import { findEvidence } from "#model/find-evidence.ts";
import { findFollowUps } from "#model/find-follow-ups.ts";
import type { VisitId } from "#model/id.ts";
import type { Draft } from "#model/note.ts";
import type { User } from "#model/user.ts";
import type { FollowParts } from "./follow-job.ts";
import { insertRow } from "./insert-row.ts";
import type { Part } from "./merge-parts.ts";
import { mergeParts } from "./merge-parts.ts";
import type { PartResult } from "./part-results.ts";
import { forgetResults, resultsOf } from "./part-results.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { stretchesOf } from "./scribe-jobs.ts";
import type { VisitRecord } from "./visit-record.ts";

/** `jobs` are the visit's current ones. A partial draft from before is replaced. Throws `GuardError` when the visit is no longer processing. */
export async function keepDraft(parts: FollowParts, visit: VisitRecord, jobs: readonly JobRecord[]): Promise<void> {
  const now = parts.clock.now();
  const { isWhole, result } = mergeParts(partsOf(visit, jobs, await resultsOf(parts.store, visit.id)));
  const { transcript, ...rest } = result;
  const draft: Draft = rest;
  const { note } = draft;
  const actor: User = { ...visit.clinician, role: "clinician" };
  await parts.store.transact({
    statements: [
      {
        sql: `UPDATE visits SET state = ?, step = 'done', problem_json = NULL, updated_at = ?
          WHERE id = ? AND state = 'processing'`,
        params: [isWhole ? "draft_ready" : "partly_ready", now, visit.id],
        expectRows: 1,
      },
      ...["drafts", "revisions", "code_jobs"].map((table) => forgetIn(table, visit.id)),
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
      forgetResults(visit.id),
    ],
    audit: [parts.audit.background(actor, { action: "C", object: `draft:${visit.id}`, patient: visit.patient.id })],
  });
  await parts.events.visitChanged(visit.id, visit.clinician.id);
}

/** A draft that was only a part of a note gives way to the one that was asked for after it. */
function forgetIn(table: string, visitId: VisitId): Statement {
  return { sql: `DELETE FROM ${table} WHERE visit_id = ?`, params: [visitId] };
}

/** Each part with its place on the visit's time line, by the chunks that were declared. */
function partsOf(visit: VisitRecord, jobs: readonly JobRecord[], results: Map<number, PartResult>): Part[] {
  const declared = visit.declared ?? [];
  const lengthOf = (from: number, to: number): number =>
    declared.slice(from, to).reduce((sum, chunk) => sum + chunk.durationMs, 0);
  return stretchesOf(jobs, declared.length).map(({ job, count }) => ({
    number: job.part,
    startMs: lengthOf(0, job.firstSequence),
    durationMs: lengthOf(job.firstSequence, job.firstSequence + count),
    answer: results.get(job.attempt) ?? null,
  }));
}
