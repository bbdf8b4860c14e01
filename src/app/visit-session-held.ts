/** Visits beside the one that is being recorded: those this device holds, those that come from a file, and how they end. */
import type { VisitId } from "#model/id.ts";
import { createImports } from "./import/import-file.ts";
import { readStorage } from "./storage.ts";
import { follow } from "./visit-session-follow.ts";
import type { VisitSession } from "./visit-session-port.ts";
import { unheard } from "./visit-session-take.ts";
import { leaveView } from "./visit-session-view.ts";
import type { SessionParts } from "./visit-session.ts";

export function importingOf(parts: SessionParts) {
  const imports = createImports(parts);
  return {
    importFile: imports.importFile,
    discard: async (visitId, reason) => {
      if (!(await imports.cancel(visitId))) await discard(parts, visitId, reason);
    },
  } satisfies Partial<VisitSession>;
}

export function heldOf(parts: SessionParts) {
  const { vault } = parts;
  return {
    signedIn: (clinicianId) => unheard(vault.call("signedIn", { clinicianId })),
    signedOut: () => unheard(vault.call("signedIn", { clinicianId: null })),
    reserve: () => vault.call("reserve", undefined),
    held: () => vault.call("held", undefined),
    locked: () => vault.call("locked", undefined),
    ledger: (visitId) => vault.call("ledger", { visitId }),
    receipts: () => vault.call("receipts", undefined),
    finishHeld: (visitId) => vault.call("close", { visitId }),
    visitChanged: (visit) => follow(parts, visit),
    wrapWith: (journalKey) => vault.wrapWith(journalKey),
    sendNow: () => unheard(vault.call("sendNow", undefined)),
    storage: readStorage,
    exportAudio: async (visitId) =>
      (await vault.call("exportAudio", { visitId })).map(({ mimeType: type, bytes, durationMs }) => ({
        content: new Blob([bytes], { type }),
        durationMs,
      })),
  } satisfies Partial<VisitSession>;
}

/** The microphone first: from the call on nothing of the visit is taken in. */
async function discard(parts: SessionParts, visitId: VisitId, reason: "discarded" | "withdrawn"): Promise<void> {
  const { capture, vault } = parts;
  const isCurrent = capture.store.getState().visitId === visitId;
  if (isCurrent) await capture.drop();
  await vault.call("discard", { visitId, reason });
  if (!isCurrent) return;
  capture.close();
  leaveView(capture.store);
}
