/** A visit's state as others need it: held on screen, to send, the numbers of the recording screen. */
import type { VisitId } from "#model/id.ts";
import type { Gap, HeldVisit, Moment, RecordingView } from "#model/recording.ts";
import type { VisitCreate } from "#protocol/bff.ts";
import { toGap } from "./gaps.ts";
import type { VisitState } from "./visit-state.ts";

type Kept = "chunks" | "receipts" | "registered" | "closed" | "finished" | "discarded" | "durableMs";

/** What is still to do for a visit, as far as the clinic server is concerned. */
export type VisitToSend = Readonly<Pick<VisitState, Kept>> & {
  visitId: VisitId;
  clinicianId: string;
  create: VisitCreate;
  marks: { gaps: Gap[]; moments: Moment[] };
};

export function toHeld(state: VisitState, bytesOnDevice: number): HeldVisit {
  const { header, imported = false } = state.header;
  const { visitId, patientName, patientBirthDate, recordNumber, clinicianId, startedAt } = header;
  const { durableAt, receivedAt: _, ...tally } = tallyOf(state);
  return {
    visitId,
    patientName,
    patientBirthDate,
    recordNumber,
    clinicianId,
    startedAt,
    lastSavedAt: durableAt ?? startedAt,
    ...tally,
    finished: state.closed,
    bytesOnDevice,
    signedAt: state.signedAt,
    imported,
    recoveredMs: recoveredMs(state),
  };
}

export function gapsOf({ gaps }: VisitState): Gap[] {
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
  const { visitId, clinicianId } = header;
  const marks = { gaps: gapsOf(state), moments: [...state.moments] };
  return { ...state, visitId, clinicianId, create, marks };
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
