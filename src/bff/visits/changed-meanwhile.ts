/** Why what a service took cannot be kept: the visit is no longer what it was when the audio set out. */
import { GuardError, type Store } from "#bff/store/store.ts";
import type { VisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import { readVisit, receivingStates } from "./visit-record.ts";

/**
 * Throws `scribe_session_expired` for a visit that went to another service, so that the browser compares and sends it there;
 * `conflict` for one that takes no more audio.
 */
export async function changedMeanwhile(store: Store, visitId: VisitId, thrown: unknown): Promise<never> {
  if (!(thrown instanceof GuardError)) throw thrown;
  const { state } = await readVisit(store, visitId);
  throw receivingStates.includes(state)
    ? problem("scribe_session_expired", { detail: "the visit moved meanwhile" })
    : problem("conflict", { detail: `the visit is ${state}` });
}
