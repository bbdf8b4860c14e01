/**
 * The audit's hash chain: every row's hash covers the row and the hash before it, so that a row that was changed, taken out
 * or put in later shows. (Cutting off the end shows only against a head kept elsewhere; the head goes to the log hourly.)
 */
import { createHash } from "node:crypto";
import type { AuditEntry, Row, SqlValue } from "./store.ts";

export const firstHash = "0".repeat(64);

const columns = [
  "seq",
  "at",
  "actor",
  "role",
  "session_hash",
  "ip",
  "action",
  "outcome",
  "patient",
  "object",
  "request_id",
] as const;

export const insertAuditSql = `INSERT INTO audit (${columns.join(", ")}, previous_hash, hash) VALUES (${[
  ...columns,
  "previous_hash",
  "hash",
]
  .map(() => "?")
  .join(", ")})`;

/** The parameters of `insertAuditSql` for an entry that follows `previousHash`; the last one is the row's own hash. */
export function auditParams(seq: number, entry: AuditEntry, previousHash: string): [...SqlValue[], string] {
  const row: Row = {
    seq,
    at: entry.at,
    actor: entry.actor,
    role: entry.role,
    session_hash: entry.sessionHash,
    ip: entry.ip,
    action: entry.action,
    outcome: entry.outcome,
    patient: entry.patient,
    object: entry.object,
    request_id: entry.requestId,
  };
  return [...columns.map((column) => row[column] ?? null), previousHash, auditHash(row, previousHash)];
}

/** SHA-256, hex, of the row's columns as JSON in a fixed order, and the hash before it. */
export function auditHash(row: Row, previousHash: string): string {
  const canonical = JSON.stringify(columns.map((column) => row[column] ?? null));
  return createHash("sha256").update(previousHash).update(canonical).digest("hex");
}

/** The first `seq` at which the chain is broken, or undefined. `rows` are whole audit rows, ascending, following `previous`. */
export function firstBreak(rows: readonly Row[], previous: { seq: number; hash: string }): number | undefined {
  let before = previous;
  for (const row of rows) {
    const seq = Number(row["seq"]);
    const hash = auditHash(row, before.hash);
    if (seq !== before.seq + 1 || row["previous_hash"] !== before.hash || row["hash"] !== hash) return seq;
    before = { seq, hash };
  }
  return undefined;
}
