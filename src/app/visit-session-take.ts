/** The vault as the capture sees it: a place for the recordings of one visit. */
import type { VisitId } from "#model/id.ts";
import type { Take } from "#visit/capture/take.ts";
import type { VaultClient } from "./vault-client.ts";

/** Gaps are told, not asked for: recording does not wait for them. */
export function takeInto(vault: VaultClient, visitId: VisitId): Take {
  return {
    begin: async (start) => (await vault.call("record", { visitId, ...start })).recording,
    fragment: (recording, fragment) => vault.call("append", { ...fragment, visitId, recording }),
    blackBox: (recording, port) => unheard(vault.call("blackBox", { visitId, recording, port })),
    end: (recording) => vault.call("endRecording", { visitId, recording }),
    gap: (gap) => unheard(vault.call("gap", { visitId, ...gap })),
  };
}

/** For calls whose failure comes back as news. */
export function unheard(work: Promise<unknown>): void {
  work.catch(() => undefined);
}
