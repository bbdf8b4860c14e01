/**
 * The MedScribeAlliance service over HTTP. In: requests in dialect A or B. Out: answers in dialect B, every failure in the error shape of §11.
 * No state of its own.
 */
import fastify, { type FastifyError, type FastifyInstance, LogController } from "fastify";
import type { MsaEngines } from "#protocol/medscribealliance.ts";
import type { ScribeModel } from "#local-scribe/models.ts";
import { Refusal } from "#local-scribe/refusal.ts";
import type { ScribeWork } from "#local-scribe/scribe-work.ts";
import type { Sessions } from "#local-scribe/sessions.ts";
import type { Webhooks } from "#local-scribe/webhooks.ts";
import { addAudioRoutes } from "./audio-routes.ts";
import { guard } from "./guard.ts";
import { addServiceRoutes } from "./service-routes.ts";
import { addSessionRoutes } from "./session-routes.ts";

export type HttpParts = {
  sessions: Sessions;
  webhooks: Webhooks;
  work: ScribeWork;
  engines: MsaEngines;
  models: ScribeModel[];
  apiKeys: string[];
  /** Where clients reach this server; absent: where each request says it came to. */
  publicUrl: string | undefined;
  /** One line of JSON per request, without bodies; absent: silence. */
  logTo: { write(line: string): void } | undefined;
};

const maxJsonBytes = 64 * 1024;

export async function createHttpApp(parts: HttpParts): Promise<FastifyInstance> {
  const app = fastify({
    logger: parts.logTo === undefined ? false : { level: "info", stream: parts.logTo },
    bodyLimit: maxJsonBytes,
    forceCloseConnections: true,
    logController: new LogController({ disableRequestLogging: true }),
  });
  logRequests(app);
  addJsonReader(app);
  answerFailures(app);
  addServiceRoutes(app, parts);
  await app.register(async (api) => {
    api.addHook("onRequest", guard(parts.apiKeys));
    addSessionRoutes(api, parts);
    await api.register(async (uploads) => addAudioRoutes(uploads, parts));
  });
  return app;
}

/** One line per request: who read or changed which session, and how it went (§12). */
function logRequests(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, url } = request;
    request.log.info({ method, path: url.split("?")[0], status: reply.statusCode, remote: request.ip }, "request");
  });
}

/** An empty body is no body: dialect A ends a session without one. */
function addJsonReader(app: FastifyInstance): void {
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") return done(null);
    try {
      done(null, JSON.parse(text.toString()));
    } catch {
      done(new Refusal("invalid_request", "The body is not JSON"));
    }
  });
}

function answerFailures(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: "invalid_request", message: "No such path" } }),
  );
  app.setErrorHandler<FastifyError>((thrown, request, reply) => {
    const refusal = toRefusal(thrown);
    if (refusal.status >= 500) request.log.error({ code: thrown.code, name: thrown.name }, "request failed");
    const { code, message, details } = refusal;
    return reply.code(refusal.status).send({ error: { code, message, ...(details && { details }) } });
  });
}

function toRefusal(thrown: FastifyError): Refusal {
  if (thrown instanceof Refusal) return thrown;
  if (thrown.statusCode === 413) return new Refusal("file_too_large", "The body is too large");
  const isTheirs = thrown.statusCode !== undefined && thrown.statusCode < 500;
  return isTheirs
    ? new Refusal("invalid_request", "The request is malformed")
    : new Refusal("internal_error", "Failed");
}
