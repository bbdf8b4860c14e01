/**
 * A whole visit as one file, for a service that takes nothing else. In: what finish declared, and the file as it streams in. Out:
 * a receipt for every declared chunk, written only after the service's own 2xx. Nothing of the file is kept: whoever holds the
 * audio sends it again after a failure, into another job at the service, and the newest job is the one that counts.
 */
import type { Scribes } from "#bff/scribes/scribes.ts";
import type { AuditEntry, Statement } from "#bff/store/store.ts";
import { isOutage } from "#bff/upstream/breaker.ts";
import type { VisitId } from "#model/id.ts";
import type { Receipt } from "#model/chunk.ts";
import { problem } from "#model/problem.ts";
import type { OutgoingFile } from "#scribe/scribe.ts";
import { endingOf } from "./ending-of.ts";
import { changedMeanwhile } from "./changed-meanwhile.ts";
import type { VisitParts } from "./parts.ts";
import { insertReceipt, receiptsOf } from "./receipts.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { bindTo, insertJob, nextAttempt } from "./scribe-jobs.ts";
import { leaveDeadService } from "./send-elsewhere.ts";
import type { Declared, VisitRecord } from "./visit-record.ts";
import { readVisit, receivingStates, sqlList } from "./visit-record.ts";

export type IncomingFile = { visitId: VisitId; file: Omit<OutgoingFile, "durationMs">; audit: AuditEntry };
export type WholeParts = Pick<VisitParts, "store" | "scribes" | "clock" | "events" | "jobs" | "audit">;

/** Does the service that has the visit, or would have it, want one file? False while that is not known. */
export async function wantsWhole(scribes: Scribes, visit: Pick<VisitRecord, "service">): Promise<boolean> {
  const scribe = scribes.of(visit.service ?? scribes.choose());
  const abilities = await scribe.abilities().catch(() => undefined);
  return abilities?.wants === "whole_file";
}

/** Keeps what the file will hold. The browser is told to send it by `whole_file_wanted`. */
export function keepDeclared(visitId: VisitId, declared: Declared, now: number): Statement {
  return {
    sql: `UPDATE visits SET state = 'saving', whole_file = 1, declared_json = ?, updated_at = ?
      WHERE id = ? AND state IN (${sqlList(receivingStates)})`,
    params: [JSON.stringify(declared), now, visitId],
    expectRows: 1,
  };
}

/** Call it for one file of a visit at a time. Throws `conflict` before the end was declared, `scribe_down`, ... */
export async function receiveWhole(parts: WholeParts, incoming: IncomingFile): Promise<Receipt[]> {
  const visit = await readVisit(parts.store, incoming.visitId);
  const { declared } = visit;
  if (declared === null || !receivingStates.includes(visit.state)) {
    throw problem("conflict", { detail: `the visit is ${visit.state}` });
  }
  try {
    await send(parts, { visit, declared, incoming });
  } catch (thrown) {
    const hasLeft = isOutage(thrown) && (await leaveDeadService(parts, visit));
    throw hasLeft ? problem("scribe_session_expired", { detail: "the visit went to another service" }) : thrown;
  }
  await parts.events.visitChanged(visit.id, visit.clinician.id);
  parts.jobs.watch(visit.id);
  return receiptsOf(parts.store, visit.id);
}

type Sending = { visit: VisitRecord; declared: Declared; incoming: IncomingFile };

async function send(parts: WholeParts, { visit, declared, incoming }: Sending): Promise<void> {
  const { store, scribes } = parts;
  const service = visit.service ?? scribes.choose();
  const scribe = scribes.of(service);
  if (scribe.sendWhole === undefined) throw problem("scribe_refused", { detail: "takes no whole files" });
  const attempt = await nextAttempt(store, visit.id);
  const opened = await scribe.open(`${visit.id}.${attempt}`);
  const durationMs = declared.reduce((sum, chunk) => sum + chunk.durationMs, 0);
  const { job, status } = await scribe.sendWhole(opened, { ...incoming.file, durationMs });
  const now = parts.clock.now();
  const place = { visitId: visit.id, attempt, part: 1, firstSequence: 0, service, maxSessionMs: null, job };
  const record: JobRecord = { ...place, state: "ended", problem: null, createdAt: now };
  const ending = status === null ? [] : ((await endingOf(store, record, status)) ?? []);
  const statements = [
    bindTo(service, visit.id),
    insertJob({ ...place, state: "ended", now }),
    ...declared.map((chunk) => insertReceipt(record, { ...chunk, sizeBytes: sizeOf(chunk), now })),
    ...ending,
    toProcessing(visit.id, now),
  ];
  const kept = store.transact({ statements, audit: [incoming.audit] });
  await kept.catch((thrown: unknown) => changedMeanwhile(store, visit.id, thrown));

  /** Its share of the file. */
  function sizeOf(chunk: Declared[number]): number {
    return Math.max(1, Math.round((incoming.file.sizeBytes * chunk.durationMs) / durationMs));
  }
}

function toProcessing(visitId: VisitId, now: number): Statement {
  return {
    sql: `UPDATE visits SET state = 'processing', step = NULL, problem_json = NULL, updated_at = ?
      WHERE id = ? AND state IN (${sqlList(receivingStates)})`,
    params: [now, visitId],
    expectRows: 1,
  };
}
