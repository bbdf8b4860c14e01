/**
 * What the recording device says about its audio. In: marks, reports, deletion receipts. Out: rows beside the visit, each with its
 * audit row. All of it may be sent again. The audio itself never comes here; this server only says until when it is kept.
 */
import type { BffContext } from "#bff/context.ts";
import type { AuditEntry, Statement } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import { problem } from "#model/problem.ts";
import type { DeviceReport, ErasureReceipt, VisitMarks } from "#protocol/bff-audio.ts";
import { insertRow } from "./insert-row.ts";
import type { VisitRecord } from "./visit-record.ts";

export type DeviceParts = Pick<BffContext, "store" | "clock" | "events">;
type Said<T> = { visit: VisitRecord; said: T; audit: AuditEntry };

/** Throws `conflict` when nothing of the visit is kept any more. */
export async function keepMarks(parts: DeviceParts, { visit, said, audit }: Said<VisitMarks>): Promise<void> {
  const kept: Statement = {
    sql: "UPDATE visits SET marks_json = ? WHERE id = ? AND state NOT IN ('declined', 'withdrawn', 'discarded')",
    params: [JSON.stringify(said), visit.id],
    expectRows: 1,
  };
  try {
    await parts.store.transact({ statements: [kept], audit: [audit] });
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { detail: `the visit is ${visit.state}` }) : thrown;
  }
}

/** A report that is older than the one kept, or than the erasing, changes nothing. */
export async function keepReport(parts: DeviceParts, { visit, said, audit }: Said<DeviceReport>): Promise<void> {
  const at = Date.parse(said.at);
  const kept: Statement = {
    sql: `UPDATE visits SET device_report_json = ?, device_report_at = ? WHERE id = ? AND COALESCE(device_report_at, 0) < ?
      AND NOT EXISTS (SELECT 1 FROM audio_erasures e WHERE e.visit_id = visits.id AND e.device = ? AND e.erased_at >= ?)`,
    params: [JSON.stringify(said), at, visit.id, at, said.device, at],
  };
  await parts.store.transact({ statements: [kept], audit: [audit] });
  await parts.events.visitChanged(visit.id, visit.clinician.id);
}

/** The receipt is a fact and is taken in every state of the visit; the same one again changes nothing. */
export async function keepErasure(parts: DeviceParts, { visit, said, audit }: Said<ErasureReceipt>): Promise<void> {
  const columns = {
    visit_id: visit.id,
    device: said.device,
    erased_at: Date.parse(said.at),
    reason: said.reason,
    chunks: said.chunks,
    size_bytes: said.sizeBytes,
    duration_ms: said.durationMs,
    sha256: said.sha256 ?? null,
    received_at: parts.clock.now(),
  };
  const gone: Statement = {
    sql: "UPDATE visits SET device_report_json = NULL WHERE id = ? AND device_report_at <= ?",
    params: [visit.id, columns.erased_at],
  };
  const receipt = insertRow("audio_erasures", columns, "visit_id, device, erased_at");
  await parts.store.transact({ statements: [receipt, gone], audit: [audit] });
  await parts.events.visitChanged(visit.id, visit.clinician.id);
}
