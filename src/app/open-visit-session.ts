import type { Clock } from "#model/clock.ts";
import { createCapture } from "#visit/capture/capture.ts";
import { createVaultClient, startVaultWorker } from "./vault-client.ts";
import { createVisitSession, type VisitSession } from "./visit-session.ts";

/** The visit session of this tab, with the browser's own microphone, disk and network. */
export function openVisitSession(clock: Clock): VisitSession {
  return createVisitSession({ capture: createCapture(clock), vault: createVaultClient(startVaultWorker()), clock });
}
