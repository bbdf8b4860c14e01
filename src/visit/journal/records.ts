/**
 * What a visit's log says, record by record. The log alone rebuilds everything that is known about the visit. A recording that runs
 * writes all of these and reads fragments; the rest is read in read-record.ts.
 */
import type { Chunk, Receipt } from "#model/chunk.ts";
import { problem } from "#model/problem.ts";
import type { GapReason, JournalHeader, MicrophoneSettings } from "#model/recording.ts";
import type { VisitCreate } from "#protocol/bff.ts";
import { concat } from "./bytes.ts";
import type { Digest } from "./digest.ts";
import type { Figures } from "./figures.ts";

/** First record: who the visit is about, and the words that make it exist at the clinic server. `imported`: its audio is a file's. */
export type VisitHeader = { header: JournalHeader; create: VisitCreate; imported?: boolean | undefined };

/** A run of the recorder begins; `recording` counts 0.. `recovers`: it is what the black box held beyond that recording. */
export type RecordingStart = {
  recording: number;
  mimeType: string;
  at: number;
  settings?: MicrophoneSettings | undefined;
  recovers?: number | undefined;
};

/**
 * A chunk was cut: the bytes `from..to` of a recording's stream, and what they became. `readFrom`: where a reader has to start
 * for them, when that is not `from`.
 */
export type Cut = Chunk & {
  recording: number;
  from: number;
  to: number;
  readFrom?: number | undefined;
  cutAt?: number | undefined;
};

/** The chunk at this sequence is now these: halves of one that was too large, or what damage has left. Those after it move. */
export type Split = { sequence: number; becomes: Cut[]; at: number };

/**
 * Turns in the visit's life. `ended` without a number is the last recording's. `interrupted`: the recorder did not end it, it was
 * found without an end. `gap`: nothing is recorded from `startedAt` on; `endedAt` null while it lasts. `lost`: the clinic server
 * no longer lists these sequences, so their receipts are void.
 */
export type Mark = { at: number } & (
  | { mark: "closed" | "registered" | "finished" }
  | { mark: "ended"; recording?: number | undefined; interrupted?: boolean | undefined }
  | { mark: "gap"; reason: GapReason; startedAt: number; endedAt: number | null }
  /** `text` has at most 500 letters. */
  | { mark: "moment"; text: string | null }
  | { mark: "signed"; signedAt: string }
  | { mark: "lost"; sequences: number[] }
  /** `was`: what there was of its audio; not in logs of earlier versions. */
  | { mark: "discarded"; reason: "discarded" | "withdrawn"; was?: Figures | undefined }
);

/**
 * A slice of a recorder's stream, as it came. `from` is its place in its recording's stream. `recording` is null in logs of
 * before recordings could overlap: it belongs to the last one begun.
 */
export type StoredFragment = {
  recording: number | null;
  capturedAt: number;
  from: number;
  bytes: Uint8Array<ArrayBuffer>;
};

export type JournalRecord =
  | { type: "header"; header: VisitHeader }
  | { type: "recording"; start: RecordingStart }
  | { type: "fragment"; fragment: StoredFragment }
  | { type: "cut"; cut: Cut }
  | { type: "split"; split: Split }
  | { type: "receipt"; receipt: Receipt }
  | { type: "mark"; mark: Mark }
  /** Says nothing that the records before it do not say (digest.ts). */
  | { type: "digest"; digest: Digest };

/** Numbers on disk: never reuse one. 3 was the fragment without its recording's number; it is read, not written. */
export const kinds = {
  header: 1,
  recording: 2,
  cut: 4,
  receipt: 5,
  mark: 6,
  fragment: 7,
  split: 8,
  digest: 9,
} as const;
const lastRecordingsFragment = 3;

export function encodeRecord(record: JournalRecord): { kind: number; plain: Uint8Array<ArrayBuffer> } {
  const kind = kinds[record.type];
  if (record.type === "fragment") return { kind, plain: encodeFragment(record.fragment) };
  return { kind, plain: new TextEncoder().encode(JSON.stringify(bodyOf(record))) };
}

function bodyOf(record: Exclude<JournalRecord, { type: "fragment" }>): unknown {
  if (record.type === "header") return record.header;
  if (record.type === "recording") return record.start;
  if (record.type === "cut") return record.cut;
  if (record.type === "split") return record.split;
  if (record.type === "digest") return record.digest;
  return record.type === "receipt" ? record.receipt : record.mark;
}

/** Time and place; since kind 7 the recording's number. */
const oldHeadBytes = 16;
const headBytes = 20;

function encodeFragment({ recording, capturedAt, from, bytes }: StoredFragment): Uint8Array<ArrayBuffer> {
  if (recording === null) throw problem("internal_error", { detail: "a fragment of no recording" });
  const head = new DataView(new ArrayBuffer(headBytes));
  head.setFloat64(0, capturedAt);
  head.setFloat64(8, from);
  head.setUint32(16, recording);
  return concat([new Uint8Array(head.buffer), bytes]);
}

/** Undefined for a record of another kind. */
export function decodeFragment(kind: number, plain: Uint8Array<ArrayBuffer>): StoredFragment | undefined {
  const isOld = kind === lastRecordingsFragment;
  if (!isOld && kind !== kinds.fragment) return undefined;
  const head = new DataView(plain.buffer, plain.byteOffset, isOld ? oldHeadBytes : headBytes);
  const recording = isOld ? null : head.getUint32(16);
  const bytes = plain.subarray(isOld ? oldHeadBytes : headBytes);
  return { recording, capturedAt: head.getFloat64(0), from: head.getFloat64(8), bytes };
}
