/**
 * What is known about one visit, built record by record. The same `apply` runs while recording and when a log is replayed, so
 * that what a restart finds is what was there before. It keeps no sound that a chunk holds: two hours fit in a few kilobytes.
 */
import type { Receipt } from "#model/chunk.ts";
import { toProblem, type Problem } from "#model/problem.ts";
import type { Moment } from "#model/recording.ts";
import {
  closeGaps,
  markGap,
  openInterruption,
  placeGap,
  shortenGap,
  withoutInterruption,
  type KnownGap,
} from "./gaps.ts";
import type { Figures } from "./figures.ts";
import { measureBetween, measureWithin } from "./measure-gaps.ts";
import { samplesToMs } from "./opus.ts";
import type { Packet, StreamFormat } from "./packet.ts";
import { createRecordingState, dropCut, lengthOf, takeFragment, type RecordingState } from "./recording-state.ts";
import { timeEnd, timeFragment } from "./sound-times.ts";
import type { Cut, JournalRecord, Mark, StoredFragment, VisitHeader } from "./records.ts";

/** A chunk, and the records in the log that hold its fragments (others may stand between). */
export type CutChunk = Cut & {
  mimeType: StreamFormat["leavesAs"];
  cutAt: number;
  span: { first: number; last: number } | null;
};

export type VisitState = {
  header: VisitHeader;
  headerOffset: number;
  recordings: RecordingState[];
  chunks: CutChunk[];
  receipts: Map<number, Receipt>;
  gaps: KnownGap[];
  moments: Moment[];
  durableMs: number;
  durableAt: number | null;
  receivedAt: number | null;
  registered: boolean;
  closed: boolean;
  finished: boolean;
  signedAt: string | null;
  discarded: "discarded" | "withdrawn" | null;
  /** When it was discarded, and what there was of it. */
  erased: { at: number; was: Figures | undefined } | null;
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
    gaps: [],
    moments: [],
    durableMs: 0,
    durableAt: null,
    receivedAt: null,
    registered: false,
    closed: false,
    finished: false,
    signedAt: null,
    discarded: null,
    erased: null,
    unreadable: null,
  };
}

export type Applied = {
  record: Exclude<JournalRecord, { type: "header" }>;
  offset: number;
  levels?: readonly number[];
};

/** Takes one durable record into account. `levels` are those measured while its fragment was recorded. Returns its packets. */
export function apply(state: VisitState, { record, offset, levels = [] }: Applied): number {
  if (record.type === "fragment") return applyFragment(state, { fragment: record.fragment, offset, levels });
  if (record.type === "recording") beginRecording(state, record.start);
  else if (record.type === "cut") applyCut(state, record.cut);
  else if (record.type === "split") applySplit(state, record.split);
  else if (record.type === "receipt") applyReceipt(state, record.receipt);
  else if (record.type === "mark") applyMark(state, record.mark);
  return 0;
}

/** A log was replayed: recordings without an end have lost their recorder. What was being recovered is recovered on. */
export function findInterrupted(state: VisitState): void {
  for (const recording of state.recordings) {
    if (!recording.ended && recording.recovers === null) interrupt(state, recording);
  }
}

function interrupt(state: VisitState, recording: RecordingState): void {
  recording.interrupted = true;
  openInterruption(state.gaps, { atMs: state.durableMs, startedAt: state.durableAt ?? state.header.header.startedAt });
}

type Start = { recording: number; mimeType: string; recovers?: number | undefined };

function beginRecording(state: VisitState, { recording: number, mimeType, recovers }: Start): void {
  recordingAt(state, number - 1);
  const recording = (state.recordings[number] ??= createRecordingState(mimeType));
  state.closed = false;
  if (recovers === undefined) return;
  [recording.recovers, recording.interrupted] = [recovers, true];
  state.gaps = withoutInterruption(state.gaps); // what is missing begins at the end of this one
}

/** A recording whose start was damaged is as the visit's header says. */
function recordingAt(state: VisitState, number: number): RecordingState | undefined {
  while (state.recordings.length <= number) state.recordings.push(createRecordingState(state.header.header.mimeType));
  return state.recordings[number];
}

type Placed = { fragment: StoredFragment; offset: number; levels: readonly number[] };

function applyFragment(state: VisitState, { fragment, offset, levels }: Placed): number {
  const number = fragment.recording ?? lastRecording(state, fragment);
  const recording = recordingAt(state, number);
  if (recording === undefined) return 0;
  const packets = readPackets(state, () => takeFragment(recording, fragment, offset));
  state.durableAt = Math.max(state.durableAt ?? 0, fragment.capturedAt);
  if (packets.length === 0) return 0;
  const soundStartedAt = fragment.capturedAt - lengthOf(packets);
  shortenGap(state.gaps, recording.gapBefore, timeFragment(recording, fragment.capturedAt, packets));
  measureBetween(state);
  for (const [index, packet] of packets.entries()) {
    const restMs = lengthOf(packets.slice(index));
    measureWithin(state, { number, packet, startsAt: (recording.lastSoundAt ?? 0) - restMs });
    const level = levels[Math.floor((index * levels.length) / packets.length)] ?? null;
    recording.waiting.push({ ...packet, level });
    recording.durationMs += samplesToMs(packet.samples);
    state.durableMs += samplesToMs(packet.samples);
  }
  placeGap(state.gaps, soundStartedAt, state.durableMs);
  return packets.length;
}

/** In logs without numbers: the last one begun; a stream that begins anew is one whose start was damaged. */
function lastRecording({ recordings }: VisitState, fragment: StoredFragment): number {
  const isNew = fragment.from < (recordings.at(-1)?.streamBytes ?? 0);
  return Math.max(0, recordings.length - (isNew ? 0 : 1));
}

function readPackets(state: VisitState, read: () => Packet[]): Packet[] {
  try {
    return read();
  } catch (thrown) {
    state.unreadable = toProblem(thrown);
    return [];
  }
}

function applyCut(state: VisitState, cut: Cut): void {
  const recording = recordingAt(state, cut.recording);
  if (recording === undefined) return;
  if (cut.sequence > state.chunks.length) {
    for (let number = 0; number < cut.recording; number += 1) pushLost(state, number);
    pushLost(state, cut.recording, cut.from);
  }
  pushChunk(state, recording, cut);
}

/** The records of these packets' chunks were damaged. Their place is kept; `repair` (visit-journal.ts) cuts them again. */
function pushLost(state: VisitState, number: number, before = Number.POSITIVE_INFINITY): void {
  const recording = state.recordings[number];
  const packets = recording?.waiting.filter((packet) => packet.at < before) ?? [];
  const [first, last] = [packets[0], packets.at(-1)];
  if (!recording || !first || !last) return;
  const { at: from, readFrom } = first;
  const counts = { sequence: state.chunks.length, sha256: "", sizeBytes: 0, durationMs: lengthOf(packets) };
  pushChunk(state, recording, { ...counts, recording: number, from, readFrom, to: last.end });
}

function pushChunk(state: VisitState, recording: RecordingState, cut: Cut): void {
  const places = recording.places.filter(({ to }) => to > (cut.readFrom ?? cut.from));
  const [first, last] = [places[0], places.at(-1)];
  const span = first && last ? { first: first.offset, last: last.offset } : null;
  state.chunks.push({ ...cut, mimeType: recording.format.leavesAs, cutAt: cut.cutAt ?? state.durableAt ?? 0, span });
  dropCut(recording, cut.to);
}

function applySplit(
  state: VisitState,
  { sequence, becomes, at }: { sequence: number; becomes: Cut[]; at: number },
): void {
  const index = state.chunks.findIndex((chunk) => chunk.sequence === sequence);
  const whole = state.chunks[index];
  if (whole === undefined) return;
  const parts = becomes.map((cut) => ({ ...whole, ...cut, cutAt: cut.cutAt ?? at }));
  const chunks = state.chunks.toSpliced(index, 1, ...parts);
  state.chunks = chunks.map((chunk, sequence) => ({ ...chunk, sequence }));
}

function applyReceipt(state: VisitState, receipt: Receipt): void {
  state.receipts.set(receipt.sequence, receipt);
  state.receivedAt = Math.max(state.receivedAt ?? 0, Date.parse(receipt.receivedAt));
}

function applyMark(state: VisitState, mark: Mark): void {
  if (mark.mark === "lost") {
    for (const sequence of mark.sequences) state.receipts.delete(sequence);
    state.finished = false;
  } else if (mark.mark === "discarded") {
    state.discarded = mark.reason;
    state.erased = { at: mark.at, was: mark.was };
  } else if (mark.mark === "signed") state.signedAt = mark.signedAt;
  else if (mark.mark === "ended") endRecording(state, mark);
  else if (mark.mark === "gap") markGap(state.gaps, mark, state.durableMs);
  else if (mark.mark === "moment") state.moments.push({ atMs: state.durableMs, at: mark.at, text: mark.text });
  else turn(state, mark);
}

function turn(state: VisitState, { mark, at }: { mark: "closed" | "registered" | "finished"; at: number }): void {
  state[mark] = true;
  const wasCutOff = state.recordings.at(-1)?.interrupted === true;
  if (mark === "closed" && !wasCutOff) closeGaps(state.gaps, at);
}

function endRecording(
  state: VisitState,
  mark: { recording?: number | undefined; interrupted?: boolean | undefined },
): void {
  const recording = state.recordings[mark.recording ?? state.recordings.length - 1];
  if (recording === undefined) return;
  recording.ended = true;
  if (mark.interrupted !== true) timeEnd(recording);
  if (mark.interrupted === true) interrupt(state, recording);
  measureBetween(state);
}
