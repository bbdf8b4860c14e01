/**
 * One chunk on its way to the scribe. In: bytes whose hash was checked. Out: a receipt, written only after the scribe's own
 * 2xx. The bytes are held in memory for the length of the request and never stored; what survives a crash is the job's row
 * and the receipts. A crash between the scribe's answer and the receipt costs one more sending, which the scribe recognises.
 *
 * When the scribe no longer knows a job, its receipts stop counting and the chunk goes to a new job for the same part. The
 * browser learns it from the visit's `received` numbers, from `GET .../chunks` and at the latest from finish. A visit that went to
 * another service begins there with its first chunk: for any other the browser is told to compare.
 */
import type { AuditEntry } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import { isOutage } from "#bff/upstream/breaker.ts";
import type { Receipt } from "#model/chunk.ts";
import type { VisitId } from "#model/id.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { OutgoingChunk } from "#scribe/scribe.ts";
import { changedMeanwhile } from "./changed-meanwhile.ts";
import type { VisitParts } from "./parts.ts";
import { insertReceipt, receiptsOf } from "./receipts.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { bindTo, currentJobs, insertJob, isStillOurs, markJob, nextAttempt } from "./scribe-jobs.ts";
import { leaveDeadService } from "./send-elsewhere.ts";
import { endWholeParts, takerOf } from "./take-chunk.ts";
import { wantsWhole } from "./receive-whole.ts";
import type { VisitRecord } from "./visit-record.ts";
import { readVisit, receivingStates, sqlList } from "./visit-record.ts";
import { isoOf } from "./visit-record.ts";

export type IncomingChunk = OutgoingChunk & { durationMs: number };
export type Incoming = { visitId: VisitId; chunk: IncomingChunk; audit: AuditEntry };
export type IntakeParts = Pick<VisitParts, "store" | "scribes" | "clock" | "events" | "jobs" | "audit">;

/** Call it for one chunk of a visit at a time. Throws `chunk_conflict`, `conflict`, `scribe_down`, ... */
export async function receiveChunk(parts: IntakeParts, incoming: Incoming): Promise<Receipt> {
  const visit = await readVisit(parts.store, incoming.visitId);
  try {
    return await takeIn(parts, visit, incoming);
  } catch (thrown) {
    const hasLeft = isOutage(thrown) && (await leaveDeadService(parts, visit));
    throw hasLeft ? problem("scribe_session_expired", { detail: "the visit went to another service" }) : thrown;
  }
}

async function takeIn(parts: IntakeParts, visit: VisitRecord, incoming: Incoming): Promise<Receipt> {
  const { chunk } = incoming;
  const receipts = await receiptsOf(parts.store, visit.id);
  const known = receipts.find(({ sequence }) => sequence === chunk.sequence);
  if (known?.sha256 === chunk.sha256) return known;
  if (known) throw problem("chunk_conflict", { field: "sequence" });
  if (!receivingStates.includes(visit.state)) throw problem("conflict", { detail: `the visit is ${visit.state}` });
  const jobs = await currentJobs(parts.store, visit.id);
  const taker = await takerOf(parts, jobs, chunk);
  if (jobs.length === 0) refuseInTheMiddle(visit, chunk);
  if (!("job" in taker) && (await wantsWhole(parts.scribes, visit))) throw problem("whole_file_wanted");
  await refuseTooLong(parts, visit, chunk);
  const job = "job" in taker ? taker.job : await openNext(parts, visit, taker);
  const holder = await deliver(parts, { visit, job, chunk });
  const receipt = await keepReceipt(parts, { visit, job: holder, incoming });
  await endEarlierParts(parts, visit);
  return receipt;
}

/** Of a visit that came from another service. */
function refuseInTheMiddle({ service }: VisitRecord, { sequence }: IncomingChunk): void {
  if (service === null || sequence === 0) return;
  throw problem("scribe_session_expired", { detail: "another service begins with the first chunk" });
}

/** A service takes a second more than we cut for it. The browser cuts a longer chunk in two. */
async function refuseTooLong({ scribes }: IntakeParts, { service }: VisitRecord, chunk: IncomingChunk): Promise<void> {
  const scribe = scribes.of(service ?? scribes.choose());
  const { maxChunkMs } = (await scribe.abilities().catch(() => undefined)) ?? {};
  if (maxChunkMs !== undefined && chunk.durationMs > maxChunkMs + 1000) {
    throw problem("too_large", { detail: `longer than ${maxChunkMs} ms` });
  }
}

type Delivery = { visit: VisitRecord; job: JobRecord; chunk: IncomingChunk };

/** The job that holds the chunk now: the given one, or another for its part when the scribe no longer knows it. */
async function deliver(parts: IntakeParts, { visit, job, chunk }: Delivery): Promise<JobRecord> {
  const sent = { ...chunk, sequence: chunk.sequence - job.firstSequence };
  try {
    await parts.scribes.of(job.service).send(job.job, sent);
    return job;
  } catch (thrown) {
    if (!(thrown instanceof ProblemError) || thrown.problem.code !== "scribe_session_expired") throw thrown;
    await parts.store.transact({ statements: [markJob(job, "lost")] });
    const next = await openNext(parts, visit, job);
    await parts.events.visitChanged(visit.id, visit.clinician.id);
    // A service that counts its chunks up can only begin at the beginning.
    if (next.job.form === "numbered" && sent.sequence > 0) throw thrown;
    await parts.scribes.of(next.service).send(next.job, sent);
    return next;
  }
}

type Place = Pick<JobRecord, "part" | "firstSequence">;

/**
 * Opens a job at the visit's service, which is chosen with its first one, and keeps it. An instance that was faster wins; our
 * empty job there is left to expire.
 */
async function openNext(parts: IntakeParts, visit: VisitRecord, { part, firstSequence }: Place): Promise<JobRecord> {
  const { id: visitId } = visit;
  const service = visit.service ?? parts.scribes.choose();
  const scribe = parts.scribes.of(service);
  const attempt = await nextAttempt(parts.store, visitId);
  const job = await scribe.open(`${visitId}.${attempt}`);
  const { maxSessionMs } = await scribe.abilities();
  const now = parts.clock.now();
  const opened = insertJob({ visitId, attempt, part, firstSequence, service, maxSessionMs, job, now });
  await parts.store.transact({ statements: [bindTo(service, visitId), opened] }).catch(movedMeanwhile);
  const kept = (await currentJobs(parts.store, visitId)).find((candidate) => candidate.part === part);
  if (kept === undefined) throw problem("internal_error");
  return kept;
}

function movedMeanwhile(thrown: unknown): never {
  throw thrown instanceof GuardError
    ? problem("scribe_session_expired", { detail: "the visit moved meanwhile" })
    : thrown;
}

/** A part before the last one is ended as soon as the scribe has all of it, while the visit goes on. */
async function endEarlierParts(parts: IntakeParts, { id }: VisitRecord): Promise<void> {
  const jobs = await currentJobs(parts.store, id);
  if (!jobs.slice(0, -1).some(({ state }) => state === "open")) return;
  const received = new Set((await receiptsOf(parts.store, id)).map(({ sequence }) => sequence));
  if (await endWholeParts(parts.store, jobs, received)) parts.jobs.watch(id);
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
  const kept = { statements: [receipt, isStillOurs(job), moved], audit: [incoming.audit] };
  await parts.store.transact(kept).catch((thrown: unknown) => changedMeanwhile(parts.store, visit.id, thrown));
  await parts.events.visitChanged(visit.id, visit.clinician.id);
  return { sequence, sha256, durationMs, receivedAt: isoOf(now) };
}
