/**
 * The clinic server's routes that a running recording needs (protocol/bff.ts), each as one function. All of them may be repeated.
 * The others are in ending-requests.ts.
 */
import { isReceipt, type Chunk, type Receipt } from "#model/chunk.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { problem, type ProblemError } from "#model/problem.ts";
import type { DeviceReport } from "#protocol/bff-audio.ts";
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
  report(visitId: VisitId, report: DeviceReport): Promise<void>;
};

export type Call = (request: WireRequest) => Promise<WireAnswer>;

/** Every answer but a good one is thrown as its problem. */
export function callOver(wire: Wire, clock: Clock): Call {
  return async (request) => {
    const answer = await wire(request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw problemOf(answer, clock.now());
  };
}

export function createRequests(wire: Wire, clock: Clock): Requests {
  const call = callOver(wire, clock);
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
    report: async (visitId, report) => {
      await call(json("PUT", `/api/visits/${visitId}/device`, report));
    },
  };
}

/** What answered is not the clinic server as this version knows it. */
export function unreadable(): ProblemError {
  return problem("internal_error", { detail: "answer" });
}

export function json(method: "PUT" | "POST", path: string, body: unknown): WireRequest {
  return { method, path, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
