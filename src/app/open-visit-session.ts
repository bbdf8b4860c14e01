import type { Clock } from "#model/clock.ts";
import { createCapture } from "#visit/capture/capture.ts";
import { createLastingVault } from "./lasting-vault.ts";
import { takeVault } from "./prepared-vault.ts";
import type { ClinicTerms } from "./vault-port.ts";
import { createVisitSession, type VisitSession } from "./visit-session.ts";

let session: VisitSession | undefined;

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
  const vault = createLastingVault({ start: takeVault, terms });
  document.addEventListener("visibilitychange", () => {
    // A page in the background, or a machine asleep, may not have heard that the network came back.
    if (document.visibilityState === "visible") vault.call("wake", undefined).catch(() => undefined);
  });
  return createVisitSession({ capture: createCapture(clock), vault, clock });
}
