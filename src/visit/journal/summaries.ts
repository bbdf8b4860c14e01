/** A visit's state as others need it: the held visit on screen, the visit to send, the two numbers of the recording screen. */
import type { Chunk, Receipt } from "#model/chunk.ts";
import type { VisitId } from "#model/id.ts";
import type { HeldVisit, RecordingView } from "#model/recording.ts";
import type { VisitCreate } from "#protocol/bff.ts";
import type { VisitState } from "./visit-state.ts";

/** What is still to do for a visit, as far as the clinic server is concerned. */
export type VisitToSend = {
  visitId: VisitId;
  clinicianId: string;
  create: VisitCreate;
  mimeType: string;
  chunks: readonly Chunk[];
  receipts: ReadonlyMap<number, Receipt>;
  registered: boolean;
  closed: boolean;
  finished: boolean;
  discarded: "discarded" | "withdrawn" | null;
};

export function toHeld(state: VisitState): HeldVisit {
  const { visitId, patientName, patientBirthDate, recordNumber, clinicianId, startedAt } = state.header.header;
  return {
    visitId,
    patientName,
    patientBirthDate,
    recordNumber,
    clinicianId,
    startedAt,
    lastSavedAt: state.durableAt ?? startedAt,
    durableMs: state.durableMs,
    receivedMs: receivedMs(state),
    chunksCut: state.chunks.length,
    chunksReceived: state.receipts.size,
    finished: state.closed,
  };
}

function receivedMs(state: VisitState): number {
  return [...state.receipts.values()].reduce((sum, receipt) => sum + receipt.durationMs, 0);
}

export function toSend(state: VisitState): VisitToSend {
  const { header, create } = state.header;
  const { chunks, receipts, registered, closed, finished, discarded } = state;
  const { visitId, clinicianId, mimeType } = header;
  return { visitId, clinicianId, create, mimeType, chunks, receipts, registered, closed, finished, discarded };
}

export type Tally = Pick<
  RecordingView,
  "durableMs" | "durableAt" | "receivedMs" | "receivedAt" | "chunksCut" | "chunksReceived"
>;

/** Where the visit's audio is: on this disk, and at the scribe. */
export function tallyOf(state: VisitState): Tally {
  const { durableMs, durableAt, receivedAt, chunks, receipts } = state;
  const counts = { chunksCut: chunks.length, chunksReceived: receipts.size };
  return { durableMs, durableAt, receivedMs: receivedMs(state), receivedAt, ...counts };
}
