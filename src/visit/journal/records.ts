/** What a visit's log says, record by record. The log alone rebuilds everything that is known about the visit. */
import { z } from "zod";
import { Chunk, Receipt } from "#model/chunk.ts";
import { problem } from "#model/problem.ts";
import { JournalHeader } from "#model/recording.ts";
import { VisitCreate } from "#protocol/bff.ts";
import { concat } from "./bytes.ts";

/** First record: who the visit is about, and the words that make it exist at the clinic server. */
export const VisitHeader = z.object({ header: JournalHeader, create: VisitCreate });
export type VisitHeader = z.infer<typeof VisitHeader>;

/** A run of the recorder begins; `recording` counts 0.. */
const RecordingStart = z.object({ recording: z.number().int(), mimeType: z.string(), at: z.number() });

/** A chunk was cut: the bytes `from..to` of a recording's stream, and what they became. */
export const Cut = Chunk.extend({ recording: z.number().int(), from: z.number(), to: z.number() });
export type Cut = z.infer<typeof Cut>;

/** Turns in the visit's life. `lost`: the clinic server no longer lists these sequences, so their receipts are void. */
export const Mark = z.discriminatedUnion("mark", [
  z.object({ mark: z.enum(["ended", "closed", "registered", "finished"]), at: z.number() }),
  z.object({ mark: z.literal("lost"), at: z.number(), sequences: z.array(z.number().int()) }),
  z.object({ mark: z.literal("discarded"), at: z.number(), reason: z.enum(["discarded", "withdrawn"]) }),
]);
export type Mark = z.infer<typeof Mark>;

/** A slice of the recorder's stream, as it came. `from` is its place in the recording's stream. */
export type StoredFragment = { capturedAt: number; from: number; bytes: Uint8Array<ArrayBuffer> };

export type JournalRecord =
  | { type: "header"; header: VisitHeader }
  | { type: "recording"; start: z.infer<typeof RecordingStart> }
  | { type: "fragment"; fragment: StoredFragment }
  | { type: "cut"; cut: Cut }
  | { type: "receipt"; receipt: Receipt }
  | { type: "mark"; mark: Mark };

/** Numbers on disk: never reuse one. */
const kinds = { header: 1, recording: 2, fragment: 3, cut: 4, receipt: 5, mark: 6 } as const;

export function encodeRecord(record: JournalRecord): { kind: number; plain: Uint8Array<ArrayBuffer> } {
  const kind = kinds[record.type];
  if (record.type === "fragment") return { kind, plain: encodeFragment(record.fragment) };
  return { kind, plain: new TextEncoder().encode(JSON.stringify(bodyOf(record))) };
}

function bodyOf(record: Exclude<JournalRecord, { type: "fragment" }>): unknown {
  if (record.type === "header") return record.header;
  if (record.type === "recording") return record.start;
  if (record.type === "cut") return record.cut;
  return record.type === "receipt" ? record.receipt : record.mark;
}

/** Throws `storage_unavailable` for a record that a newer version wrote. */
export function decodeRecord(kind: number, plain: Uint8Array<ArrayBuffer>): JournalRecord {
  if (kind === kinds.fragment) return { type: "fragment", fragment: decodeFragment(plain) };
  const body: unknown = JSON.parse(new TextDecoder().decode(plain));
  if (kind === kinds.header) return { type: "header", header: VisitHeader.parse(body) };
  if (kind === kinds.recording) return { type: "recording", start: RecordingStart.parse(body) };
  if (kind === kinds.cut) return { type: "cut", cut: Cut.parse(body) };
  if (kind === kinds.receipt) return { type: "receipt", receipt: Receipt.parse(body) };
  if (kind === kinds.mark) return { type: "mark", mark: Mark.parse(body) };
  throw problem("storage_unavailable", { detail: `record kind ${kind}` });
}

const fragmentHeadBytes = 16;

function encodeFragment({ capturedAt, from, bytes }: StoredFragment): Uint8Array<ArrayBuffer> {
  const head = new DataView(new ArrayBuffer(fragmentHeadBytes));
  head.setFloat64(0, capturedAt);
  head.setFloat64(8, from);
  return concat([new Uint8Array(head.buffer), bytes]);
}

function decodeFragment(plain: Uint8Array<ArrayBuffer>): StoredFragment {
  const head = new DataView(plain.buffer, plain.byteOffset, fragmentHeadBytes);
  return { capturedAt: head.getFloat64(0), from: head.getFloat64(8), bytes: plain.subarray(fragmentHeadBytes) };
}
