/** The clinic server's routes for the end of a visit (protocol/bff.ts), as in requests.ts; not needed while it is recorded. */
import { isReceipt, type Chunk, type Receipt } from "#model/chunk.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { hasShape } from "#model/shape.ts";
import type { ErasureReceipt, VisitMarks } from "#protocol/bff-audio.ts";
import { callOver, json, unreadable, type Call } from "./requests.ts";
import { problemOf, type Wire, type WireRequest } from "./wire.ts";

export type EndingRequests = {
  /** The whole recording; resolves with the receipts of the chunks that were declared. */
  putWhole(visitId: VisitId, content: Whole): Promise<Receipt[]>;
  receipts(visitId: VisitId): Promise<Receipt[]>;
  marks(visitId: VisitId, marks: VisitMarks): Promise<void>;
  finish(visitId: VisitId, chunks: readonly Chunk[]): Promise<void>;
  /** A visit the clinic server never heard of is discarded already. */
  discard(visitId: VisitId, reason: "discarded" | "withdrawn"): Promise<void>;
  /** So is one whose audio was erased. */
  erased(visitId: VisitId, receipt: ErasureReceipt): Promise<void>;
};

type Whole = { mimeType: string; bytes: Uint8Array<ArrayBuffer> };

export function createEndingRequests(wire: Wire, clock: Clock): EndingRequests {
  const call = callOver(wire, clock);
  async function callUnlessUnknown(request: WireRequest): Promise<void> {
    const answer = await wire(request);
    if (answer.status >= 300 && answer.status !== 404) throw problemOf(answer, clock.now());
  }
  return {
    putWhole: (visitId, content) => putWhole(call, visitId, content),
    receipts: async (visitId) => {
      const { body } = await call({ method: "GET", path: `/api/visits/${visitId}/chunks`, headers: {} });
      return receiptsIn(body);
    },
    finish: async (visitId, chunks) => {
      const list = chunks.map(({ sequence, sha256, durationMs }) => ({ sequence, sha256, durationMs }));
      await call(json("POST", `/api/visits/${visitId}/finish`, { chunks: list }));
    },
    marks: async (visitId, marks) => {
      await call(json("PUT", `/api/visits/${visitId}/marks`, marks));
    },
    discard: (visitId, reason) => callUnlessUnknown(json("POST", `/api/visits/${visitId}/discard`, { reason })),
    erased: (visitId, receipt) => callUnlessUnknown(json("POST", `/api/visits/${visitId}/erased`, receipt)),
  };
}

async function putWhole(call: Call, visitId: VisitId, { mimeType, bytes }: Whole): Promise<Receipt[]> {
  const headers = { "content-type": mimeType, "x-audio-sha256": await sha256Of(bytes) };
  const deadlineMs = wholeDeadlineMs(bytes.length);
  const path = `/api/visits/${visitId}/audio`;
  const { body } = await call({ method: "PUT", path, headers, body: bytes, deadlineMs });
  return receiptsIn(body);
}

/** A service may answer only when it has heard all of it: 90 s, and a second more for every 50 kB. */
function wholeDeadlineMs(sizeBytes: number): number {
  return Math.min(600_000, 90_000 + Math.ceil(sizeBytes / 50_000) * 1000);
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function receiptsIn(body: unknown): Receipt[] {
  const receipts: unknown = hasShape(body, { receipts: "object" }) ? body["receipts"] : undefined;
  if (!Array.isArray(receipts) || !receipts.every((receipt) => isReceipt(receipt))) throw unreadable();
  return receipts;
}
