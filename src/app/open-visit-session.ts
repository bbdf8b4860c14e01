import type { Clock } from "#model/clock.ts";
import { createCapture } from "#visit/capture/capture.ts";
import { createLastingVault } from "./lasting-vault.ts";
import type { ClinicTerms } from "./vault-port.ts";
import { startVaultWorker, type VaultWorker } from "./vault-client.ts";
import { createVisitSession, type VisitSession } from "./visit-session.ts";

let prepared: VaultWorker | undefined;
let session: VisitSession | undefined;

/** Starts the vault before anybody asks it: it opens the disk and looks at what is held. */
export function prepareVault(): void {
  prepared ??= startVaultWorker();
}

/**
 * The visit session of this page, with the browser's own microphone, disk and network. There is one, however often it is asked
 * for: React may throw a first drawing away and begin anew, and a second vault would own the disk with nobody to talk to it. Its
 * vault has one worker at a time (lasting-vault.ts).
 */
export function openVisitSession(clock: Clock, terms: ClinicTerms): VisitSession {
  session ??= makeVisitSession(clock, terms);
  return session;
}

function makeVisitSession(clock: Clock, terms: ClinicTerms): VisitSession {
  prepareVault();
  const workers = prepared ? [prepared] : [];
  const vault = createLastingVault({ start: () => workers.pop() ?? startVaultWorker(), terms });
  document.addEventListener("visibilitychange", () => {
    // A page in the background, or a machine asleep, may not have heard that the network came back.
    if (document.visibilityState === "visible") vault.call("wake", undefined).catch(() => undefined);
  });
  return createVisitSession({ capture: createCapture(clock), vault, clock });
}
