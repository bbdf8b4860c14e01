/**
 * One vault per browser, however many tabs: a Web Lock says which tab's worker has the files. The others pass their calls on to
 * it and hear its news. A tab that wants to record asks for the vault and gets it, unless a recording runs. When the owner's tab
 * closes or crashes, the browser hands the lock to the next tab, which opens the files and goes on sending.
 */
import type { VaultCall, VaultMessage, VaultRequest } from "#app/vault-port.ts";
import { problem, toProblem, type Problem, ProblemError } from "#model/problem.ts";
import type { HeldVisit } from "#model/recording.ts";
import type { Vault } from "./vault.ts";

/** What tabs say to each other; everybody hears everything but their own words. */
export type Channel = { say(word: Word): void; onWord(listener: (word: Word) => void): void };

export type OwnershipParts = {
  /** Differs in every tab. */
  tab: string;
  lockName: string;
  locks: Pick<LockManager, "request">;
  channel: Channel;
  open(post: (message: VaultMessage) => void): Promise<Vault>;
  /** The held visits, told before the vault is open. */
  glimpse(): Promise<HeldVisit[]>;
  /** News for this tab's page. */
  post(message: VaultMessage): void;
};

export type Ownership = {
  /** Answers here when this tab owns the vault, else through the tab that does. */
  answer(request: VaultRequest): Promise<unknown>;
  networkIsBack(): void;
  /** Opens the vault anew, here or in the next tab, unless it records. */
  openAnew(): void;
};

export type Word =
  | { say: "ask"; from: string; request: VaultRequest }
  | { say: "answer"; to: string; id: number; value: unknown }
  | { say: "refuse"; to: string; id: number; problem: Problem }
  | { say: "news"; message: VaultMessage }
  | { say: "want"; from: string }
  | { say: "busy"; to: string }
  | { say: "opened" };

/** These need the files in the tab that has the microphone. */
const own = new Set<VaultCall>(["goOn", "open", "import", "record", "append", "blackBox"]);

type Asked = { request: VaultRequest; resolve(value: unknown): void; reject(problem: ProblemError): void };

export function createOwnership(parts: OwnershipParts): Ownership {
  return new Tab(parts);
}

class Tab implements Ownership {
  readonly #parts: OwnershipParts;
  readonly #asked = new Map<number, Asked>();
  #vault: Vault | undefined;
  /** Who is signed in, as this tab knows it. */
  #signedIn: VaultRequest | undefined;
  /** What is held, as long as the vault is not open yet. */
  #glimpsed: HeldVisit[] | undefined;
  /** Ends owning, or the rest after a failure to open. */
  #goOn: () => void = () => undefined;

  constructor(parts: OwnershipParts) {
    this.#parts = parts;
    parts.channel.onWord((word) => this.#hear(word));
    void this.#queue();
  }

  networkIsBack(): void {
    this.#vault?.networkIsBack();
  }

  openAnew(): void {
    if (this.#vault?.isRecording() === false) this.#goOn();
  }

  async answer(request: VaultRequest): Promise<unknown> {
    if (request.call === "signedIn") this.#signedIn = request;
    if (this.#vault) return this.#vault.answer(request);
    if (request.call === "held" && this.#glimpsed) return this.#glimpsed;
    if (request.call === "append" || request.call === "blackBox")
      throw problem("storage_unavailable", { detail: "another tab has the vault" });
    if (request.call === "signedIn") return this.#passOn(request);
    return new Promise((resolve, reject) => {
      this.#asked.set(request.id, { request, resolve, reject });
      this.#passOn(request);
      if (this.#hasFailed) this.#goOn();
    });
  }

  #hasFailed = false;

  /** "Nobody is signed in" is said for this tab alone: another may know better, and a 401 tells the owner anyway. */
  #passOn(request: VaultRequest): void {
    const { tab, channel } = this.#parts;
    if (own.has(request.call)) channel.say({ say: "want", from: tab });
    else if (request.call !== "signedIn" || request.argument.clinicianId !== null) {
      channel.say({ say: "ask", from: tab, request });
    }
  }

  /** Owns the vault from when the lock is free until another tab wants it; then stands at the end of the line again. */
  async #queue(): Promise<void> {
    for (;;) await this.#parts.locks.request(this.#parts.lockName, () => this.#hold());
  }

  async #hold(): Promise<void> {
    const ended = new Promise<void>((resolve) => (this.#goOn = resolve));
    try {
      this.#vault = await this.#open();
    } catch (thrown) {
      this.#fail(toProblem(thrown));
    }
    await ended;
    const vault = this.#vault;
    this.#vault = undefined;
    await vault?.close();
  }

  async #open(): Promise<Vault> {
    this.#hasFailed = false;
    const { open, post, channel } = this.#parts;
    await this.#glimpse();
    const vault = await open((message) => {
      post(message);
      channel.say({ say: "news", message });
    });
    this.#glimpsed = undefined;
    if (this.#signedIn) await vault.answer(this.#signedIn);
    for (const { request, resolve, reject } of this.#takeAsked()) vault.answer(request).then(resolve, reject);
    channel.say({ say: "opened" });
    post({ kind: "held" });
    return vault;
  }

  /** A visit that was cut off is offered before every record of it is read. A failure is told when the vault is opened. */
  async #glimpse(): Promise<void> {
    this.#glimpsed = await this.#parts.glimpse().catch(() => undefined);
    if (this.#glimpsed === undefined) return;
    for (const [id, { request, resolve }] of this.#asked) {
      if (request.call !== "held") continue;
      this.#asked.delete(id);
      resolve(this.#glimpsed);
    }
  }

  /** The next question tries again. */
  #fail(told: Problem): void {
    this.#hasFailed = true;
    this.#glimpsed = undefined;
    this.#parts.post({ kind: "problem", visitId: null, problem: told });
    for (const { reject } of this.#takeAsked()) reject(new ProblemError(told));
  }

  #takeAsked(): Asked[] {
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    return asked;
  }

  #hear(word: Word): void {
    if (word.say === "news") this.#parts.post(word.message);
    else if (word.say === "opened") this.#askAgain();
    else if (word.say === "ask") void this.#serve(word.from, word.request);
    else if (word.say === "want") this.#giveUp(word.from);
    else if (word.to === this.#parts.tab) this.#settle(word);
  }

  /** What was said while nobody had the vault open was heard by nobody, who is signed in too. */
  #askAgain(): void {
    if (this.#signedIn) this.#passOn(this.#signedIn);
    for (const { request } of this.#asked.values()) this.#passOn(request);
  }

  async #serve(from: string, request: VaultRequest): Promise<void> {
    if (!this.#vault) return;
    const { channel } = this.#parts;
    try {
      channel.say({ say: "answer", to: from, id: request.id, value: await this.#vault.answer(request) });
    } catch (thrown) {
      channel.say({ say: "refuse", to: from, id: request.id, problem: toProblem(thrown) });
    }
  }

  #giveUp(to: string): void {
    if (!this.#vault) return;
    if (this.#vault.isRecording()) this.#parts.channel.say({ say: "busy", to });
    else this.#goOn();
  }

  #settle(word: Extract<Word, { to: string }>): void {
    if (word.say === "busy") return this.#refuseOwn();
    const asked = this.#asked.get(word.id);
    this.#asked.delete(word.id);
    if (word.say === "answer") asked?.resolve(word.value);
    else asked?.reject(new ProblemError(word.problem));
  }

  #refuseOwn(): void {
    for (const [id, { request, reject }] of this.#asked) {
      if (!own.has(request.call)) continue;
      this.#asked.delete(id);
      reject(problem("conflict", { detail: "another tab records" }));
    }
  }
}
