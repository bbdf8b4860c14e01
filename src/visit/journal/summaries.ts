/** A visit's state as others need it: held on screen, to send, the numbers of the recording screen, the ledger. */
import type { Receipt } from "#model/chunk.ts";
import type { VisitId } from "#model/id.ts";
import type { Gap, HeldVisit, Ledger, Moment, RecordingView } from "#model/recording.ts";
import type { VisitCreate } from "#protocol/bff.ts";
import { toGap } from "./gaps.ts";
import { lengthOf } from "./recording-state.ts";
import type { CutChunk, VisitState } from "./visit-state.ts";

/** What is still to do for a visit, as far as the clinic server is concerned. `mimeType` is the first recording's. */
export type VisitToSend = {
  visitId: VisitId;
  clinicianId: string;
  create: VisitCreate;
  mimeType: string;
  chunks: readonly CutChunk[];
  receipts: ReadonlyMap<number, Receipt>;
  registered: boolean;
  closed: boolean;
  finished: boolean;
  discarded: "discarded" | "withdrawn" | null;
  marks: { gaps: Gap[]; moments: Moment[] };
  durableMs: number;
};

export function toHeld(state: VisitState, bytesOnDevice: number): HeldVisit {
  const { header, imported = false } = state.header;
  const { visitId, patientName, patientBirthDate, recordNumber, clinicianId, startedAt } = header;
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
    gaps: gapsOf(state),
    moments: [...state.moments],
    bytesOnDevice,
    signedAt: state.signedAt,
    imported,
    recoveredMs: recoveredMs(state),
  };
}

function gapsOf({ gaps }: VisitState): Gap[] {
  return gaps.map(toGap).sort((a, b) => a.startedAt - b.startedAt);
}

function recoveredMs({ recordings }: VisitState): number {
  const recovered = recordings.filter((recording) => recording.recovers !== null);
  return recovered.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function receivedMs(state: VisitState): number {
  return [...state.receipts.values()].reduce((sum, receipt) => sum + receipt.durationMs, 0);
}

export function toSend(state: VisitState): VisitToSend {
  const { header, create } = state.header;
  const { chunks, receipts, registered, closed, finished, discarded, durableMs } = state;
  const { visitId, clinicianId, mimeType } = header;
  const marks = { gaps: gapsOf(state), moments: [...state.moments] };
  const turns = { registered, closed, finished, discarded };
  return { visitId, clinicianId, create, mimeType, chunks, receipts, ...turns, marks, durableMs };
}

export type Tally = Pick<
  RecordingView,
  "durableMs" | "durableAt" | "receivedMs" | "receivedAt" | "chunksCut" | "chunksReceived" | "gaps" | "moments"
>;

/** Where the visit's audio is: on this disk, and at the scribe; and what is missing of it. */
export function tallyOf(state: VisitState): Tally {
  const { durableMs, durableAt, receivedAt, chunks, receipts } = state;
  const counts = { chunksCut: chunks.length, chunksReceived: receipts.size };
  const places = { durableMs, durableAt, receivedMs: receivedMs(state), receivedAt, ...counts };
  return { ...places, gaps: gapsOf(state), moments: [...state.moments] };
}

/** Chunk by chunk, where the visit is. */
export function ledgerOf(state: VisitState, bytesOnDevice: number): Ledger {
  const { chunks, receipts, durableMs, signedAt } = state;
  const uncutMs = state.recordings.reduce((sum, { waiting }) => sum + lengthOf(waiting), 0);
  const lines = chunks.map(({ sequence, sha256, sizeBytes, durationMs, cutAt }) => {
    const receivedAt = receipts.get(sequence)?.receivedAt ?? null;
    return { sequence, sha256, sizeBytes, durationMs, cutAt, receivedAt };
  });
  const isReceived = uncutMs === 0 && lines.every((line) => line.receivedAt !== null);
  return {
    visitId: state.header.header.visitId,
    recordings: state.recordings.length,
    durableMs,
    uncutMs,
    bytesOnDevice,
    lines,
    gaps: gapsOf(state),
    moments: [...state.moments],
    erasable: isReceived && signedAt !== null,
  };
}
