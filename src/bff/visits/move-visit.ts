/** Changes of a visit while the scribe works on it. */
import type { Events } from "#bff/context.ts";
import type { Store } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import type { Problem } from "#model/problem.ts";
import type { ProcessingStep } from "#model/visit.ts";
import type { VisitRecord } from "./visit-record.ts";

const failed = "CASE WHEN EXISTS (SELECT 1 FROM drafts d WHERE d.visit_id = visits.id) THEN 'partly_ready' ELSE ? END";

export type Move = { state?: "failed" | "waiting_for_network"; step?: ProcessingStep | null; told?: Problem };

/**
 * Only while the visit is still processing, else `GuardError`; its streams are told. A visit that fails while it has a partial
 * draft keeps that.
 */
export async function moveVisit(
  parts: { store: Store; clock: Clock; events: Events },
  visit: VisitRecord,
  { state, step, told }: Move,
): Promise<void> {
  const moved = {
    sql: `UPDATE visits SET step = ?, problem_json = ?, updated_at = ?, state = ${state === "failed" ? failed : "?"}
      WHERE id = ? AND state = 'processing'`,
    params: [step ?? null, told ? JSON.stringify(told) : null, parts.clock.now(), state ?? "processing", visit.id],
    expectRows: 1,
  };
  await parts.store.transact({ statements: [moved] });
  await parts.events.visitChanged(visit.id, visit.clinician.id);
}
