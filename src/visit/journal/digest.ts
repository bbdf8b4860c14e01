/**
 * A visit's state in a few hundred bytes, without its sound and without its table of chunks: one is written into the log every few
 * seconds, so that what a log holds can be told without reading through it (glimpse.ts). In: a state. Out: the same again, as far
 * as a list of held visits shows it, with recordings that can be read on from where they were.
 */
import type { KnownGap } from "./gaps.ts";
import type { Log } from "./log.ts";
import type { RecordingState } from "./recording-state.ts";
import { encodeRecord } from "./records.ts";
import type { VisitState } from "./visit-state.ts";

/** These of a recording are as they were. */
type KeptRecording = Omit<RecordingState, "format" | "reader" | "waiting" | "places"> & {
  /** The record, and the byte in its stream, from which packets wait that no chunk holds; null when none waits. */
  reread: { offset: number; readFrom: number; from: number } | null;
};

type KeptState = Pick<
  VisitState,
  "moments" | "durableMs" | "durableAt" | "receivedAt" | "registered" | "closed" | "finished" | "signedAt" | "discarded"
>;

export type Digest = KeptState & {
  gaps: KnownGap[];
  recordings: KeptRecording[];
  chunks: number;
  /** The length of each chunk that was received, by its sequence; null for those that were not. */
  received: (number | null)[];
};

/**
 * Undefined when the state cannot be made again from so little: a stream that cannot be read, one that says only at its start how
 * to read it (MP4), or one that stands in the middle of a packet with nothing waiting before it.
 */
export function digestOf(state: VisitState): Digest | undefined {
  const isReadable = ({ mimeType, ended, waiting }: RecordingState) =>
    mimeType.startsWith("audio/webm") && (ended || waiting.length > 0);
  if (state.unreadable || !state.recordings.every(isReadable)) return undefined;
  const { header: _, headerOffset: _at, recordings, chunks, receipts, erased: _was, unreadable: _why, ...kept } = state;
  return {
    ...kept,
    recordings: recordings.map(keptOf),
    chunks: chunks.length,
    received: chunks.map(({ sequence }) => receipts.get(sequence)?.durationMs ?? null),
  };
}

function keptOf({ format: _format, reader: _reader, waiting, places, ...kept }: RecordingState): KeptRecording {
  const [first] = waiting;
  const place = first && places.find(({ to }) => to > first.readFrom);
  return {
    ...kept,
    reread: first && place ? { offset: place.offset, readFrom: first.readFrom, from: first.at } : null,
  };
}

/** So many records may come after a digest before the next one. */
const everyRecords = 48;

/** Writes a digest now and then. One that cannot be written (a full disk) is left out: it says nothing new. */
export function createDigests(log: Pick<Log, "append">): (state: VisitState) => Promise<void> {
  let since = 0;
  return async (state) => {
    since += 1;
    const digest = since >= everyRecords ? digestOf(state) : undefined;
    if (digest === undefined) return;
    since = 0;
    const { kind, plain } = encodeRecord({ type: "digest", digest });
    await log.append(kind, plain).catch(() => undefined);
  };
}
