/** What a visit's log says, record by record. The log alone rebuilds everything that is known about the visit. */
import { z } from "zod";
import { Chunk, Receipt } from "#model/chunk.ts";
import { problem } from "#model/problem.ts";
import { GapReason, JournalHeader, MicrophoneSettings } from "#model/recording.ts";
import { VisitCreate } from "#protocol/bff.ts";
import { concat } from "./bytes.ts";
import type { Digest } from "./digest.ts";

/** First record: who the visit is about, and the words that make it exist at the clinic server. `imported`: its audio is a file's. */
export const VisitHeader = z.object({
  header: JournalHeader,
  create: VisitCreate,
  imported: z.boolean().optional(),
});
export type VisitHeader = z.infer<typeof VisitHeader>;

/** A run of the recorder begins; `recording` counts 0.. `recovers`: it is what the black box held beyond that recording. */
const RecordingStart = z.object({
  recording: z.number().int(),
  mimeType: z.string(),
  at: z.number(),
  settings: MicrophoneSettings.optional(),
  recovers: z.number().int().optional(),
});

/**
 * A chunk was cut: the bytes `from..to` of a recording's stream, and what they became. `readFrom`: where a reader has to start
 * for them, when that is not `from`.
 */
export const Cut = Chunk.extend({
  recording: z.number().int(),
  from: z.number(),
  to: z.number(),
  readFrom: z.number().optional(),
  cutAt: z.number().optional(),
});
export type Cut = z.infer<typeof Cut>;

/** The chunk at this sequence is now these: halves of one that was too large, or what damage has left. Those after it move. */
const Split = z.object({ sequence: z.number().int(), becomes: z.array(Cut), at: z.number() });
type Split = z.infer<typeof Split>;

/**
 * Turns in the visit's life. `ended` without a number is the last recording's. `interrupted`: the recorder did not end it, it was
 * found without an end. `gap`: nothing is recorded from `startedAt` on; `endedAt` null while it lasts. `lost`: the clinic server
 * no longer lists these sequences, so their receipts are void.
 */
export const Mark = z.discriminatedUnion("mark", [
  z.object({ mark: z.enum(["closed", "registered", "finished"]), at: z.number() }),
  z.object({
    mark: z.literal("ended"),
    at: z.number(),
    recording: z.number().int().optional(),
    interrupted: z.boolean().optional(),
  }),
  z.object({
    mark: z.literal("gap"),
    at: z.number(),
    reason: GapReason,
    startedAt: z.number(),
    endedAt: z.number().nullable(),
  }),
  z.object({ mark: z.literal("moment"), at: z.number(), text: z.string().max(500).nullable() }),
  z.object({ mark: z.literal("signed"), at: z.number(), signedAt: z.string() }),
  z.object({ mark: z.literal("lost"), at: z.number(), sequences: z.array(z.number().int()) }),
  z.object({ mark: z.literal("discarded"), at: z.number(), reason: z.enum(["discarded", "withdrawn"]) }),
]);
export type Mark = z.infer<typeof Mark>;

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
  | { type: "recording"; start: z.infer<typeof RecordingStart> }
  | { type: "fragment"; fragment: StoredFragment }
  | { type: "cut"; cut: Cut }
  | { type: "split"; split: Split }
  | { type: "receipt"; receipt: Receipt }
  | { type: "mark"; mark: Mark }
  /** Says nothing that the records before it do not say (digest.ts). */
  | { type: "digest"; digest: Digest };

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
  if (kind === kinds.header) return { type: "header", header: VisitHeader.parse(body) };
  if (kind === kinds.recording) return { type: "recording", start: RecordingStart.parse(body) };
  if (kind === kinds.cut) return { type: "cut", cut: Cut.parse(body) };
  if (kind === kinds.split) return { type: "split", split: Split.parse(body) };
  if (kind === kinds.receipt) return { type: "receipt", receipt: Receipt.parse(body) };
  if (kind === kinds.mark) return { type: "mark", mark: Mark.parse(body) };
  // The seal proves that this app wrote it; a digest of another form would get a number of its own.
  if (kind === kinds.digest) return { type: "digest", digest: body as Digest };
  throw problem("storage_unavailable", { detail: `record kind ${kind}` });
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
