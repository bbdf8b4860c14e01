/** Proof of what the scribe holds: one row per chunk and attempt, written only after the scribe's own 2xx. */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import type { Receipt } from "#model/chunk.ts";
import type { VisitId } from "#model/id.ts";
import { insertRow } from "./insert-row.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { isNewestOfPart } from "./scribe-jobs.ts";
import { isoOf } from "./visit-record.ts";

const ReceiptRow = z
  .object({ sequence: z.number(), sha256: z.string(), duration_ms: z.number(), received_at: z.number() })
  .transform((row) => ({
    sequence: row.sequence,
    sha256: row.sha256,
    durationMs: row.duration_ms,
    receivedAt: isoOf(row.received_at),
  }));

/** SQL: receipt `r` counts, because its job `j` may still end in a note. */
export const isCounted = `j.visit_id = r.visit_id AND j.attempt = r.attempt AND j.state <> 'lost' AND ${isNewestOfPart}`;

/** Of every part, by sequence. */
export async function receiptsOf(store: Store, visitId: VisitId): Promise<Receipt[]> {
  const counted = `SELECT r.sequence, r.sha256, r.duration_ms, r.received_at FROM receipts r
    JOIN scribe_jobs j ON ${isCounted} WHERE r.visit_id = ? ORDER BY r.sequence`;
  return (await store.query(counted, [visitId])).map((row) => ReceiptRow.parse(row));
}

export type NewReceipt = { sequence: number; sha256: string; durationMs: number; sizeBytes: number; now: number };

/** The guard fails when another request kept a receipt of this chunk first. */
export function insertReceipt(job: JobRecord, receipt: NewReceipt): Statement {
  const columns = {
    visit_id: job.visitId,
    attempt: job.attempt,
    sequence: receipt.sequence,
    sha256: receipt.sha256,
    size_bytes: receipt.sizeBytes,
    duration_ms: receipt.durationMs,
    received_at: receipt.now,
  };
  return { ...insertRow("receipts", columns, "visit_id, attempt, sequence"), expectRows: 1 };
}

/** For a chunk that the scribe turned out not to hold: the browser sends it again. */
export function dropReceipt({ visitId, attempt }: JobRecord, sequence: number): Statement {
  return {
    sql: "DELETE FROM receipts WHERE visit_id = ? AND attempt = ? AND sequence = ?",
    params: [visitId, attempt, sequence],
  };
}
