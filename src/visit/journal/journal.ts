/**
 * The journals of every visit whose audio this device holds. In: fragments from the microphone, receipts from the scribe. Out:
 * held visits and their chunks. Everything that a call has resolved for survives a crash, a power cut and a full disk; at rest
 * it is readable only with the visit's key.
 */
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { problem, type Problem } from "#model/problem.ts";
import type { DeletionReceipt, HeldVisit, Ledger } from "#model/recording.ts";
import type { JournalKey } from "#protocol/bff-audio.ts";
import type { Disk } from "./disk.ts";
import type { Keys } from "./keys.ts";
import { logName } from "./log-names.ts";
import { makeVisit } from "./make.ts";
import type { VisitHeader } from "./records.ts";
import { plainPlan, type SpacePlan } from "./space.ts";
import { toHeld, toSend, type VisitToSend } from "./summaries.ts";
import type { Tombstone } from "./tombstones.ts";
import { createTurns } from "./turns.ts";
import type { VisitJournal } from "./visit-journal.ts";

/** Pages that record into a visit. A worker that dies leaves its page alive, and the page goes on in another worker. */
export type RecordingPages = {
  isOpen(visitId: VisitId): Promise<boolean>;
  /** From now on: should the page go away before `isOver`, the journal has to be opened anew. */
  watch(visitId: VisitId, isOver: () => boolean): void;
};

export type JournalParts = {
  disk: Disk;
  keys: Keys;
  clock: Clock;
  /** How much space a visit gets; tests take less. */
  plan?: SpacePlan;
  /** Who records, beside this journal; without it nobody is asked. */
  pages?: () => Promise<RecordingPages>;
  /** Something about this visit is durable that was not before. */
  onChange(visitId: VisitId): void;
  /** A log on the disk cannot be read; it is left alone. */
  onUnreadable(visitId: VisitId, problem: Problem): void;
  /** The disk gives no more space ahead of this visit, which goes on in what it has; null: it does again. */
  onShort(visitId: VisitId, problem: Problem | null): void;
};

export type Journal = {
  /** Takes the space for the next visit, on a fuller disk what there is. `storage_full`: too little, and nothing is taken. */
  reserve(): Promise<{ reservedBytes: number }>;
  /**
   * Makes a visit's log in reserved space: key first, then the header. The same visit again is the same log. With a journal key
   * the visit's key rests wrapped.
   */
  open(visit: VisitHeader, journalKey?: JournalKey | null): Promise<void>;
  /** `not_found` when this device does not hold it. */
  visit(visitId: VisitId): VisitJournal;
  /** Visits with audio, oldest first. */
  held(): HeldVisit[];
  /** Visits whose key has to be unwrapped first: nothing else is known of them. */
  locked(): { visitId: VisitId; bytesOnDevice: number }[];
  /** Opens what can be opened by now. */
  unlock(): Promise<void>;
  ledger(visitId: VisitId): Promise<Ledger>;
  toSend(): VisitToSend[];
  /** Removes audio, key and names; a tombstone stays until `forget`. A visit that is not held is erased already. */
  erase(visitId: VisitId, reason: Tombstone["reason"]): Promise<void>;
  tombstones(): Tombstone[];
  /** Removes all that is left of a visit, but for a deletion receipt: the clinic server knows. */
  forget(visitId: VisitId): Promise<void>;
  /** Of everything erased here lately, newest first (receipts.ts). */
  receipts(): Promise<DeletionReceipt[]>;
  /** Lets go of every file, so that another tab can open them. */
  closeFiles(): Promise<void>;
};

/** What is on the disk, in memory. */
export type Shelf = Required<Omit<JournalParts, "pages">> &
  Pick<JournalParts, "pages"> & {
    visits: Map<VisitId, VisitJournal>;
    locked: Map<VisitId, number>;
    tombstones: Map<VisitId, Tombstone>;
  };

// A recording that runs needs none of these: scripts of their own.
const loadReceipts = () => import("./receipts.ts");
const loadErasing = () => import("./erase.ts");

/** Replays every log on the disk. */
export async function openJournal(parts: JournalParts): Promise<Journal> {
  const plan = parts.plan ?? plainPlan;
  const shelf: Shelf = { ...parts, plan, visits: new Map(), locked: new Map(), tombstones: new Map() };
  await loadAll(shelf);
  const inTurn = createTurns();
  return {
    reserve: () =>
      inTurn(async () => ({ reservedBytes: await (await import("./reserve.ts")).reserveSpare(shelf.disk, plan) })),
    open: (header, journalKey = null) => inTurn(() => open(shelf, header, journalKey)),
    visit: (visitId) => visitOf(shelf, visitId),
    held: () => heldOn(shelf),
    locked: () => [...shelf.locked].map(([visitId, bytesOnDevice]) => ({ visitId, bytesOnDevice })),
    unlock: () =>
      inTurn(async () => {
        for (const visitId of await loadAll(shelf)) shelf.onChange(visitId);
      }),
    ledger: async (visitId) => {
      const found = visitOf(shelf, visitId);
      return (await import("./ledger.ts")).ledgerOf(found.state(), found.size());
    },
    toSend: () => sorted(shelf).map((journal) => toSend(journal.state())),
    erase: (visitId, reason) => inTurn(async () => (await loadErasing()).erase(shelf, visitId, reason)),
    tombstones: () => [...shelf.tombstones.values()],
    forget: (visitId) => inTurn(async () => (await loadErasing()).forget(shelf, visitId)),
    receipts: () => inTurn(async () => (await loadReceipts()).allReceipts(shelf)),
    async closeFiles() {
      for (const journal of shelf.visits.values()) await journal.closeFile();
      shelf.visits.clear();
    },
  };
}

function visitOf({ visits }: Shelf, visitId: VisitId): VisitJournal {
  const found = visits.get(visitId);
  if (found === undefined) throw problem("not_found");
  return found;
}

function sorted({ visits }: Shelf): VisitJournal[] {
  const startOf = (journal: VisitJournal): number => journal.state().header.header.startedAt;
  return [...visits.values()].sort((a, b) => startOf(a) - startOf(b));
}

function heldOn(shelf: Shelf): HeldVisit[] {
  const held = sorted(shelf).filter((journal) => journal.state().discarded === null);
  return held.map((journal) => toHeld(journal.state(), journal.size()));
}

async function open(shelf: Shelf, header: VisitHeader, journalKey: JournalKey | null): Promise<void> {
  const { visitId } = header.header;
  if (!shelf.visits.has(visitId)) {
    const isThere = (await shelf.disk.names()).includes(logName(visitId));
    if (isThere) throw problem("storage_unavailable", { detail: "its log cannot be read" });
    shelf.visits.set(visitId, await makeVisit(shelf, header, journalKey));
  }
  shelf.onChange(visitId);
}

/** Resolves to those that were opened. */
async function loadAll(shelf: Shelf): Promise<VisitId[]> {
  if ((await shelf.disk.names()).length === 0) return [];
  return (await import("./fill-shelf.ts")).fillShelf(shelf);
}
