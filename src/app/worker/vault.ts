/**
 * Journal and outbox as one: the vault. In: the page's calls. Out: their answers, and news about every held visit. What it has
 * answered survives a crash; after one, opening it again finds all of it.
 */
import type { VaultMessage, VaultRequest } from "#app/vault-port.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import type { Disk } from "#visit/journal/disk.ts";
import { openJournal, type Journal, type RecordingPages } from "#visit/journal/journal.ts";
import type { KeyStore } from "#visit/journal/keys.ts";
import { tallyOf } from "#visit/journal/summaries.ts";
import type { OutboxJournal } from "#visit/outbox/drain.ts";
import { createOutbox } from "#visit/outbox/outbox.ts";
import type { Wire } from "#visit/outbox/wire.ts";
import { createCalls } from "./calls.ts";
import { createClinicClock } from "./clinic-clock.ts";
import { once } from "./once.ts";

export type VaultParts = {
  disk: Disk;
  keys: KeyStore;
  wire: Wire;
  /** Who records, beside this vault. */
  pages?: () => Promise<RecordingPages>;
  /** The machine's; the calls tell how far it is from the clinic's. */
  clock: Clock;
  wait(ms: number, wake: AbortSignal): Promise<void>;
  post(message: VaultMessage): void;
};

export type Vault = {
  answer(request: VaultRequest): Promise<unknown>;
  /** A recording runs: the vault cannot be given to another tab now. */
  isRecording(): boolean;
  networkIsBack(): void;
  /** Lets go of files and network; what is under way is finished first. */
  close(): Promise<void>;
};

/** How long closing waits for a request that is under way; sending it again later does no harm. */
const graceMs = 1000;

export async function openVault(given: VaultParts): Promise<Vault> {
  const clock = createClinicClock(given.clock);
  const parts = { ...given, clock };
  const stop = new AbortController();
  const post = (message: VaultMessage): void => {
    if (!stop.signal.aborted) parts.post(message);
  };
  const tell = createNews(post);
  const journal: Journal = await openJournal({
    ...parts,
    onChange: (visitId) => {
      if (tell(journal, visitId)) outbox.wake();
    },
    onUnreadable: (visitId, told) => post({ kind: "problem", visitId, problem: told }),
    onShort: (visitId, told) => post({ kind: "problem", visitId, problem: told }),
  });
  const outbox = createOutbox({
    ...parts,
    journal: outboxView(journal),
    random: () => Math.random(),
    onWaiting: (waiting) => post({ kind: "waiting", waiting }),
    onProblem: (visitId, told) => post({ kind: "problem", visitId, problem: told }),
  });
  const running = outbox.run(stop.signal);
  const openVisits = () => journal.unlock();
  const unlocking = once(async () => {
    const { createUnlocking } = await import("./unlock.ts"); // not needed where devices hold their own keys
    return createUnlocking({ ...parts, openVisits, onChange: () => post({ kind: "held" }), until: stop.signal });
  });
  const desk = createCalls({ journal, outbox, keys: parts.keys.inMemory, unlocking, post });
  return {
    answer: (request) => {
      clock.follow(request.clockOffsetMs);
      return desk.answer(request);
    },
    isRecording: desk.isRecording,
    networkIsBack: desk.networkIsBack,
    close: async () => {
      stop.abort();
      await Promise.race([running, parts.wait(graceMs, new AbortController().signal)]);
      await journal.closeFiles();
    },
  };
}

/** Tallies change four times a second; the list of held visits, and what is to be sent, only when one of them takes a turn: true. */
function createNews(post: VaultParts["post"]): (journal: Journal, visitId: VisitId) => boolean {
  const shapes = new Map<VisitId, string>();
  return (journal, visitId) => {
    const visit = journal.toSend().find((candidate) => candidate.visitId === visitId);
    if (visit) post({ kind: "tally", visitId, tally: tallyOf(journal.visit(visitId).state()) });
    const { chunks, receipts, closed, finished, discarded } = visit ?? {};
    const shape = JSON.stringify([chunks?.length, receipts?.size, closed, finished, discarded]);
    // Of an erased visit nothing is left to compare: every turn of it is told.
    const hasTurned = visit === undefined || shapes.get(visitId) !== shape;
    if (hasTurned) post({ kind: "held" });
    shapes.set(visitId, shape);
    return hasTurned;
  };
}

function outboxView(journal: Journal): OutboxJournal {
  return {
    toSend: () => journal.toSend(),
    chunk: (visitId, sequence) => journal.visit(visitId).chunk(sequence),
    whole: async (visitId) => (await import("./one-file.ts")).oneFile(await journal.visit(visitId).whole()),
    receive: (visitId, receipt) => journal.visit(visitId).receive(receipt),
    mark: (visitId, mark) => journal.visit(visitId).mark(mark),
    split: (visitId, sequence) => journal.visit(visitId).split(sequence),
    tombstones: () => journal.tombstones(),
    forget: (visitId) => journal.forget(visitId),
  };
}
