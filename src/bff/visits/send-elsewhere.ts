/**
 * Sending a visit to another service, by hand or because the first one is down for good. In: a visit without a whole draft. Out:
 * the visit is at the other service, where nothing of it is yet: its audio comes again from the device that holds it. One
 * transaction decides, so that what the first service says later finds nothing that it could change.
 */
import type { Audit, Events } from "#bff/context.ts";
import type { Scribes } from "#bff/scribes/scribes.ts";
import type { AuditEntry, Store } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { VisitState } from "#model/visit.ts";
import { moveJobs } from "./scribe-jobs.ts";
import type { VisitRecord } from "./visit-record.ts";
import { receivingStates, sqlList } from "./visit-record.ts";

export type ElsewhereParts = { store: Store; scribes: Scribes; clock: Clock; events: Events };
export type Elsewhere = { visit: VisitRecord; service: string; audit: AuditEntry };

/** Recorded to its end: its audio waits on the device for a service that takes it. */
const ended: readonly VisitState[] = ["processing", "failed", "partly_ready"];

/** Idempotent. Throws `invalid_request` for a service that is not configured, `conflict` when there is a whole draft. */
export async function sendElsewhere(parts: ElsewhereParts, { visit, service, audit }: Elsewhere): Promise<void> {
  if (!parts.scribes.has(service)) throw problem("invalid_request", { field: "service" });
  if (visit.service === service) return;
  const moved = {
    sql: `UPDATE visits SET service = ?, step = NULL, problem_json = NULL, whole_file = NULL, updated_at = ?,
        state = CASE WHEN state IN (${sqlList(ended)}) THEN 'waiting_for_network' ELSE state END
      WHERE id = ? AND state IN (${sqlList([...receivingStates, ...ended])}) AND COALESCE(service, '') = ?`,
    params: [service, parts.clock.now(), visit.id, visit.service ?? ""],
    expectRows: 1,
  };
  try {
    await parts.store.transact({ statements: [moved, moveJobs(visit.id)], audit: [audit] });
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { detail: `the visit is ${visit.state}` }) : thrown;
  }
  await parts.events.visitChanged(visit.id, visit.clinician.id);
}

/** Where the clinic wants it: the visit leaves a service that has given no answer for too long. True when it did. */
export async function leaveDeadService(parts: ElsewhereParts & { audit: Audit }, visit: VisitRecord): Promise<boolean> {
  const service = visit.service === null ? undefined : parts.scribes.substituteOf(visit.service);
  if (service === undefined) return false;
  const event = { action: "U", object: `visit:${visit.id}/service`, patient: visit.patient.id } as const;
  const audit = parts.audit.background({ ...visit.clinician, role: "clinician" }, event);
  try {
    await sendElsewhere(parts, { visit, service, audit });
    return true;
  } catch (thrown) {
    if (thrown instanceof ProblemError) return false;
    throw thrown;
  }
}
