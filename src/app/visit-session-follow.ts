/** What the clinic server's word about a visit means for its audio on this device. */
import type { Clock } from "#model/clock.ts";
import type { HeldVisit } from "#model/recording.ts";
import type { VisitView } from "#protocol/bff.ts";
import type { Capture } from "#visit/capture/capture.ts";
import type { VaultClient } from "./vault-client.ts";

/** `clock` is the clinic server's time. */
export type FollowParts = { capture: Pick<Capture, "store">; vault: VaultClient; clock: Clock };

/**
 * Audio goes only when the clinic server says that it may, the time it names has come, and nothing here is unsent; what the clinic
 * server has lost since is sent again.
 */
export async function follow({ capture, vault, clock }: FollowParts, visit: VisitView): Promise<void> {
  const { id: visitId, signedAt, audioKeptUntil } = visit;
  showPart(capture, visit);
  const held = (await vault.call("held", undefined)).find((candidate) => candidate.visitId === visitId);
  if (!held?.finished) return;
  if (signedAt !== null && held.signedAt !== signedAt) await vault.call("signed", { visitId, signedAt });
  if (visit.received.chunks < held.chunksReceived) return vault.call("sendAgain", { visitId });
  if (!isSent(held, visit) || audioKeptUntil === null || Date.parse(audioKeptUntil) > clock.now()) return;
  await vault.call("erase", { visitId, reason: reasonOf(visit) });
}

function showPart({ store }: FollowParts["capture"], visit: VisitView): void {
  if (store.getState().visitId === visit.id) store.setState({ part: visit.part });
}

function isSent(held: HeldVisit, visit: VisitView): boolean {
  return held.chunksReceived === held.chunksCut && visit.received.chunks === held.chunksCut;
}

/** Kept until the signing and no longer, or for the days that the clinic wants. */
function reasonOf({ audioKeptUntil, signedAt }: VisitView): "signed" | "retention" {
  return audioKeptUntil === signedAt ? "signed" : "retention";
}
