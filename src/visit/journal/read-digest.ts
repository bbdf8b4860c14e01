/** A state made again from its digest. In: a digest (digest.ts). Out: a state that a list of held visits can be told from. */
import type { Digest } from "./digest.ts";
import { createRecordingState } from "./recording-state.ts";
import type { VisitHeader } from "./records.ts";
import { createVisitState, type CutChunk, type VisitState } from "./visit-state.ts";

/** The state of then. What waits in its recordings has still to be read again, from `reread` on. */
export function stateOf(digest: Digest, header: VisitHeader): VisitState {
  const { recordings, chunks, received, ...kept } = digest;
  const state = { ...createVisitState(header, 0), ...kept };
  state.recordings = recordings.map(({ reread, ...scalars }) => {
    const made = createRecordingState(scalars.mimeType);
    const streamBytes = reread?.readFrom ?? scalars.streamBytes;
    return { ...made, ...scalars, streamBytes, reader: made.format.createReader(streamBytes) };
  });
  state.chunks = Array.from({ length: chunks }, (_, sequence) => ({ ...noChunk, sequence }));
  for (const [sequence, durationMs] of received.entries()) {
    if (durationMs !== null) state.receipts.set(sequence, { sequence, durationMs, sha256: "", receivedAt: "" });
  }
  return state;
}

/** It is counted, and nothing else is known of it. */
const noChunk: Omit<CutChunk, "sequence"> = {
  sha256: "",
  sizeBytes: 0,
  durationMs: 0,
  recording: 0,
  from: 0,
  to: 0,
  mimeType: "audio/webm;codecs=opus",
  cutAt: 0,
  span: null,
};
