/**
 * One chunk on its way to the scribe. In: bytes whose hash was checked. Out: a receipt, written only after the scribe's own
 * 2xx. The bytes are held in memory for the length of the request and never stored; what survives a crash is the job's row
 * and the receipts. A crash between the scribe's answer and the receipt costs one more sending, which the scribe recognises.
 *
 * When the scribe no longer knows the job, its receipts stop counting and the chunk goes to a new job, a new attempt. The
 * browser learns it from the visit's `received` numbers, from `GET .../chunks` and at the latest from finish.
 */
import type { AuditEntry } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import type { Receipt } from "#model/chunk.ts";
import type { VisitId } from "#model/id.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { OutgoingChunk } from "#scribe/scribe.ts";
import type { VisitParts } from "./parts.ts";
import { insertReceipt, receiptsOf } from "./receipts.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { insertJob, markJob, newestJob } from "./scribe-jobs.ts";
import type { VisitRecord } from "./visit-record.ts";
import { readVisit, receivingStates, sqlList } from "./visit-record.ts";
import { isoOf } from "./visit-view.ts";

export type IncomingChunk = OutgoingChunk & { durationMs: number };
export type Incoming = { visitId: VisitId; chunk: IncomingChunk; audit: AuditEntry };
export type IntakeParts = Pick<VisitParts, "store" | "scribe" | "clock" | "events">;

/** Call it for one chunk of a visit at a time. Throws `chunk_conflict`, `conflict`, `scribe_down`, ... */
export async function receiveChunk(parts: IntakeParts, incoming: Incoming): Promise<Receipt> {
  const visit = await readVisit(parts.store, incoming.visitId);
  const newest = await newestJob(parts.store, visit.id);
  const known = (await receiptsOf(parts.store, newest)).find(({ sequence }) => sequence === incoming.chunk.sequence);
  if (known?.sha256 === incoming.chunk.sha256) return known;
  if (known) throw problem("chunk_conflict", { field: "sequence" });
  if (!receivingStates.includes(visit.state)) throw problem("conflict", { detail: `the visit is ${visit.state}` });
  const job = newest?.state === "open" ? newest : await openNext(parts, visit, newest);
  const holder = await deliver(parts, { visit, job, chunk: incoming.chunk });
  return keepReceipt(parts, { visit, job: holder, incoming });
}

type Delivery = { visit: VisitRecord; job: JobRecord; chunk: IncomingChunk };

/** The job that holds the chunk now: the given one, or a new attempt when the scribe no longer knows it. */
async function deliver(parts: IntakeParts, { visit, job, chunk }: Delivery): Promise<JobRecord> {
  try {
    await parts.scribe.send(job.job, chunk);
    return job;
  } catch (thrown) {
    if (!(thrown instanceof ProblemError) || thrown.problem.code !== "scribe_session_expired") throw thrown;
    await parts.store.transact({ statements: [markJob(job, "lost")] });
    const next = await openNext(parts, visit, job);
    await parts.events.visitChanged(visit.id, visit.clinician.id);
    // A service that counts its chunks up can only begin at the beginning.
    if (next.job.form === "numbered" && chunk.sequence > 0) throw thrown;
    await parts.scribe.send(next.job, chunk);
    return next;
  }
}

/** Opens a job at the scribe and keeps it. An instance that was faster wins; our empty job there is left to expire. */
async function openNext(parts: IntakeParts, visit: VisitRecord, before: JobRecord | undefined): Promise<JobRecord> {
  const attempt = (before?.attempt ?? 0) + 1;
  const job = await parts.scribe.open(`${visit.id}.${attempt}`);
  const { service } = await parts.scribe.abilities();
  const now = parts.clock.now();
  await parts.store.transact({ statements: [insertJob({ visitId: visit.id, attempt, job, service, now })] });
  const kept = await newestJob(parts.store, visit.id);
  if (kept === undefined) throw problem("internal_error");
  return kept;
}

type Kept = { visit: VisitRecord; job: JobRecord; incoming: Incoming };

async function keepReceipt(parts: IntakeParts, { visit, job, incoming }: Kept): Promise<Receipt> {
  const { sequence, sha256, durationMs, bytes } = incoming.chunk;
  const now = parts.clock.now();
  const receipt = insertReceipt(job, { sequence, sha256, durationMs, sizeBytes: bytes.length, now });
  const state = visit.declared === null ? "recording" : "saving";
  const moved = {
    sql: `UPDATE visits SET state = ?, problem_json = NULL, updated_at = ? WHERE id = ? AND state IN (${sqlList(receivingStates)})`,
    params: [state, now, visit.id],
    expectRows: 1,
  };
  try {
    await parts.store.transact({ statements: [receipt, moved], audit: [incoming.audit] });
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { detail: "the visit changed meanwhile" }) : thrown;
  }
  await parts.events.visitChanged(visit.id, visit.clinician.id);
  return { sequence, sha256, durationMs, receivedAt: isoOf(now) };
}
