/**
 * Tells registered clients that something happened to a session (§10). The message holds the event and the session's id, nothing else. What has
 * to be told is stored in the transaction of the change itself, so a crash forgets nothing; it may tell twice.
 */
import { createHmac, randomUUID } from "node:crypto";
import type { Clock } from "#model/clock.ts";
import {
  type MsaEvent,
  type MsaRegisterWebhook,
  msaSignatureHeader,
  type MsaWebhook,
} from "#protocol/medscribealliance-service.ts";
import { Refusal } from "./refusal.ts";
import type { Delivery, StoredWebhook, WebhookStore } from "./store/webhooks.ts";

/** After a failed try; then it is given up. */
const retryDelaysMs = [60_000, 300_000, 900_000, 3_600_000];

/** Posts and resolves with the HTTP status; rejects when there is no answer within 30 s. */
export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<number>;

export type Webhooks = ReturnType<typeof createWebhooks>;

export function createWebhooks(needs: { store: WebhookStore; clock: Clock; post: Post }) {
  const { store, clock } = needs;
  const underway = new Map<number, Promise<void>>();
  let isClosed = false;

  async function deliver(delivery: Delivery): Promise<void> {
    const isTaken = await needs.post(delivery.url, headersFor(delivery, clock.now()), delivery.body).then(
      (status) => status >= 200 && status < 300,
      () => false,
    );
    if (isClosed) return;
    const delayMs = retryDelaysMs[delivery.tries];
    if (isTaken || delayMs === undefined) store.removeDelivery(delivery.id);
    else store.delay(delivery.id, clock.now() + delayMs);
    underway.delete(delivery.id);
  }

  return {
    register(request: MsaRegisterWebhook): MsaWebhook {
      refuseUnsafe(new URL(request.url));
      const webhook: StoredWebhook = {
        id: `wh_${randomUUID().replaceAll("-", "").slice(0, 24)}`,
        url: request.url,
        events: request.events,
        secret: request.secret ?? null,
        created_at: clock.now(),
      };
      store.add(webhook);
      return view(webhook);
    },
    list: (): MsaWebhook[] => store.all().map(view),
    remove(id: string): void {
      if (!store.remove(id)) throw new Refusal("webhook_not_found", "No such webhook");
    },
    /** Call it in the transaction of the change. */
    announce(event: MsaEvent, sessionId: string): void {
      const body = JSON.stringify({ event, timestamp: new Date(clock.now()).toISOString(), session_id: sessionId });
      const wanting = store.all().filter((webhook) => webhook.events.includes(event));
      wanting.forEach((webhook) => store.addDelivery(webhook.id, body, clock.now()));
    },
    /** Tries everything that is due now and not already being tried; resolves when those tries are over. */
    async deliverDue(): Promise<void> {
      const fresh = store.due(clock.now()).filter(({ id }) => !underway.has(id));
      fresh.forEach((delivery) => underway.set(delivery.id, deliver(delivery)));
      await Promise.all(underway.values());
    },
    /** Whatever is being tried now counts as not tried. */
    close(): void {
      isClosed = true;
    },
  };
}

function headersFor(delivery: Delivery, nowMs: number): Record<string, string> {
  const headers = { "content-type": "application/json" };
  if (delivery.secret === null) return headers;
  return { ...headers, [msaSignatureHeader]: signature(delivery.secret, delivery.body, nowMs) };
}

/** §10.6: `t=<unix seconds>,v1=<hex HMAC-SHA256(secret, t.body)>`. */
export function signature(secret: string, body: string, nowMs: number): string {
  const t = Math.floor(nowMs / 1000);
  return `t=${t},v1=${createHmac("sha256", secret).update(`${t}.${body}`).digest("hex")}`;
}

/** §10.2 asks for HTTPS; a client on the same machine may do without. */
function refuseUnsafe(url: URL): void {
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol === "https:" || (url.protocol === "http:" && isLocal)) return;
  throw new Refusal("invalid_request", "A webhook needs HTTPS", { field: "url" });
}

function view(webhook: StoredWebhook): MsaWebhook {
  return {
    webhook_id: webhook.id,
    url: webhook.url,
    events: webhook.events,
    status: "active",
    created_at: new Date(webhook.created_at).toISOString(),
  };
}
