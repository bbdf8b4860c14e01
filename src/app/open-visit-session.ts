import type { Clock } from "#model/clock.ts";
import { createCapture } from "#visit/capture/capture.ts";
import type { ClinicTerms } from "./vault-port.ts";
import { createVaultClient, startVaultWorker } from "./vault-client.ts";
import { createVisitSession, type VisitSession } from "./visit-session.ts";

let prepared: Worker | undefined;

/** Starts the vault before anybody asks it: it opens the disk and looks at what is held. */
export function prepareVault(): void {
  prepared ??= startVaultWorker();
}

/** The visit session of this tab, with the browser's own microphone, disk and network. */
export function openVisitSession(clock: Clock, terms: ClinicTerms): VisitSession {
  const vault = createVaultClient(prepared ?? startVaultWorker(), terms);
  prepared = undefined;
  document.addEventListener("visibilitychange", () => {
    // A page in the background, or a machine asleep, may not have heard that the network came back.
    if (document.visibilityState === "visible") vault.call("wake", undefined).catch(() => undefined);
  });
  return createVisitSession({ capture: createCapture(clock), vault, clock });
}
