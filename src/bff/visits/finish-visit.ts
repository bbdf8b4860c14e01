/**
 * The end of a recording. In: what the browser says it sent. Out: the decision to end, durable before the scribe hears of it:
 * the watcher of the job tells it, again after a crash. Ending cannot be taken back, so first our receipts, and then the
 * scribe's own list of each part, must equal the declaration.
 */
import type { AuditEntry } from "#bff/store/store.ts";
import type { Receipt } from "#model/chunk.ts";
import type { VisitId } from "#model/id.ts";
import { isRetried, problem, toProblem } from "#model/problem.ts";
import { agreeWithScribe } from "./agree-with-scribe.ts";
import type { VisitParts } from "./parts.ts";
import { receiptsOf } from "./receipts.ts";
import { keepDeclared, wantsWhole } from "./receive-whole.ts";
import type { JobRecord, Stretch } from "./scribe-jobs.ts";
import { currentJobs, markJob, stretchesOf } from "./scribe-jobs.ts";
import type { Declared, VisitRecord } from "./visit-record.ts";
import { readVisit, receivingStates, sqlList } from "./visit-record.ts";

export type Finish = { visitId: VisitId; declared: Declared; audit: AuditEntry };
export type FinishParts = Pick<VisitParts, "store" | "scribes" | "clock" | "events" | "jobs">;

/** Idempotent. Throws `chunks_missing` unless the scribe holds just these, `conflict` when another end was declared. */
export async function finishVisit(parts: FinishParts, finish: Finish): Promise<void> {
  const visit = await readVisit(parts.store, finish.visitId);
  const declared = finish.declared.toSorted((a, b) => a.sequence - b.sequence);
  if (declared.some(({ sequence }, place) => sequence !== place)) {
    throw problem("invalid_request", { field: "chunks", detail: "sequences must count 0, 1, 2, ..." });
  }
  if (!receivingStates.includes(visit.state)) return checkRepeat(visit, declared);
  const missing = countMissing(declared, await receiptsOf(parts.store, visit.id));
  if (missing > 0) {
    await askForTheWhole(parts, visit, declared);
    throw problem("chunks_missing", { detail: `${missing} of ${declared.length}` });
  }
  const open = stretchesOf(await currentJobs(parts.store, visit.id), declared.length).filter(isOpen);
  for (const stretch of open) await agreeIfReachable(parts, stretch);
  await decide(parts, { visit, jobs: open.map(({ job }) => job), declared, audit: finish.audit });
  parts.jobs.watch(visit.id);
}

/** Throws `whole_file_wanted` where the service takes the recording in one piece, which the declaration describes. */
async function askForTheWhole({ store, scribes, clock }: FinishParts, visit: VisitRecord, declared: Declared) {
  if (!(await wantsWhole(scribes, visit))) return;
  await store.transact({ statements: [keepDeclared(visit.id, declared, clock.now())] });
  throw problem("whole_file_wanted");
}

/** Parts that ended while the recording went on were compared then. */
function isOpen({ job }: Stretch): boolean {
  return job.state === "open" || job.state === "ending";
}

function checkRepeat(visit: VisitRecord, declared: Declared): void {
  const isSame = visit.declared !== null && hashesOf(visit.declared) === hashesOf(declared);
  const isOver = ["declined", "withdrawn", "discarded"].includes(visit.state);
  if (!isSame || isOver) throw problem("conflict", { detail: `the visit is ${visit.state}` });
}

function hashesOf(declared: Declared): string {
  return declared.map(({ sha256 }) => sha256).join();
}

/** Chunks declared without a receipt of the same bytes, and receipts that were not declared. */
function countMissing(declared: Declared, receipts: Receipt[]): number {
  const held = new Map(receipts.map((receipt) => [receipt.sequence, receipt.sha256]));
  const missing = declared.filter((chunk) => held.get(chunk.sequence) !== chunk.sha256).length;
  return missing + receipts.filter(({ sequence }) => sequence >= declared.length).length;
}

/** A scribe that is away, or no longer ours, cannot disagree now; the watcher asks again before it ends the job. */
async function agreeIfReachable(parts: FinishParts, stretch: Stretch): Promise<void> {
  try {
    await agreeWithScribe(parts, stretch);
  } catch (thrown) {
    const { code } = toProblem(thrown);
    if (code === "scribe_not_configured") return;
    if (!isRetried(code) || code === "internal_error") throw thrown;
  }
}

type Decision = { visit: VisitRecord; jobs: JobRecord[]; declared: Declared; audit: AuditEntry };

async function decide(parts: FinishParts, { visit, jobs, declared, audit }: Decision): Promise<void> {
  const now = parts.clock.now();
  const moved = {
    sql: `UPDATE visits SET state = 'processing', step = NULL, problem_json = NULL, declared_json = ?, updated_at = ?
      WHERE id = ? AND state IN (${sqlList(receivingStates)})`,
    params: [JSON.stringify(declared), now, visit.id],
    expectRows: 1,
  };
  await parts.store.transact({ statements: [moved, ...jobs.map((job) => markJob(job, "ending"))], audit: [audit] });
  await parts.events.visitChanged(visit.id, visit.clinician.id);
}
