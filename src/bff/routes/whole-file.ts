/**
 * A whole recording on its way to a service that takes it in one piece: it streams through, and its hash is checked on the way.
 * One file of a visit at a time.
 */
import { createHash } from "node:crypto";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { createOneAtATime } from "#bff/visits/one-at-a-time.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import { receiveWhole } from "#bff/visits/receive-whole.ts";
import { ownedVisit } from "#bff/visits/request-parts.ts";
import type { Receipt } from "#model/chunk.ts";
import { problem } from "#model/problem.ts";
import { WholeFileHeaders } from "#protocol/bff-audio.ts";
import type { ByteStream } from "#scribe/scribe.ts";

/** About eight hours of speech. */
const maxFileBytes = 256 * 1_048_576;

export function wholeFileRoutes(parts: VisitParts): FastifyPluginAsync {
  const oneAtATime = createOneAtATime();
  return async (app) => {
    app.addContentTypeParser(/^audio\//u, (_request, payload, done) => done(null, payload));
    app.put(
      "/api/visits/:visitId/audio",
      { bodyLimit: maxFileBytes, config: { hasLongBody: true } },
      async (request) => {
        const { principal, visit } = await ownedVisit(parts, request);
        const { headers, bytes } = fileOf(request);
        const file = {
          sizeBytes: headers["content-length"],
          sha256: headers["x-audio-sha256"],
          mimeType: headers["content-type"],
          bytes,
        };
        const event = { action: "C", object: `visit:${visit.id}/audio`, patient: visit.patient.id } as const;
        const audit = parts.audit.entry(principal, request, event);
        const receipts: Receipt[] = await oneAtATime(visit.id, () =>
          receiveWhole(parts, { visitId: visit.id, file, audit }),
        );
        return { receipts };
      },
    );
  };
}

function fileOf(request: FastifyRequest): { headers: WholeFileHeaders; bytes: ByteStream } {
  const headers = WholeFileHeaders.safeParse(request.headers);
  if (!headers.success)
    throw problem("invalid_request", { field: headers.error.issues[0]?.path.join(".") ?? "headers" });
  if (headers.data["content-length"] > maxFileBytes) throw problem("too_large");
  return { headers: headers.data, bytes: checked(request.raw, headers.data["x-audio-sha256"]) };
}

/** Breaks off before the end when the bytes are not what their header says, so that no service takes them for whole. */
async function* checked(stream: AsyncIterable<Uint8Array>, sha256: string): ByteStream {
  const hash = createHash("sha256");
  let held: Uint8Array | undefined;
  for await (const bytes of stream) {
    hash.update(bytes);
    if (held !== undefined) yield held;
    held = bytes;
  }
  if (hash.digest("hex") !== sha256) throw problem("invalid_request", { field: "x-audio-sha256" });
  if (held !== undefined) yield held;
}
