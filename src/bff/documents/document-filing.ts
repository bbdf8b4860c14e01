/** The part of the filing queue that puts documents into the chart, after the notes they are made of. */
import type { FilingParts } from "#bff/openemr/filing.ts";
import { delayOf, waitsFor } from "#bff/openemr/filing-delay.ts";
import type { AuditEntry } from "#bff/store/store.ts";
import { problem, toProblem } from "#model/problem.ts";
import type { Problem } from "#model/problem.ts";
import { claimDocument, dueDocuments, laterStatement, notFiledStatement } from "./document-rows.ts";
import type { DocumentOrder } from "./document-rows.ts";
import { fileDocument } from "./file-document.ts";
import type { DocumentParts } from "./file-document.ts";

export function createDocumentFiling(parts: FilingParts): { round(isStopped: () => boolean): Promise<void> } {
  const { config, clock, store, openemr } = parts;
  const documentParts: DocumentParts = {
    openemr,
    store,
    clock,
    timeZone: config.CLINIC_TIME_ZONE,
    clinic: config.CLINIC_NAME,
    category: config.OPENEMR_DOCUMENT_CATEGORY,
  };
  return {
    async round(isStopped) {
      for (const order of await dueDocuments(store, clock.now())) {
        if (isStopped() || (await tryDocument(parts, documentParts, order)) === "openemr_away") break;
      }
    },
  };
}

type Outcome = "done" | "openemr_away";

async function tryDocument(parts: FilingParts, documentParts: DocumentParts, order: DocumentOrder): Promise<Outcome> {
  try {
    const token = await parts.auth.tokenOf(order.clinician.id);
    if (token === undefined) throw problem("signed_out");
    await parts.store.transact({ statements: [claimDocument(order)] });
    const filed = await fileDocument(documentParts, { token }, order);
    await parts.store.transact({ statements: [filed], audit: [auditOf(parts, order, "ok")] });
    await parts.events.visitChanged(order.visitId, order.clinician.id);
    return "done";
  } catch (thrown) {
    return afterFailure(parts, order, toProblem(thrown));
  }
}

async function afterFailure(parts: FilingParts, order: DocumentOrder, why: Problem): Promise<Outcome> {
  const isWaiting = waitsFor(why);
  if (isWaiting) {
    const nextTryAt = parts.clock.now() + delayOf(why, order.tries, parts.random);
    await parts.store.transact({ statements: [laterStatement(order, why, nextTryAt)] });
  } else {
    await parts.store.transact({
      statements: [notFiledStatement(order, why)],
      audit: [auditOf(parts, order, "failed")],
    });
  }
  if (order.problem?.code !== why.code || !isWaiting) {
    parts.log.warn({ visit: order.visitId, problem: why.code, tries: order.tries + 1 }, "document not filed");
    await parts.events.visitChanged(order.visitId, order.clinician.id);
  }
  return why.code === "openemr_down" || why.code === "timed_out" ? "openemr_away" : "done";
}

function auditOf(parts: FilingParts, order: DocumentOrder, outcome: AuditEntry["outcome"]): AuditEntry {
  const actor = { ...order.clinician, role: "clinician" as const };
  const object = `document:${order.kind}:${order.visitId}`;
  return parts.audit.background(actor, { action: "C", object, patient: order.patient.id, outcome });
}
