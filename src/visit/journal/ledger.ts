/** The page that lists every piece. Not needed to record: a script of its own. */
import type { Ledger } from "#model/recording.ts";
import { lengthOf } from "./recording-state.ts";
import { gapsOf } from "./summaries.ts";
import type { VisitState } from "./visit-state.ts";

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
