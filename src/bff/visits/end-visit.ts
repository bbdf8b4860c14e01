/** Discarding a visit, and asking the scribe again after a failure. */
import type { AuditEntry, Statement } from "#bff/store/store.ts";
import { problem } from "#model/problem.ts";
import { askForTheRest, guarded, type RestParts } from "./ask-for-rest.ts";
import { failureOf, isFinal } from "./part-failures.ts";
import { currentJobs, isRunning, leaveJobs, markJob } from "./scribe-jobs.ts";
import type { VisitRecord } from "./visit-record.ts";

export type EndParts = RestParts;
export type Discard = { visit: VisitRecord; reason: "discarded" | "withdrawn"; audit: AuditEntry };

/**
 * Idempotent. The draft, its revisions and the marks are erased; the scribe job is left to expire, because the protocol has no way to
 * end it unused. Throws `conflict` once the note is signed.
 */
export async function discardVisit(parts: EndParts, { visit, reason, audit }: Discard): Promise<void> {
  if (visit.state === reason) return;
  if (visit.signedAt !== null) throw problem("conflict", { detail: "the note is signed" });
  const moved: Statement = {
    sql: "UPDATE visits SET state = ?, step = NULL, problem_json = NULL, marks_json = NULL, updated_at = ? WHERE id = ? AND signed_at IS NULL",
    params: [reason, parts.clock.now(), visit.id],
    expectRows: 1,
  };
  const erased = ["drafts", "revisions", "code_jobs"].map((table) => ({
    sql: `DELETE FROM ${table} WHERE visit_id = ?`,
    params: [visit.id],
  }));
  await guarded(parts.store, [moved, ...erased, leaveJobs(visit.id)], audit);
  await parts.events.visitChanged(visit.id, visit.clinician.id);
}

/**
 * A part that ended without a note needs its audio again, from the device that holds it, and no other part does; jobs whose
 * answer could not be had are looked at again. Of a partial draft, not yet edited, what is missing is asked for (ask-for-rest.ts).
 * Idempotent while either goes on. Throws `conflict` when the failure does not allow it.
 */
export async function retryVisit(parts: EndParts, visit: VisitRecord, audit: AuditEntry): Promise<void> {
  if (visit.state === "processing" || visit.state === "waiting_for_network") return;
  if (visit.state === "partly_ready") return askForTheRest(parts, visit, audit);
  if (visit.state !== "failed") throw problem("conflict", { detail: `the visit is ${visit.state}` });
  if (visit.problem && isFinal(visit.problem)) throw problem("conflict", { detail: visit.problem.code });
  const jobs = await currentJobs(parts.store, visit.id);
  const lost = jobs.filter((job) => job.state === "failed" && !isFinal(failureOf(job)));
  const state = lost.length === 0 ? "processing" : "waiting_for_network";
  await guarded(parts.store, [leaveFailed(parts, visit, state), ...lost.map((job) => markJob(job, "lost"))], audit);
  await parts.events.visitChanged(visit.id, visit.clinician.id);
  if (state === "processing" || jobs.some(isRunning)) parts.jobs.watch(visit.id);
}

function leaveFailed({ clock }: EndParts, visit: VisitRecord, state: "processing" | "waiting_for_network"): Statement {
  const told = state === "processing" ? null : JSON.stringify(problem("scribe_session_expired").problem);
  return {
    sql: "UPDATE visits SET state = ?, step = NULL, problem_json = ?, updated_at = ? WHERE id = ? AND state = 'failed'",
    params: [state, told, clock.now(), visit.id],
    expectRows: 1,
  };
}
