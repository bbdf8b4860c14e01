import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import { MsaEndSession, type MsaSessionCreated, type MsaSessionEnded } from "#protocol/medscribealliance.ts";
import { MsaRegisterWebhook } from "#protocol/medscribealliance-service.ts";
import { templates } from "#local-scribe/models.ts";
import { malformed, readSessionRequest } from "#local-scribe/session-request.ts";
import { statusOfSession, viewSession } from "#local-scribe/session-view.ts";
import type { Session } from "#local-scribe/store/session.ts";
import type { HttpParts } from "./app.ts";
import { baseUrl } from "./service-routes.ts";

type ById = { Params: { id: string } };

/** Templates, sessions and webhooks (§6, §8, §9, §10). */
export function addSessionRoutes(app: FastifyInstance, parts: HttpParts): void {
  const { sessions, webhooks } = parts;
  app.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));

  app.get("/v1/templates", async () => ({ templates }));

  app.post("/v1/sessions", async (request, reply): Promise<MsaSessionCreated> => {
    const { expiryMs, ...asked } = readSessionRequest(request.body, parts.models);
    const session = sessions.create(asked, expiryMs);
    reply.code(201);
    return {
      session_id: session.id,
      status: session.state,
      created_at: new Date(session.createdAt).toISOString(),
      expires_at: new Date(session.expiresAt).toISOString(),
      upload_url: `${baseUrl(request, parts)}/sessions/${session.id}/audio`,
      engines: parts.engines,
    };
  });

  app.get<ById>("/v1/sessions/:id", async (request, reply) => {
    const session = sessions.find(request.params.id);
    reply.code(statusOfSession(session));
    const chunks = sessions.chunks(session.id);
    return viewSession({ session, chunks, liveTurns: parts.work.turns(session.id), engines: parts.engines });
  });

  app.post<ById>("/v1/sessions/:id/end", async (request, reply) => {
    const asked = read(MsaEndSession, request.body ?? {});
    const session = await sessions.end(request.params.id, asked.audio_files_sent ?? null);
    reply.code(202);
    return ended(session, parts);
  });

  app.post("/v1/webhooks", async (request, reply) => {
    reply.code(201);
    return webhooks.register(read(MsaRegisterWebhook, request.body));
  });
  app.get("/v1/webhooks", async () => ({ webhooks: webhooks.list() }));
  app.delete<ById>("/v1/webhooks/:id", async (request, reply) => {
    webhooks.remove(request.params.id);
    return reply.code(204).send();
  });
}

/** Dialects A and B together: the length in time and the list of files. */
function ended(session: Session, parts: HttpParts): MsaSessionEnded {
  const chunks = parts.sessions.chunks(session.id);
  return {
    session_id: session.id,
    status: session.state,
    message: "The audio is being processed",
    audio_files_received: chunks.length,
    audio_files: chunks.map((chunk) => chunk.fileName),
    audio_duration_ms: Math.round(chunks.reduce((sum, chunk) => sum + chunk.durationMs, 0)),
  };
}

function read<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw malformed(parsed.error, body);
  return parsed.data;
}
