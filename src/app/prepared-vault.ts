/** A vault worker that is started before there is anybody to talk to it. What it says until then is heard later. */
import type { HeldVisit } from "#model/recording.ts";
import { startVaultWorker, type VaultWorker } from "./start-vault-worker.ts";
import type { VaultMessage, VaultRequest } from "./vault-port.ts";

type Prepared = { vault: VaultWorker; said: Event[]; isTaken: AbortController };

let prepared: Prepared | "taken" | undefined;
let heldAtStart: HeldVisit[] | undefined;

/** Asked before anybody else asks anything; the numbers of later questions begin at 1. */
const firstQuestion: VaultRequest = { id: 0, call: "held", argument: undefined, journalKey: null, clockOffsetMs: 0 };

/** Once in the life of a page. It opens the disk and looks at what is held while the page is still being read. */
export function prepareVault(): void {
  if (prepared !== undefined) return;
  const vault = startVaultWorker();
  const said: Event[] = [];
  const isTaken = new AbortController();
  const keep = (event: Event): void => void said.push(event);
  for (const kind of ["message", "error"]) vault.worker.addEventListener(kind, keep, { signal: isTaken.signal });
  vault.worker.addEventListener("message", ({ data }: MessageEvent<VaultMessage>) => {
    if (data.kind === "reply" && data.id === firstQuestion.id) heldAtStart = data.value as HeldVisit[];
  });
  vault.worker.postMessage(firstQuestion, []);
  prepared = { vault, said, isTaken };
}

/** What this device held when the page began to load, if that is known by now. Told once: later it may be otherwise. */
export function takeHeldAtStart(): HeldVisit[] | undefined {
  const held = heldAtStart;
  heldAtStart = undefined;
  return held;
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
