/** A note or a document that did not get into the chart: it waits for its next try, or for a person. */
import type { AuditEntry } from "#bff/store/store.ts";
import type { Problem } from "#model/problem.ts";
import { delayOf, waitsFor } from "./filing-delay.ts";
import type { FilingParts } from "./filing.ts";
import type { FilingOrder } from "./filing-rows.ts";
import { failedStatement, type Place, putOffStatement } from "./queue-rows.ts";

/** `openemr_away`: nothing else of this round would get through either. */
export type Outcome = "done" | "openemr_away";

type Unfiled = {
  what: "note" | "document";
  order: Pick<FilingOrder, "visitId" | "clinician" | "tries" | "problem">;
  place: Place;
  /** Written when it is given up. */
  audit(): AuditEntry;
};

export async function afterFailure(parts: FilingParts, unfiled: Unfiled, why: Problem): Promise<Outcome> {
  const { what, order, place, audit } = unfiled;
  const isWaiting = waitsFor(why);
  if (isWaiting) {
    const nextTryAt = parts.clock.now() + delayOf(why, order.tries, parts.random);
    await parts.store.transact({ statements: [putOffStatement(place, why, nextTryAt)] });
  } else await parts.store.transact({ statements: [failedStatement(place, why)], audit: [audit()] });
  if (order.problem?.code !== why.code || !isWaiting) {
    parts.log.warn({ visit: order.visitId, problem: why.code, tries: order.tries + 1 }, `${what} not filed`);
    await parts.events.visitChanged(order.visitId, order.clinician.id);
  }
  return why.code === "openemr_down" || why.code === "timed_out" ? "openemr_away" : "done";
}
