/**
 * Chunks of audio on their way to the scribe: raw bodies of at most 1 MiB, held in memory for the length of the request.
 * One chunk of a visit at a time, in the order they arrive.
 */
import { createHash } from "node:crypto";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { z } from "zod";
import { createOneAtATime } from "#bff/visits/one-at-a-time.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import type { Incoming, IncomingChunk } from "#bff/visits/receive-chunk.ts";
import { receiveChunk } from "#bff/visits/receive-chunk.ts";
import { receiptsOf } from "#bff/visits/receipts.ts";
import { ownedVisit } from "#bff/visits/request-parts.ts";
import type { Receipt } from "#model/chunk.ts";
import { Chunk } from "#model/chunk.ts";
import { problem, ProblemError } from "#model/problem.ts";
import { ChunkHeaders } from "#protocol/bff-audio.ts";

const maxChunkBytes = 1_048_576;

/** What the browser waits when the scribe named no time of its own. */
const retryAfterMs = 5_000;

export function chunkRoutes(parts: VisitParts): FastifyPluginAsync {
  const oneAtATime = createOneAtATime();
  return async (app) => {
    app.addContentTypeParser(/^audio\//u, { parseAs: "buffer", bodyLimit: maxChunkBytes }, (_request, body, done) =>
      done(null, body),
    );
    app.put("/api/visits/:visitId/chunks/:sequence", { bodyLimit: maxChunkBytes }, async (request) => {
      const incoming = await read(parts, request);
      return oneAtATime(incoming.visitId, () => receiveChunk(parts, incoming)).catch(addRetryAfter);
    });
    app.get("/api/visits/:visitId/chunks", (request) => list(parts, request));
  };
}

async function read(parts: VisitParts, request: FastifyRequest): Promise<Incoming> {
  const { principal, visit } = await ownedVisit(parts, request);
  const chunk = chunkOf(request);
  const object = `visit:${visit.id}/chunk:${chunk.sequence}`;
  const audit = parts.audit.entry(principal, request, { action: "C", object, patient: visit.patient.id });
  return { visitId: visit.id, chunk, audit };
}

async function list(parts: VisitParts, request: FastifyRequest): Promise<{ receipts: Receipt[] }> {
  const { principal, visit } = await ownedVisit(parts, request);
  const event = { action: "R", object: `visit:${visit.id}/chunks`, patient: visit.patient.id } as const;
  await parts.store.transact({ statements: [], audit: [parts.audit.entry(principal, request, event)] });
  return { receipts: await receiptsOf(parts.store, visit.id) };
}

/** The chunk that path, headers and body make up, its hash checked against its bytes. */
function chunkOf(request: FastifyRequest): IncomingChunk {
  const params = z.object({ sequence: z.coerce.number().pipe(Chunk.shape.sequence) }).safeParse(request.params);
  if (!params.success) throw problem("invalid_request", { field: "sequence" });
  const headers = ChunkHeaders.safeParse(request.headers);
  if (!headers.success)
    throw problem("invalid_request", { field: headers.error.issues[0]?.path.join(".") ?? "headers" });
  const bytes = request.body;
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) throw problem("invalid_request", { field: "body" });
  const sha256 = headers.data["x-chunk-sha256"];
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) {
    throw problem("invalid_request", { field: "x-chunk-sha256", detail: "the body has another hash" });
  }
  return {
    sequence: params.data.sequence,
    bytes,
    sha256,
    mimeType: request.headers["content-type"] ?? "",
    durationMs: headers.data["x-chunk-duration-ms"],
  };
}

function addRetryAfter(thrown: unknown): never {
  if (!(thrown instanceof ProblemError) || thrown.problem.code !== "scribe_down") throw thrown;
  throw new ProblemError({ retryAfterMs, ...thrown.problem }, thrown.cause);
}
