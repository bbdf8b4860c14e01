/** The page's end of one vault worker: calls with answers, and news. */
import { ProblemError } from "#model/problem.ts";
import type { ClinicTerms, VaultArgument, VaultCall, VaultMessage, VaultResult } from "./vault-port.ts";

/** `reopened`: another worker has taken the place of one that died (lasting-vault.ts). */
export type VaultNews = Exclude<VaultMessage, { kind: "reply" | "refusal" }> | { kind: "reopened" };

export type VaultClient = {
  /** Rejects with the vault's problem. */
  call<C extends VaultCall>(call: C, argument: VaultArgument<C>): Promise<VaultResult<C>>;
  onNews(listener: (news: VaultNews) => void): void;
  /** The clinic server says what the keys of new visits are wrapped with from now on. */
  wrapWith(journalKey: ClinicTerms["journalKey"]): void;
};

type Asked = { resolve(value: unknown): void; reject(problem: ProblemError): void };

/** Without terms: a device that holds its own keys, its clock the clinic's. A worker that dies answers nothing any more. */
export function createVaultClient(worker: Worker, terms: Partial<ClinicTerms> = {}): VaultClient {
  const { clockOffsetMs = 0 } = terms;
  let { journalKey = null } = terms;
  const asked = new Map<number, Asked>();
  const listeners = new Set<(news: VaultNews) => void>();
  let lastId = 0;

  worker.addEventListener("message", ({ data }: MessageEvent<VaultMessage>) => {
    if (data.kind === "reply" || data.kind === "refusal") settle(asked, data);
    else for (const listener of listeners) listener(data);
  });
  return {
    call<C extends VaultCall>(call: C, argument: VaultArgument<C>) {
      return new Promise<VaultResult<C>>((resolve, reject) => {
        const id = (lastId += 1);
        asked.set(id, { resolve: (value) => resolve(value as VaultResult<C>), reject });
        worker.postMessage({ id, call, argument, journalKey, clockOffsetMs }, { transfer: transferredIn(argument) });
      });
    },
    onNews: (listener) => void listeners.add(listener),
    wrapWith: (newest) => {
      journalKey = newest;
    },
  };
}

function settle(asked: Map<number, Asked>, message: Extract<VaultMessage, { id: number }>): void {
  const waiting = asked.get(message.id);
  asked.delete(message.id);
  if (message.kind === "reply") waiting?.resolve(message.value);
  else waiting?.reject(new ProblemError(message.problem));
}

/** What changes hands instead of being copied. */
function transferredIn(argument: VaultArgument<VaultCall>): Transferable[] {
  return argument && "port" in argument ? [argument.port] : [];
}
