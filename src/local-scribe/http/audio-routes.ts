import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { MsaUploadAnswer } from "#protocol/medscribealliance.ts";
import { maxChunkBytes, maxSingleBytes } from "#local-scribe/models.ts";
import type { HttpParts } from "./app.ts";
import { readBody } from "./read-body.ts";
import { readUpload } from "./read-upload.ts";

type Sent = { Params: { id: string; name?: string }; Body: Buffer };

/** Uploads (§7): every way that #protocol/medscribealliance.ts lists. */
export function addAudioRoutes(app: FastifyInstance, parts: HttpParts): void {
  const { sessions } = parts;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (request: FastifyRequest, body: IncomingMessage) => {
    const { id } = request.params as Sent["Params"];
    return readBody(body, isSingle(request, sessions.find(id).request.single) ? maxSingleBytes : maxChunkBytes);
  });

  async function receive(request: FastifyRequest<Sent>): Promise<MsaUploadAnswer> {
    const { id, name } = request.params;
    const single = isSingle(request, sessions.find(id).request.single);
    const upload = await readUpload({ headers: request.headers, body: request.body, name, single });
    const chunk = await sessions.accept(id, upload);
    const total = sessions.chunks(id).reduce((sum, held) => sum + held.durationMs, 0);
    return {
      session_id: id,
      status: "received",
      success: true,
      chunk_index: chunk.place,
      chunk_duration_ms: Math.round(chunk.durationMs),
      total_duration_ms: Math.round(total),
      filename: chunk.fileName,
      original_filename: chunk.fileName,
      size_bytes: chunk.sizeBytes,
      sha256: chunk.sha256,
    };
  }

  app.post<Sent>("/v1/sessions/:id/audio", receive);
  app.put<Sent>("/v1/sessions/:id/audio", receive);
  app.post<Sent>("/v1/sessions/:id/audio/:name", receive);
  app.put<Sent>("/v1/sessions/:id/audio/:name", receive);
}

/** Dialect A says it per upload, dialect B per session, a PUT to the bare address by itself. */
function isSingle(request: FastifyRequest, asked: boolean): boolean {
  const isBarePut = request.method === "PUT" && !/\/audio\/./u.test(request.url);
  return asked || isBarePut || request.headers["x-upload-type"] === "complete";
}
