/** Discarding a visit, and asking the scribe again after a failure. */
import type { AuditEntry, Statement } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import type { ProblemCode } from "#model/problem.ts";
import { problem } from "#model/problem.ts";
import type { VisitParts } from "./parts.ts";
import { isRunning, markJob, newestJob } from "./scribe-jobs.ts";
import type { VisitRecord } from "./visit-record.ts";

export type EndParts = Pick<VisitParts, "store" | "clock" | "events" | "jobs">;
export type Discard = { visit: VisitRecord; reason: "discarded" | "withdrawn"; audit: AuditEntry };

/**
 * Idempotent. The draft, its revisions and the marks are erased; the scribe job is left to expire, because the protocol has no way to
 * end it unused. Throws `conflict` once the note is signed.
 */
export async function discardVisit(parts: EndParts, { visit, reason, audit }: Discard): Promise<void> {
  if (visit.state === reason) return;
  if (visit.signedAt !== null) throw problem("conflict", { detail: "the note is signed" });
  const job = await newestJob(parts.store, visit.id);
  const moved: Statement = {
    sql: "UPDATE visits SET state = ?, step = NULL, problem_json = NULL, marks_json = NULL, updated_at = ? WHERE id = ? AND signed_at IS NULL",
    params: [reason, parts.clock.now(), visit.id],
    expectRows: 1,
  };
  const erased = ["drafts", "revisions"].map((table) => ({
    sql: `DELETE FROM ${table} WHERE visit_id = ?`,
    params: [visit.id],
  }));
  await guarded(parts, [moved, ...erased, ...(job ? [markJob(job, "left")] : [])], audit);
  await parts.events.visitChanged(visit.id, visit.clinician.id);
}

/** With these the scribe would only say the same again. */
const isFinal = new Set<ProblemCode>(["audio_too_short", "audio_quality_poor", "language_unsupported"]);

/**
 * A job that ended without a note needs the audio again, from the device that holds it; one whose answer could not be had is
 * looked at again. Idempotent while either goes on. Throws `conflict` when the failure does not allow it.
 */
export async function retryVisit(parts: EndParts, visit: VisitRecord, audit: AuditEntry): Promise<void> {
  if (visit.state === "processing" || visit.state === "waiting_for_network") return;
  if (visit.state !== "failed") throw problem("conflict", { detail: `the visit is ${visit.state}` });
  if (visit.problem && isFinal.has(visit.problem.code)) throw problem("conflict", { detail: visit.problem.code });
  const job = await newestJob(parts.store, visit.id);
  const isAlive = job !== undefined && isRunning(job);
  if (isAlive) await guarded(parts, [leaveFailed(parts, visit, "processing")], audit);
  else {
    const lost = job ? [markJob(job, "lost")] : [];
    await guarded(parts, [leaveFailed(parts, visit, "waiting_for_network"), ...lost], audit);
  }
  await parts.events.visitChanged(visit.id, visit.clinician.id);
  if (isAlive) parts.jobs.watch(visit.id);
}

function leaveFailed({ clock }: EndParts, visit: VisitRecord, state: "processing" | "waiting_for_network"): Statement {
  const told = state === "processing" ? null : JSON.stringify(problem("scribe_session_expired").problem);
  return {
    sql: "UPDATE visits SET state = ?, step = NULL, problem_json = ?, updated_at = ? WHERE id = ? AND state = 'failed'",
    params: [state, told, clock.now(), visit.id],
    expectRows: 1,
  };
}

async function guarded(parts: EndParts, statements: Statement[], audit: AuditEntry): Promise<void> {
  try {
    await parts.store.transact({ statements, audit: [audit] });
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { detail: "the visit changed meanwhile" }) : thrown;
  }
}
