/** A vault worker that is started before there is anybody to talk to it. What it says until then is heard later. */
import { startVaultWorker, type VaultWorker } from "./vault-client.ts";

type Prepared = { vault: VaultWorker; said: Event[]; isTaken: AbortController };

let prepared: Prepared | "taken" | undefined;

/** Once in the life of a page. It opens the disk and looks at what is held while the page is still being read. */
export function prepareVault(): void {
  if (prepared !== undefined) return;
  const vault = startVaultWorker();
  const said: Event[] = [];
  const isTaken = new AbortController();
  const keep = (event: Event): void => void said.push(event);
  for (const kind of ["message", "error"]) vault.worker.addEventListener(kind, keep, { signal: isTaken.signal });
  prepared = { vault, said, isTaken };
}

/** The worker that was prepared, or another one. Each is given once; who takes it listens to it at once. */
export function takeVault(): VaultWorker {
  const before = prepared;
  prepared = "taken";
  if (before === undefined || before === "taken") return startVaultWorker();
  const { vault, said, isTaken } = before;
  isTaken.abort();
  queueMicrotask(() => {
    for (const event of said) vault.worker.dispatchEvent(event);
  });
  return vault;
}
