/** A record of a visit's log, read again (records.ts). Not needed to record: a script of its own. */
import { isReceipt } from "#model/chunk.ts";
import { problem } from "#model/problem.ts";
import { hasShape } from "#model/shape.ts";
import type { Digest } from "./digest.ts";
import {
  decodeFragment,
  kinds,
  type Cut,
  type JournalRecord,
  type Mark,
  type RecordingStart,
  type Split,
  type VisitHeader,
} from "./records.ts";

/** The kind of stream that this record announces. */
export function mimeTypeOf(record: JournalRecord): string | undefined {
  if (record.type === "header") return record.header.header.mimeType;
  return record.type === "recording" ? record.start.mimeType : undefined;
}

/** Throws `storage_unavailable` for a record that a newer version wrote. */
export function decodeRecord(kind: number, plain: Uint8Array<ArrayBuffer>): JournalRecord {
  const fragment = decodeFragment(kind, plain);
  if (fragment) return { type: "fragment", fragment };
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
