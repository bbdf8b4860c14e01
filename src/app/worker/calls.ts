/** What each of the page's calls does in the vault. */
import type { Fragment, VaultArgument, VaultCall, VaultMessage, VaultRequest, VaultResult } from "#app/vault-port.ts";
import type { VisitId } from "#model/id.ts";
import { problem, toProblem } from "#model/problem.ts";
import type { Journal } from "#visit/journal/journal.ts";
import type { Outbox } from "#visit/outbox/outbox.ts";

export type CallParts = { journal: Journal; outbox: Outbox; post(message: VaultMessage): void };

type Calls = { [C in VaultCall]: (argument: VaultArgument<C>) => VaultResult<C> | Promise<VaultResult<C>> };

/** `recording` is the visit that records now; `refused` those whose last fragment could not be written. */
type Room = CallParts & { recording: VisitId | null; refused: Set<VisitId> };

export function createCalls(parts: CallParts): {
  answer(request: VaultRequest): Promise<unknown>;
  isRecording(): boolean;
} {
  const room: Room = { ...parts, recording: null, refused: new Set() };
  const calls = callsOf(room);
  return {
    answer: async ({ call, argument }) => (calls[call] as (argument: unknown) => unknown)(argument),
    isRecording: () => room.recording !== null,
  };
}

function callsOf(room: Room): Calls {
  const { journal, outbox } = room;
  return {
    open: (visit) => journal.open(visit),
    record: async ({ visitId, mimeType }) => {
      if (room.recording !== null && room.recording !== visitId)
        throw problem("conflict", { detail: "records already" });
      await journal.visit(visitId).beginRecording(mimeType);
      room.recording = visitId;
    },
    append: (fragment) => append(room, fragment),
    endRecording: async ({ visitId }) => {
      await journal.visit(visitId).endRecording();
      room.recording = null;
    },
    close: async ({ visitId }) => {
      await journal.visit(visitId).close();
      if (room.recording === visitId) room.recording = null;
    },
    held: () => journal.held(),
    discard: async ({ visitId, reason }) => {
      if (room.recording === visitId) room.recording = null;
      await journal.visit(visitId).discard(reason);
    },
    erase: ({ visitId }) => journal.erase(visitId),
    exportAudio: async ({ visitId }) => (await journal.visit(visitId).whole()).buffer,
    signedIn: ({ clinicianId }) => outbox.signedIn(clinicianId),
    sendNow: () => outbox.sendNow(),
    sendAgain: ({ visitId }) => {
      if (journal.toSend().some((visit) => visit.visitId === visitId)) outbox.sendAgain(visitId);
    },
  };
}

/** A fragment that cannot be written waits in memory: said at once, and taken back with the first that can. */
async function append(
  room: Room,
  { visitId, bytes, capturedAt, levels }: Fragment & { visitId: VisitId },
): Promise<void> {
  try {
    await room.journal.visit(visitId).append({ bytes: new Uint8Array(bytes), capturedAt, levels });
    if (room.refused.delete(visitId)) room.post({ kind: "problem", visitId, problem: null });
  } catch (thrown) {
    room.refused.add(visitId);
    room.post({ kind: "problem", visitId, problem: toProblem(thrown) });
    throw thrown;
  }
}
