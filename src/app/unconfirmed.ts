/**
 * What this page has said to the vault and has no answer to, so that it can be said again to another worker: in the order in which
 * it was said, each fragment with its place in its recording's stream. Fragments stay here until they are durable, also those that
 * a full disk has refused; a page that records holds a quarter of a second of sound here, and at most `mostBytes` of refused ones.
 */
import type { VisitId } from "#model/id.ts";
import { problem, toProblem, type ProblemError } from "#model/problem.ts";
import type { VaultArgument, VaultCall, VaultResult } from "./vault-port.ts";

export type Said = {
  [C in VaultCall]: { call: C; argument: VaultArgument<C> };
}[VaultCall] & {
  resolve(value: unknown): void;
  reject(thrown: ProblemError): void;
  /** Whoever said it has an answer. */
  isSettled: boolean;
};

type Running = { visitId: VisitId; recording: number; bytes: number };

/** Four hours of sound. */
const mostBytes = 64_000_000;

export class Unconfirmed {
  #said = new Set<Said>();
  #running: Running[] = [];
  /** Recorded into and not closed, with their plain keys where those rest wrapped. */
  readonly #begun = new Map<VisitId, CryptoKey | undefined>();

  add(said: Said): void {
    if (said.call === "append") {
      const running = this.#find(said.argument);
      if (running) {
        said.argument = { ...said.argument, from: running.bytes };
        running.bytes += said.argument.bytes.byteLength;
      }
    }
    this.#said.add(said);
  }

  answered(said: Said, value: unknown): void {
    this.#said.delete(said);
    if (said.call === "record") {
      const { recording, key } = value as VaultResult<"record">;
      this.#begun.set(said.argument.visitId, key);
      this.#running.push({ visitId: said.argument.visitId, recording, bytes: 0 });
    } else if (said.call === "append" || said.call === "endRecording") {
      const { visitId, recording } = said.argument;
      this.#confirm((other) => other.visitId === visitId && other.recording === recording);
      if (said.call === "endRecording") this.#over((one) => one.visitId === visitId && one.recording === recording);
    } else if (said.call === "close" || said.call === "discard") {
      const { visitId } = said.argument;
      this.#begun.delete(visitId);
      this.#confirm((other) => other.visitId === visitId);
      this.#over((one) => one.visitId === visitId);
    }
    settle(said, () => said.resolve(value));
  }

  /** A fragment that could not be written waits in the worker, and here in case that one dies. */
  refused(said: Said, thrown: ProblemError): void {
    if (said.call !== "append" || toProblem(thrown).code === "not_found") this.#said.delete(said);
    settle(said, () => said.reject(thrown));
    this.#bound();
  }

  /** The sound of these went to a port that died with its worker. */
  dropPorts(): void {
    for (const said of this.#said) if (said.call === "blackBox") this.answered(said, undefined);
  }

  /** Nobody can answer now. Fragments and what belongs to their recordings wait on. */
  refuseAll(): void {
    for (const said of this.#said) {
      if (!isOfRecording(said.call)) this.refused(said, problem("storage_unavailable", { detail: "vault worker" }));
    }
  }

  /** This page has recorded into the visit and not closed it, or is about to. */
  isRecorded(visitId: VisitId): boolean {
    const isAsked = this.all().some(({ call, argument }) => call === "record" && argument.visitId === visitId);
    return isAsked || this.#begun.has(visitId);
  }

  /** Oldest first. */
  all(): Said[] {
    return [...this.#said];
  }

  waitsForDisk(): boolean {
    return this.all().some((said) => said.call === "append" && !said.isSettled);
  }

  /** Recordings that have begun and not ended. */
  running(): Map<VisitId, number[]> {
    const byVisit = new Map<VisitId, number[]>();
    for (const { visitId, recording } of this.#running)
      byVisit.set(visitId, [...(byVisit.get(visitId) ?? []), recording]);
    return byVisit;
  }

  keyOf(visitId: VisitId): CryptoKey | undefined {
    return this.#begun.get(visitId);
  }

  /** Visits that no recording runs in now and that only their key opens. */
  pausedWithKey(): VisitId[] {
    const running = this.running();
    return [...this.#begun].flatMap(([visitId, key]) => (key && !running.has(visitId) ? [visitId] : []));
  }

  #find({ visitId, recording }: { visitId: VisitId; recording: number }): Running | undefined {
    return this.#running.find((one) => one.visitId === visitId && one.recording === recording);
  }

  #over(isOver: (one: Running) => boolean): void {
    this.#running = this.#running.filter((one) => !isOver(one));
  }

  /** The journal writes in order: what was refused before is durable with what came after it. */
  #confirm(isIts: (argument: VaultArgument<"append">) => boolean): void {
    for (const said of this.#said)
      if (said.call === "append" && said.isSettled && isIts(said.argument)) this.#said.delete(said);
  }

  #bound(): void {
    const refused = this.all().flatMap((said) => (said.call === "append" && said.isSettled ? [said] : []));
    let bytes = refused.reduce((sum, { argument }) => sum + argument.bytes.byteLength, 0);
    for (const said of refused) {
      if (bytes <= mostBytes) return;
      bytes -= said.argument.bytes.byteLength;
      this.#said.delete(said);
    }
  }
}

function settle(said: Said, answer: () => void): void {
  if (said.isSettled) return;
  said.isSettled = true;
  answer();
}

const ofRecording = new Set<VaultCall>(["record", "append", "endRecording", "blackBox", "gap", "moment", "close"]);

/** Is its place in the order of the visit's calls, behind all fragments before it? */
export function isOfRecording(call: VaultCall): boolean {
  return ofRecording.has(call);
}
