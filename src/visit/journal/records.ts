/** What a visit's log says, record by record. The log alone rebuilds everything that is known about the visit. */
import { isReceipt, type Chunk, type Receipt } from "#model/chunk.ts";
import { problem } from "#model/problem.ts";
import type { GapReason, JournalHeader, MicrophoneSettings } from "#model/recording.ts";
import { hasShape } from "#model/shape.ts";
import type { VisitCreate } from "#protocol/bff.ts";
import { concat } from "./bytes.ts";
import type { Digest } from "./digest.ts";
import type { Figures } from "./figures.ts";

/** First record: who the visit is about, and the words that make it exist at the clinic server. `imported`: its audio is a file's. */
export type VisitHeader = { header: JournalHeader; create: VisitCreate; imported?: boolean | undefined };

/** A run of the recorder begins; `recording` counts 0.. `recovers`: it is what the black box held beyond that recording. */
type RecordingStart = {
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
type Split = { sequence: number; becomes: Cut[]; at: number };

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

/** The kind of stream that this record announces. */
export function mimeTypeOf(record: JournalRecord): string | undefined {
  if (record.type === "header") return record.header.header.mimeType;
  return record.type === "recording" ? record.start.mimeType : undefined;
}

/** Numbers on disk: never reuse one. 3 was the fragment without its recording's number; it is read, not written. */
const kinds = { header: 1, recording: 2, cut: 4, receipt: 5, mark: 6, fragment: 7, split: 8, digest: 9 } as const;
const lastRecordingsFragment = 3;
export const digestKind = kinds.digest;

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

/** Throws `storage_unavailable` for a record that a newer version wrote. */
export function decodeRecord(kind: number, plain: Uint8Array<ArrayBuffer>): JournalRecord {
  if (kind === kinds.fragment || kind === lastRecordingsFragment) {
    return { type: "fragment", fragment: decodeFragment(kind, plain) };
  }
  const body: unknown = JSON.parse(new TextDecoder().decode(plain));
  const record = readTurn(kind, body) ?? readCut(kind, body);
  if (record === undefined) throw problem("storage_unavailable", { detail: `record kind ${kind}` });
  return record;
}

function readTurn(kind: number, body: unknown): JournalRecord | undefined {
  if (kind === kinds.header && isHeader(body)) return { type: "header", header: body };
  if (kind === kinds.recording && isStart(body)) return { type: "recording", start: body };
  if (kind === kinds.mark && isMark(body)) return { type: "mark", mark: body };
  return kind === kinds.digest && isDigest(body) ? { type: "digest", digest: body } : undefined;
}

function readCut(kind: number, body: unknown): JournalRecord | undefined {
  if (kind === kinds.cut && isCut(body)) return { type: "cut", cut: body };
  if (kind === kinds.split && isSplit(body)) return { type: "split", split: body };
  return kind === kinds.receipt && isReceipt(body) ? { type: "receipt", receipt: body } : undefined;
}

// The seal of a record proves that this app wrote it, so these ask only whether this version can read it.

const names = { patientName: "string", recordNumber: "string", clinicianId: "string" } as const;

function isHeader(body: unknown): body is VisitHeader {
  const isWhole = hasShape(body, { header: "object", create: "object" });
  return isWhole && hasShape(body["header"], { visitId: "string", startedAt: "number", mimeType: "string", ...names });
}

function isStart(body: unknown): body is RecordingStart {
  return hasShape(body, { recording: "number", mimeType: "string", at: "number" });
}

function isCut(body: unknown): body is Cut {
  const place = { recording: "number", from: "number", to: "number" } as const;
  return hasShape(body, { sequence: "number", sha256: "string", sizeBytes: "number", durationMs: "number", ...place });
}

function isSplit(body: unknown): body is Split {
  const isWhole = hasShape(body, { sequence: "number", becomes: "object", at: "number" });
  return isWhole && Array.isArray(body["becomes"]) && body["becomes"].every((cut) => isCut(cut));
}

const marks: Record<Mark["mark"], Parameters<typeof hasShape>[1]> = {
  closed: {},
  registered: {},
  finished: {},
  ended: {},
  gap: { reason: "string", startedAt: "number" },
  moment: {},
  signed: { signedAt: "string" },
  lost: { sequences: "object" },
  discarded: { reason: "string" },
};

function isMark(body: unknown): body is Mark {
  if (!hasShape(body, { mark: "string", at: "number" }) || !Object.hasOwn(marks, String(body["mark"]))) return false;
  return hasShape(body, marks[body["mark"] as Mark["mark"]]);
}

function isDigest(body: unknown): body is Digest {
  return hasShape(body, {
    recordings: "object",
    gaps: "object",
    moments: "object",
    received: "object",
    chunks: "number",
  });
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

function decodeFragment(kind: number, plain: Uint8Array<ArrayBuffer>): StoredFragment {
  const isOld = kind === lastRecordingsFragment;
  const head = new DataView(plain.buffer, plain.byteOffset, isOld ? oldHeadBytes : headBytes);
  const recording = isOld ? null : head.getUint32(16);
  const bytes = plain.subarray(isOld ? oldHeadBytes : headBytes);
  return { recording, capturedAt: head.getFloat64(0), from: head.getFloat64(8), bytes };
}
