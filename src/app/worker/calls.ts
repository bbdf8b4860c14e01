/** What each of the page's calls does in the vault; those that a running recording does not need are in rare-calls.ts. */
import type { VaultArgument, VaultCall, VaultMessage, VaultRequest, VaultResult } from "#app/vault-port.ts";
import type { VisitId } from "#model/id.ts";
import { problem, toProblem } from "#model/problem.ts";
import type { JournalKey } from "#protocol/bff-audio.ts";
import type { Journal } from "#visit/journal/journal.ts";
import type { Outbox } from "#visit/outbox/outbox.ts";
import type { RareCall } from "./rare-calls.ts";
import type { Unlocking } from "./unlock.ts";

export type CallParts = {
  journal: Journal;
  outbox: Outbox;
  /** Of visits whose key rests wrapped, as long as this worker has it plain. */
  keys: Map<string, CryptoKey>;
  unlocking(): Promise<Unlocking>;
  post(message: VaultMessage): void;
};

export type Calls = {
  [C in VaultCall]: (
    argument: VaultArgument<C>,
    journalKey: JournalKey | null,
  ) => VaultResult<C> | Promise<VaultResult<C>>;
};

/** `running`: recordings that have begun and not ended; `refused`: visits whose last fragment could not be written. */
export type Room = CallParts & { running: OneRecording[]; refused: Set<VisitId> };

type OneRecording = { visitId: VisitId; recording: number };

export function createCalls(parts: CallParts): {
  answer(request: VaultRequest): Promise<unknown>;
  isRecording(): boolean;
  networkIsBack(): void;
} {
  const room: Room = { ...parts, running: [], refused: new Set() };
  const calls: Omit<Calls, RareCall> & Partial<Calls> = { ...recordingCalls(room), ...sendingCalls(room) };
  return {
    answer: async ({ call, argument, journalKey }) => {
      const answer = calls[call] ?? { ...calls, ...(await import("./rare-calls.ts")).rareCalls(room) }[call];
      return (answer as (argument: unknown, journalKey: JournalKey | null) => unknown)(argument, journalKey);
    },
    isRecording: () => room.running.length > 0,
    networkIsBack: () => networkIsBack(room),
  };
}

function recordingCalls(room: Room) {
  const { journal } = room;
  return {
    held: () => journal.held(),
    open: (visit, journalKey) => journal.open(visit, journalKey),
    record: (recording) => record(room, recording),
    append: (fragment) => append(room, fragment),
    endRecording: async ({ visitId, recording }) => {
      await journal.visit(visitId).endRecording(recording);
      over(room, (running) => running.visitId === visitId && running.recording === recording);
    },
    blackBox: ({ visitId, ...tap }) => journal.visit(visitId).tap(tap),
    gap: ({ visitId, ...gap }) => journal.visit(visitId).gap(gap),
    close: async ({ visitId }) => {
      await journal.visit(visitId).close();
      over(room, (running) => running.visitId === visitId);
    },
  } satisfies Partial<Calls>;
}

function sendingCalls(room: Room) {
  const { outbox } = room;
  return {
    signedIn: ({ clinicianId }) => {
      outbox.signedIn(clinicianId);
      whenLocked(room, (unlocking) => unlocking.signedIn(clinicianId));
    },
  } satisfies Partial<Calls>;
}

export function networkIsBack(room: Room): void {
  room.outbox.networkIsBack();
  whenLocked(room, (unlocking) => unlocking.networkIsBack());
}

/** What unlocks is loaded only for somebody's locked visit; if it cannot be, it is asked for the next time. */
export function whenLocked({ journal, unlocking }: Room, tell: (unlocking: Unlocking) => void): void {
  if (journal.locked().length > 0) unlocking().then(tell, () => undefined);
}

/** One visit at a time has the microphone; files may come in beside it. */
async function record(room: Room, asked: VaultArgument<"record">): Promise<VaultResult<"record">> {
  const { visitId, mimeType, settings } = asked;
  const visit = room.journal.visit(visitId);
  const isFile = (id: VisitId): boolean => room.journal.visit(id).state().header.imported === true;
  const isTaken = room.running.some((running) => running.visitId !== visitId && !isFile(running.visitId));
  if (isTaken && !isFile(visitId)) throw problem("conflict", { detail: "records already" });
  const recording = await visit.beginRecording(mimeType, { settings });
  room.running.push({ visitId, recording });
  return { recording, key: room.keys.get(visitId) };
}

export function over(room: Room, isOver: (running: OneRecording) => boolean): void {
  room.running = room.running.filter((running) => !isOver(running));
}

/** A fragment that cannot be written waits in memory: said at once, and taken back with the first that can. */
async function append(room: Room, fragment: VaultArgument<"append">): Promise<{ packets: number }> {
  const { visitId, bytes, ...rest } = fragment;
  try {
    const packets = await room.journal.visit(visitId).append({ ...rest, bytes: new Uint8Array(bytes) });
    if (room.refused.delete(visitId)) room.post({ kind: "problem", visitId, problem: null });
    return { packets };
  } catch (thrown) {
    room.refused.add(visitId);
    room.post({ kind: "problem", visitId, problem: toProblem(thrown) });
    throw thrown;
  }
}
