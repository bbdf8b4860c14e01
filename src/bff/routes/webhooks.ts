/** Where the scribe says that a job ended. Signed instead of signed in: no session, and not from a browser. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { AuditEntry } from "#bff/store/store.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import { takeDelivery } from "#bff/visits/webhook-inbox.ts";
import { isGenuine } from "#bff/visits/webhook-signature.ts";
import { problem } from "#model/problem.ts";
import { msaSignatureHeader } from "#protocol/medscribealliance-service.ts";

/** The one path that the same-origin rule and the session do not apply to. */
export const scribeWebhookPath = "/webhooks/scribe";

const maxDeliveryBytes = 1_048_576;

type WebhookParts = Pick<VisitParts, "config" | "clock" | "store" | "jobs">;

/** Without SCRIBE_WEBHOOK_SECRET there is no such route. */
export function webhookRoutes(parts: WebhookParts): FastifyPluginAsync {
  return async (app) => {
    const secret = parts.config.SCRIBE_WEBHOOK_SECRET;
    if (secret === undefined) return;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: maxDeliveryBytes }, (_request, body, done) =>
      done(null, body),
    );
    app.post(scribeWebhookPath, async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const header = request.headers[msaSignatureHeader];
      const signature = typeof header === "string" ? header : undefined;
      if (!isGenuine({ header: signature, body, secret, nowMs: parts.clock.now() })) await refuse(parts, request);
      await takeDelivery(parts, body);
      return reply.status(204).send();
    });
  };
}

async function refuse({ store, clock }: WebhookParts, request: FastifyRequest): Promise<never> {
  const entry: AuditEntry = {
    at: clock.now(),
    actor: "scribe",
    role: "service",
    sessionHash: null,
    ip: request.ip,
    action: "E",
    outcome: "refused",
    patient: null,
    object: "webhook",
    requestId: request.id,
  };
  await store.transact({ statements: [], audit: [entry] });
  throw problem("signed_out", { detail: "the signature does not fit" });
}
