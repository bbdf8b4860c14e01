/** The clinic server's routes that the outbox calls (protocol/bff.ts), each as one function. All of them may be repeated. */
import { isReceipt, type Chunk, type Receipt } from "#model/chunk.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { problem, type ProblemError } from "#model/problem.ts";
import { hasShape } from "#model/shape.ts";
import type { DeviceReport, ErasureReceipt, JournalKeyUnwrap, VisitMarks } from "#protocol/bff-audio.ts";
import type { VisitCreate } from "#protocol/bff.ts";
import { problemOf, type Wire, type WireAnswer, type WireRequest } from "./wire.ts";

export type Requests = {
  register(visitId: VisitId, create: VisitCreate): Promise<void>;
  /** `chunk_conflict` also when the receipt is for other bytes. */
  putChunk(
    visitId: VisitId,
    chunk: Chunk,
    content: { mimeType: string; bytes: Uint8Array<ArrayBuffer> },
  ): Promise<Receipt>;
  /** The whole recording; resolves with the receipts of the chunks that were declared. */
  putWhole(visitId: VisitId, content: Whole): Promise<Receipt[]>;
  receipts(visitId: VisitId): Promise<Receipt[]>;
  marks(visitId: VisitId, marks: VisitMarks): Promise<void>;
  report(visitId: VisitId, report: DeviceReport): Promise<void>;
  finish(visitId: VisitId, chunks: readonly Chunk[]): Promise<void>;
  /** A visit the clinic server never heard of is discarded already. */
  discard(visitId: VisitId, reason: "discarded" | "withdrawn"): Promise<void>;
  /** So is one whose audio was erased. */
  erased(visitId: VisitId, receipt: ErasureReceipt): Promise<void>;
  /** The plain key of a visit; only its clinician's session gets it. */
  unwrap(wrapped: JournalKeyUnwrap): Promise<Uint8Array<ArrayBuffer>>;
};

export function createRequests(wire: Wire, clock: Clock): Requests {
  async function call(request: WireRequest): Promise<WireAnswer> {
    const answer = await wire(request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw problemOf(answer, clock.now());
  }
  async function callUnlessUnknown(request: WireRequest): Promise<void> {
    const answer = await wire(request);
    if (answer.status >= 300 && answer.status !== 404) throw problemOf(answer, clock.now());
  }
  return {
    register: async (visitId, create) => {
      await call(json("PUT", `/api/visits/${visitId}`, create));
    },
    putChunk: async (visitId, chunk, { mimeType, bytes }) => {
      const headers = {
        "content-type": mimeType,
        "x-chunk-sha256": chunk.sha256,
        "x-chunk-duration-ms": String(chunk.durationMs),
      };
      const path = `/api/visits/${visitId}/chunks/${chunk.sequence}`;
      const receipt = (await call({ method: "PUT", path, headers, body: bytes })).body;
      if (!isReceipt(receipt)) throw unreadable();
      if (receipt.sequence === chunk.sequence && receipt.sha256 === chunk.sha256) return receipt;
      throw problem("chunk_conflict", { detail: `chunk ${chunk.sequence}` });
    },
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
    report: async (visitId, report) => {
      await call(json("PUT", `/api/visits/${visitId}/device`, report));
    },
    discard: (visitId, reason) => callUnlessUnknown(json("POST", `/api/visits/${visitId}/discard`, { reason })),
    unwrap: async (wrapped) => {
      const { body } = await call(json("POST", "/api/journal-key/unwrap", wrapped));
      if (!hasShape(body, { key: "string" })) throw unreadable();
      return Uint8Array.from(atob(String(body["key"])), (letter) => letter.codePointAt(0) ?? 0);
    },
    erased: (visitId, receipt) => callUnlessUnknown(json("POST", `/api/visits/${visitId}/erased`, receipt)),
  };
}

type Call = (request: WireRequest) => Promise<WireAnswer>;
type Whole = { mimeType: string; bytes: Uint8Array<ArrayBuffer> };

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

/** What answered is not the clinic server as this version knows it. */
function unreadable(): ProblemError {
  return problem("internal_error", { detail: "answer" });
}

function json(method: "PUT" | "POST", path: string, body: unknown): WireRequest {
  return { method, path, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
