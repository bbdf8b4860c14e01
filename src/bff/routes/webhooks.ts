/** Where the scribe says that a job ended. Signed instead of signed in: no session, and not from a browser. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { AuditEntry } from "#bff/store/store.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import { takeDelivery } from "#bff/visits/webhook-inbox.ts";
import { isGenuine } from "#bff/visits/webhook-signature.ts";
import type { Clock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import { msaSignatureHeader } from "#protocol/medscribealliance-service.ts";

/** Outside /api/, where the same-origin rule and the session hold (security.ts). */
const scribeWebhookPath = "/webhooks/scribe";

const maxDeliveryBytes = 1_048_576;

/** Anybody can send nonsense here: no more rows than this a minute, so that it cannot bury the trail. */
const refusalRowsPerMinute = 20;

type WebhookParts = Pick<VisitParts, "config" | "clock" | "store" | "jobs">;

/** Without SCRIBE_WEBHOOK_SECRET there is no such route. */
export function webhookRoutes(parts: WebhookParts): FastifyPluginAsync {
  return async (app) => {
    const secret = parts.config.SCRIBE_WEBHOOK_SECRET;
    if (secret === undefined) return;
    const mayWrite = createAllowance(parts.clock, refusalRowsPerMinute);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: maxDeliveryBytes }, (_request, body, done) =>
      done(null, body),
    );
    app.post(scribeWebhookPath, async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const header = request.headers[msaSignatureHeader];
      const signature = typeof header === "string" ? header : undefined;
      if (!isGenuine({ header: signature, body, secret, nowMs: parts.clock.now() })) {
        if (mayWrite()) await writeRefusal(parts, request);
        throw problem("signed_out", { detail: "the signature does not fit" });
      }
      await takeDelivery(parts, body);
      return reply.status(204).send();
    });
  };
}

/** True at most `perMinute` times in any minute of the clock that began with a true. */
function createAllowance(clock: Clock, perMinute: number): () => boolean {
  let began = Number.NEGATIVE_INFINITY;
  let used = 0;
  return () => {
    if (clock.now() - began >= 60_000) {
      began = clock.now();
      used = 0;
    }
    used += 1;
    return used <= perMinute;
  };
}

async function writeRefusal({ store, clock }: WebhookParts, request: FastifyRequest): Promise<void> {
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
}
