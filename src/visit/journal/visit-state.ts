/**
 * What is known about one visit, built record by record. The same `apply` runs while recording and when a log is replayed, so
 * that what a restart finds is what was there before.
 */
import type { Receipt } from "#model/chunk.ts";
import { toProblem, type Problem } from "#model/problem.ts";
import { samplesToMs } from "./opus.ts";
import { createWebmReader, type Packet, type WebmReader } from "./read-webm.ts";
import type { Cut, JournalRecord, Mark, StoredFragment, VisitHeader } from "./records.ts";

export type WaitingPacket = Packet & { level: number | null };

/** Where a fragment stands: in the log, and in its recording's stream. */
export type FragmentPlace = { offset: number; from: number; to: number };

export type RecordingState = {
  mimeType: string;
  fragments: FragmentPlace[];
  /** Bytes of stream stored so far. */
  streamBytes: number;
  reader: WebmReader;
  /** Packets that no chunk holds yet. */
  waiting: WaitingPacket[];
  ended: boolean;
};

export type VisitState = {
  header: VisitHeader;
  headerOffset: number;
  recordings: RecordingState[];
  chunks: Cut[];
  receipts: Map<number, Receipt>;
  durableMs: number;
  durableAt: number | null;
  receivedAt: number | null;
  registered: boolean;
  closed: boolean;
  finished: boolean;
  discarded: "discarded" | "withdrawn" | null;
  /** The stream is on disk, but nothing can be made of it. */
  unreadable: Problem | null;
};

/** A state that knows the header only. */
export function createVisitState(header: VisitHeader, headerOffset: number): VisitState {
  return {
    header,
    headerOffset,
    recordings: [],
    chunks: [],
    receipts: new Map(),
    durableMs: 0,
    durableAt: null,
    receivedAt: null,
    registered: false,
    closed: false,
    finished: false,
    discarded: null,
    unreadable: null,
  };
}

export type Applied = {
  record: Exclude<JournalRecord, { type: "header" }>;
  offset: number;
  levels?: readonly number[];
};

/** Takes one durable record into account. `levels` are those measured while its fragment was recorded. */
export function apply(state: VisitState, { record, offset, levels = [] }: Applied): void {
  if (record.type === "recording") beginRecording(state, record.start.mimeType);
  else if (record.type === "fragment") applyFragment(state, { fragment: record.fragment, offset, levels });
  else if (record.type === "cut") applyCut(state, record.cut);
  else if (record.type === "receipt") applyReceipt(state, record.receipt);
  else applyMark(state, record.mark);
}

function beginRecording(state: VisitState, mimeType: string): void {
  const reader = createWebmReader();
  state.recordings.push({ mimeType, fragments: [], streamBytes: 0, reader, waiting: [], ended: false });
  state.closed = false;
}

type Placed = { fragment: StoredFragment; offset: number; levels: readonly number[] };

function applyFragment(state: VisitState, { fragment, offset, levels }: Placed): void {
  const recording = state.recordings.at(-1);
  if (recording === undefined) return; // its start was damaged; nothing can be played without the stream head
  const to = fragment.from + fragment.bytes.length;
  if (fragment.from !== recording.streamBytes) recording.reader.jump(fragment.from);
  recording.fragments.push({ offset, from: fragment.from, to });
  recording.streamBytes = to;
  state.durableAt = fragment.capturedAt;
  const packets = readPackets(state, recording.reader, fragment.bytes);
  for (const [index, packet] of packets.entries()) {
    const level = levels[Math.floor((index * levels.length) / packets.length)] ?? null;
    recording.waiting.push({ ...packet, level });
    state.durableMs += samplesToMs(packet.samples);
  }
}

function readPackets(state: VisitState, reader: WebmReader, bytes: Uint8Array): Packet[] {
  try {
    return reader.push(bytes);
  } catch (thrown) {
    state.unreadable = toProblem(thrown);
    return [];
  }
}

function applyCut(state: VisitState, cut: Cut): void {
  state.chunks.push(cut);
  const recording = state.recordings[cut.recording];
  if (recording) recording.waiting = recording.waiting.filter((packet) => packet.at >= cut.to);
}

function applyReceipt(state: VisitState, receipt: Receipt): void {
  state.receipts.set(receipt.sequence, receipt);
  state.receivedAt = Math.max(state.receivedAt ?? 0, Date.parse(receipt.receivedAt));
}

function applyMark(state: VisitState, mark: Mark): void {
  if (mark.mark === "lost") {
    for (const sequence of mark.sequences) state.receipts.delete(sequence);
    state.finished = false;
  } else if (mark.mark === "discarded") state.discarded = mark.reason;
  else if (mark.mark === "ended") endRecording(state);
  else state[mark.mark] = true;
}

function endRecording(state: VisitState): void {
  const recording = state.recordings.at(-1);
  if (recording) recording.ended = true;
}
