/**
 * The vault for as long as the page lives. In: the page's calls. Out: their answers, from whichever worker lives. A worker that dies
 * or hangs (a crash, no memory left, a file that never closes) is replaced: the next one opens the journal, hears which recordings
 * go on (`goOn`), and is told everything that has no answer yet, in order; the journal leaves out what is durable already. Other
 * tabs know by a Web Lock that this page still records, and do not take the visit for one that was cut off.
 */
import type { VisitId } from "#model/id.ts";
import { problem, type ProblemError } from "#model/problem.ts";
import { afterAwake, lookWhileAwake } from "#visit/capture/awake.ts";
import { recordingLock } from "./recording-lock.ts";
import { isOfRecording, Unconfirmed, type Said } from "./unconfirmed.ts";
import type { VaultWorker } from "./start-vault-worker.ts";
import { createVaultClient, type VaultClient, type VaultNews } from "./vault-client.ts";
import type { ClinicTerms, VaultArgument, VaultCall, VaultResult } from "./vault-port.ts";

export type LastingParts = {
  start(): VaultWorker;
  terms?: Partial<ClinicTerms>;
  patience?: Patience;
};

/** `silentMs`: so long may a fragment wait for a worker that says nothing at all. `untoldMs`: what is over sooner is not told. */
export type Patience = { silentMs: number; untoldMs: number; againMs: number };

const usualPatience: Patience = { silentMs: 10_000, untoldMs: 2000, againMs: 1000 };

/** One worker, from its start to its end. `isOpen`: it has the recordings, and hears every call at once. */
type Life = VaultWorker & {
  client: VaultClient;
  over: AbortController;
  isOpen: boolean;
  isWatched: boolean;
  hasAnswered: boolean;
  silentMs: number;
};

export function createLastingVault(parts: LastingParts): VaultClient {
  return new LastingVault(parts);
}

class LastingVault implements VaultClient {
  readonly #parts: LastingParts;
  readonly #patience: Patience;
  readonly #unconfirmed = new Unconfirmed();
  readonly #listeners = new Set<(news: VaultNews) => void>();
  /** How to let go of the locks of the visits that this page records. */
  readonly #locks = new Map<VisitId, () => void>();
  #terms: Partial<ClinicTerms>;
  #signedIn: VaultArgument<"signedIn"> | undefined;
  #failures = 0;
  #life: Life;

  constructor(parts: LastingParts) {
    this.#parts = parts;
    this.#terms = parts.terms ?? {};
    this.#patience = parts.patience ?? usualPatience;
    this.#life = this.#begin();
    this.#life.isOpen = true;
  }

  onNews(listener: (news: VaultNews) => void): void {
    this.#listeners.add(listener);
  }

  wrapWith(journalKey: ClinicTerms["journalKey"]): void {
    this.#terms = { ...this.#terms, journalKey };
    this.#life.client.wrapWith(journalKey);
  }

  call<C extends VaultCall>(call: C, argument: VaultArgument<C>): Promise<VaultResult<C>> {
    return new Promise<VaultResult<C>>((resolve, reject) => {
      const said = { call, argument, resolve, reject, isSettled: false } as unknown as Said;
      if (said.call === "signedIn") this.#signedIn = said.argument;
      if (said.call === "record") this.#hold(said.argument.visitId);
      this.#unconfirmed.add(said);
      if (this.#life.isOpen || !isOfRecording(call)) this.#send(this.#life, said);
    });
  }

  #begin(): Life {
    const { worker, lock } = this.#parts.start();
    const client = createVaultClient(worker, this.#terms);
    const state = { isOpen: false, isWatched: false, hasAnswered: false, silentMs: 0 };
    const life: Life = { worker, lock, client, over: new AbortController(), ...state };
    worker.addEventListener("error", () => this.#end(life));
    worker.addEventListener("message", () => (life.silentMs = 0));
    client.onNews((news) => {
      if (life === this.#life) this.#tell(news);
    });
    return life;
  }

  #send(life: Life, said: Said): void {
    const heard = <T>(take: (answer: T) => void) => {
      return (answer: T): void => {
        if (life !== this.#life) return; // it is said again to the next
        life.hasAnswered = true;
        this.#watch(life);
        take(answer);
        if (said.argument && "visitId" in said.argument) this.#letGo(said.argument.visitId);
      };
    };
    life.client.call(said.call, said.argument).then(
      heard((value) => this.#unconfirmed.answered(said, value)),
      heard((thrown: ProblemError) => this.#unconfirmed.refused(said, thrown)),
    );
  }

  /** From its first answer on. Its lock is free when it is dead; one that lives, and says nothing while sound waits for the disk, is as good as dead. */
  #watch(life: Life): void {
    if (life.isWatched) return;
    life.isWatched = true;
    const { signal } = life.over;
    navigator.locks.request(life.lock, { signal }, () => this.#end(life)).catch(() => undefined);
    const stop = lookWhileAwake((seenMs) => {
      life.silentMs = life.isOpen && this.#unconfirmed.waitsForDisk() ? life.silentMs + seenMs : 0;
      if (life.silentMs >= this.#patience.silentMs) this.#end(life);
    });
    signal.addEventListener("abort", stop);
  }

  /** One that never answered anything is not replaced at once: the next would hardly do better. */
  #end(life: Life): void {
    if (life !== this.#life || life.over.signal.aborted) return;
    life.over.abort();
    life.isOpen = false;
    life.worker.terminate();
    this.#unconfirmed.dropPorts();
    if (life.hasAnswered) this.#failures = 0;
    else this.#giveUp();
    const next = (): void => void this.#open((this.#life = this.#begin()));
    if (life.hasAnswered) next();
    else afterAwake(Math.min(30_000, this.#patience.againMs * 2 ** this.#failures), next);
  }

  #giveUp(): void {
    this.#failures += 1;
    this.#unconfirmed.refuseAll();
    const { problem: told } = problem("storage_unavailable", { detail: "vault worker" });
    this.#tell({ kind: "problem", visitId: null, problem: told });
  }

  /** What belongs to no recording first: signing in may be what the recordings wait for. */
  async #open(life: Life): Promise<void> {
    const takeBack = this.#tellSoon(life);
    if (this.#signedIn) life.client.call("signedIn", this.#signedIn).catch(() => undefined);
    const said = this.#unconfirmed.all();
    for (const one of said) if (!isOfRecording(one.call)) this.#send(life, one);
    for (const visitId of this.#unconfirmed.pausedWithKey())
      await this.#sayGoOn(life, visitId, []).catch(() => undefined);
    for (const visitId of this.#unconfirmed.running().keys()) await this.#goOn(life, visitId);
    if (life.over.signal.aborted) return;
    life.isOpen = true;
    for (const one of this.#unconfirmed.all()) if (isOfRecording(one.call)) this.#send(life, one);
    takeBack();
    this.#tell({ kind: "reopened" });
  }

  /** Until it is so, or the visit is not recorded any more. Another tab may have the files for a while. */
  async #goOn(life: Life, visitId: VisitId): Promise<void> {
    for (;;) {
      const recordings = this.#unconfirmed.running().get(visitId);
      if (recordings === undefined || life.over.signal.aborted) return;
      const isDone = await this.#sayGoOn(life, visitId, recordings).then(
        () => true,
        () => false,
      );
      if (isDone) return this.#watch(life);
      await new Promise<void>((resolve) => afterAwake(this.#patience.againMs, resolve));
    }
  }

  #sayGoOn(life: Life, visitId: VisitId, recordings: number[]): Promise<void> {
    return life.client.call("goOn", { visitId, recordings, key: this.#unconfirmed.keyOf(visitId) });
  }

  /** Returns the way to take it back. */
  #tellSoon(life: Life): () => void {
    let isTold = false;
    const { problem: told } = problem("recorder_restarting");
    const stop = afterAwake(this.#patience.untoldMs, () => {
      isTold = true;
      this.#tell({ kind: "problem", visitId: null, problem: told });
    });
    life.over.signal.addEventListener("abort", stop);
    return () => {
      stop();
      if (isTold) this.#tell({ kind: "problem", visitId: null, problem: null });
    };
  }

  #tell(news: VaultNews): void {
    for (const listener of this.#listeners) listener(news);
  }

  #hold(visitId: VisitId): void {
    if (this.#locks.has(visitId)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#locks.set(visitId, resolve);
    void navigator.locks.request(recordingLock(visitId), () => promise);
  }

  /** When the visit is over, or never began. A pause is neither: it goes on in this page. */
  #letGo(visitId: VisitId): void {
    if (this.#unconfirmed.isRecorded(visitId)) return;
    this.#locks.get(visitId)?.();
    this.#locks.delete(visitId);
  }
}
