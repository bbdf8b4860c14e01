/** Proof of what the scribe holds: one row per chunk and attempt, written only after the scribe's own 2xx. */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import type { Receipt } from "#model/chunk.ts";
import type { VisitId } from "#model/id.ts";
import { insertRow } from "./insert-row.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { isoOf } from "./visit-view.ts";

const ReceiptRow = z
  .object({ sequence: z.number(), sha256: z.string(), duration_ms: z.number(), received_at: z.number() })
  .transform((row) => ({
    sequence: row.sequence,
    sha256: row.sha256,
    durationMs: row.duration_ms,
    receivedAt: isoOf(row.received_at),
  }));

/** By sequence; none when the job is lost or there is none yet. */
export async function receiptsOf(store: Store, job: JobRecord | undefined): Promise<Receipt[]> {
  if (job === undefined || job.state === "lost") return [];
  const rows = await store.query(
    "SELECT sequence, sha256, duration_ms, received_at FROM receipts WHERE visit_id = ? AND attempt = ? ORDER BY sequence",
    [job.visitId, job.attempt],
  );
  return rows.map((row) => ReceiptRow.parse(row));
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
export function dropReceipt(visitId: VisitId, attempt: number, sequence: number): Statement {
  return {
    sql: "DELETE FROM receipts WHERE visit_id = ? AND attempt = ? AND sequence = ?",
    params: [visitId, attempt, sequence],
  };
}
