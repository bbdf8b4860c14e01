/** Where the scribe says that a job ended. Signed instead of signed in: no session, and not from a browser. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { allWebhookSecrets } from "#bff/scribe-services.ts";
import { asNotification, isGenuineOmsif } from "#bff/omsif-delivery.ts";
import type { AuditEntry } from "#bff/store/store.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import { takeDelivery } from "#bff/visits/webhook-inbox.ts";
import { isGenuine } from "#bff/visits/webhook-signature.ts";
import type { Clock } from "#model/clock.ts";
import { problem } from "#model/problem.ts";
import { msaSignatureHeader } from "#protocol/medscribealliance-service.ts";
import { omsifSignatureHeader } from "#protocol/omsif.ts";

/** Outside /api/, where the same-origin rule and the session hold (security.ts). */
const scribeWebhookPath = "/webhooks/scribe";

const maxDeliveryBytes = 1_048_576;

/** Anybody can send nonsense here: no more rows than this a minute, so that it cannot bury the trail. */
const refusalRowsPerMinute = 20;

type WebhookParts = Pick<VisitParts, "config" | "clock" | "store" | "jobs">;

/** Without a secret there is no such route. */
export function webhookRoutes(parts: WebhookParts): FastifyPluginAsync {
  return async (app) => {
    const secrets = allWebhookSecrets(parts.config);
    if (secrets.length === 0) return;
    const mayWrite = createAllowance(parts.clock, refusalRowsPerMinute);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: maxDeliveryBytes }, (_request, body, done) =>
      done(null, body),
    );
    app.post(scribeWebhookPath, async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const notification = secrets
        .map((secret) => genuine(parts, request, { body, secret }))
        .find((found) => found !== undefined);
      if (notification === undefined) {
        if (mayWrite()) await writeRefusal(parts, request);
        throw problem("signed_out", { detail: "the signature does not fit" });
      }
      await takeDelivery(parts, notification);
      return reply.status(204).send();
    });
  };
}

/** The delivery, when one of the two protocols' signatures fits it. */
function genuine(
  { clock }: WebhookParts,
  request: FastifyRequest,
  { body, secret }: { body: Uint8Array; secret: string },
): Uint8Array | undefined {
  const omsif = headerOf(request, omsifSignatureHeader);
  if (omsif !== undefined) {
    const now = new Date(clock.now()).toISOString();
    return isGenuineOmsif({ header: omsif, body, secret }) ? asNotification(body, now) : undefined;
  }
  return isGenuine({ header: headerOf(request, msaSignatureHeader), body, secret, nowMs: clock.now() })
    ? body
    : undefined;
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const header = request.headers[name];
  return typeof header === "string" ? header : undefined;
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
