/**
 * Files signed notes into OpenEMR, in the background. In: rows of `filings` and `addenda`, put there by signing in the same
 * transaction as the signature. Out: notes that were read back from the chart, or a problem beside the row that says what it waits for.
 * The queue is the table: after a crash or restart every row is taken up where it was. OpenEMR wants the clinician's own
 * token, so a note may wait until they sign in again, unless OpenEMR lets this server file by itself.
 */
import { isRefusedToNobody, noBackgroundTokens } from "#bff/auth/background-token.ts";
import type { BackgroundTokens } from "#bff/auth/background-token.ts";
import type { BffContext, Filing } from "#bff/context.ts";
import { nextDocumentDue, orderStatements } from "#bff/documents/document-rows.ts";
import { createDocumentFiling } from "#bff/documents/document-filing.ts";
import type { AuditEntry, Statement } from "#bff/store/store.ts";
import type { Schedule } from "#bff/visits/schedule.ts";
import { systemSchedule } from "#bff/visits/schedule.ts";
import { problem, toProblem } from "#model/problem.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import { readBookingSettings } from "./booking-rules.ts";
import { fileNote } from "./file-note.ts";
import type { FileParts } from "./file-note.ts";
import { afterFailure, type Outcome } from "./filing-failure.ts";
import { dueFilings, nextDue, placeOf, verifiedStatements } from "./filing-rows.ts";
import type { FilingOrder } from "./filing-rows.ts";
import { firstDelayMs, shortestPauseMs } from "./filing-delay.ts";
import { createProviderIds } from "./provider-ids.ts";
import { claimStatement, takeUpStatements } from "./queue-rows.ts";
import { createWorkLoop } from "./work-loop.ts";

export type FilingParts = Omit<BffContext, "filing" | "jobs"> & {
  openemr: OpenEmr;
  background?: BackgroundTokens;
  schedule?: Schedule;
  /** 0..1, spreads the tries of many notes after an outage. */
  random?: () => number;
};

/** Starts at once with what the last run left. */
export function createFiling(parts: FilingParts): Filing {
  const fileParts = filePartsOf(parts);
  const documents = createDocumentFiling(parts);
  return createWorkLoop({
    schedule: parts.schedule ?? systemSchedule,
    async round(isStopped) {
      await parts.store.transact({ statements: [...takeUpStatements] });
      for (const order of await dueFilings(parts.store, parts.clock.now())) {
        if (isStopped() || (await tryOrder(parts, fileParts, order)) === "openemr_away") break;
      }
      await documents.round(isStopped);
      const due = [await nextDue(parts.store), await nextDocumentDue(parts.store)].filter((one) => one !== undefined);
      return due.length === 0 ? undefined : Math.max(shortestPauseMs, Math.min(...due) - parts.clock.now());
    },
    broke(thrown) {
      parts.log.error({ error: thrown instanceof Error ? thrown.name : "unknown" }, "filing stopped for a while");
      return firstDelayMs;
    },
  });
}

function filePartsOf(parts: FilingParts): FileParts {
  const { config, clock, store, openemr } = parts;
  const { providerIds } = readBookingSettings(config.CHARTSIDE_BOOKING_RULES);
  return {
    openemr,
    clock,
    timeZone: config.CLINIC_TIME_ZONE,
    categoryId: config.OPENEMR_VISIT_CATEGORY,
    facilityId: config.OPENEMR_FACILITY_ID,
    providerIds: createProviderIds({ store, clock, openemr, configured: providerIds }),
    keep: async (statement: Statement) => {
      await store.transact({ statements: [statement] });
    },
  };
}

async function tryOrder(parts: FilingParts, fileParts: FileParts, order: FilingOrder): Promise<Outcome> {
  try {
    const access = await accessOf(parts, order);
    await fileParts.keep(claimStatement(placeOf(order)));
    await parts.events.visitChanged(order.visitId, order.clinician.id);
    await access.run((token) => fileNote(fileParts, { token }, order));
    const now = parts.clock.now();
    const ordered = { visitId: order.visitId, clinicianId: order.clinician.id, now };
    const statements = [...verifiedStatements(order, now), ...orderStatements(parts.config.OPENEMR_DOCUMENTS, ordered)];
    await parts.store.transact({ statements, audit: [auditOf(parts, order, "ok")] });
    await parts.events.visitChanged(order.visitId, order.clinician.id);
    return "done";
  } catch (thrown) {
    const unfiled = {
      what: "note",
      order,
      place: placeOf(order),
      audit: () => auditOf(parts, order, "failed"),
    } as const;
    return afterFailure(parts, unfiled, toProblem(thrown));
  }
}

type Running = { run(work: (token: string) => Promise<void>): Promise<void> };

/** The clinician's own token; else one of nobody, and when that is refused the note waits for them after all. */
async function accessOf({ auth, background = noBackgroundTokens }: FilingParts, order: FilingOrder): Promise<Running> {
  const own = await auth.tokenOf(order.clinician.id);
  if (own !== undefined) return { run: (work) => work(own) };
  const token = await background.tokenFor("filing");
  if (token === undefined) throw problem("signed_out");
  return {
    run: (work) =>
      work(token).catch((thrown: unknown) => {
        if (!isRefusedToNobody(thrown)) throw thrown;
        background.refused("filing");
        throw problem("signed_out");
      }),
  };
}

function auditOf(parts: FilingParts, order: FilingOrder, outcome: AuditEntry["outcome"]): AuditEntry {
  const actor = { ...order.clinician, role: "clinician" as const };
  const object = `${order.addendumId === null ? "note" : "addendum"}:${order.visitId}`;
  return parts.audit.background(actor, { action: "C", object, patient: order.patientId, outcome });
}
