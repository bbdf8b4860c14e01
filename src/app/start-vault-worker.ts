/** Starts one vault worker; needs little, so that it can be done before the rest of the app is read. */
import { ownScript } from "#model/own-script.ts";
// oxlint-disable-next-line import/default -- the address of the built worker, made by Vite
import vaultWorkerUrl from "./vault-worker.ts?worker&url";

/** The worker holds the Web Lock as long as it lives. */
export type VaultWorker = { worker: Worker; lock: string };

export function startVaultWorker(): VaultWorker {
  const lock = `vault-${crypto.randomUUID()}`;
  return { worker: new Worker(ownScript(vaultWorkerUrl), { type: "module", name: lock }), lock };
}
