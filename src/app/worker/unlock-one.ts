/** One locked visit (unlock.ts). In: its wrapped key. Out: its plain key in memory, from the clinic server. */
import { isVisitId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { LockedKey } from "#visit/journal/keys.ts";
import { unwrapKey } from "#visit/outbox/unwrap.ts";
import type { UnlockParts } from "./unlock.ts";

/** Rejects with what the clinic server refuses with, or `offline`. */
export async function unlockOne({ keys, wire, clock }: UnlockParts, key: LockedKey): Promise<void> {
  const { keyId, wrapped, visitId } = key;
  if (!isVisitId(visitId)) throw problem("internal_error", { detail: "visit id" });
  const plain = await unwrapKey(wire, clock, { visitId, keyId, wrapped: btoa(String.fromCodePoint(...wrapped)) });
  await keys.unlock(visitId, plain);
}
