/** The part of the filing queue that puts documents into the chart, after the notes they are made of. */
import type { FilingParts } from "#bff/openemr/filing.ts";
import { afterFailure, type Outcome } from "#bff/openemr/filing-failure.ts";
import { claimStatement } from "#bff/openemr/queue-rows.ts";
import type { AuditEntry } from "#bff/store/store.ts";
import { problem, toProblem } from "#model/problem.ts";
import { dueDocuments, placeOf } from "./document-rows.ts";
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

async function tryDocument(parts: FilingParts, documentParts: DocumentParts, order: DocumentOrder): Promise<Outcome> {
  try {
    const token = await parts.auth.tokenOf(order.clinician.id);
    if (token === undefined) throw problem("signed_out");
    await parts.store.transact({ statements: [claimStatement(placeOf(order))] });
    const filed = await fileDocument(documentParts, { token }, order);
    await parts.store.transact({ statements: [filed], audit: [auditOf(parts, order, "ok")] });
    await parts.events.visitChanged(order.visitId, order.clinician.id);
    return "done";
  } catch (thrown) {
    const unfiled = {
      what: "document",
      order,
      place: placeOf(order),
      audit: () => auditOf(parts, order, "failed"),
    } as const;
    return afterFailure(parts, unfiled, toProblem(thrown));
  }
}

function auditOf(parts: FilingParts, order: DocumentOrder, outcome: AuditEntry["outcome"]): AuditEntry {
  const actor = { ...order.clinician, role: "clinician" as const };
  const object = `document:${order.kind}:${order.visitId}`;
  return parts.audit.background(actor, { action: "C", object, patient: order.patient.id, outcome });
}
