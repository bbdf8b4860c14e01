/** Registering and calling webhooks (§10): signed over time and raw body, with no delivery id and no promise of order. */
import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "#model/clock.ts";
import type { Asked, Told } from "#sandbox/scribe-request.ts";
import { jsonObjectOf } from "#sandbox/scribe-request.ts";
import type { Session, Site, Webhook } from "./site.ts";
import { fault, iso } from "./site.ts";

/** `session.partial` came with form B. */
const eventsOfA = ["session.started", "session.ended", "session.completed", "session.failed", "session.expired"];
export const events = { A: eventsOfA, B: [...eventsOfA, "session.partial"] };

export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<void>;

/** How deliveries go wrong: every one twice, the last of a session before the ones that led to it, or not at all. */
export type Delivery = "once" | "twice" | "reversed" | "never";

export function answerWebhooks(site: Site, asked: Asked, form: "A" | "B"): Told {
  const id = /\/webhooks\/([^/]+)$/u.exec(asked.path)?.[1];
  if (asked.method === "DELETE" && id !== undefined) {
    return site.webhooks.delete(id) ? { status: 204 } : fault(404, "webhook_not_found");
  }
  if (asked.method === "GET" && id === undefined) {
    return { status: 200, body: { webhooks: [...site.webhooks.values()].map(shown) } };
  }
  if (asked.method !== "POST" || id !== undefined) return fault(404, "webhook_not_found");
  return register(site, jsonObjectOf(asked.body) ?? {}, form);
}

function register(site: Site, body: Record<string, unknown>, form: "A" | "B"): Told {
  const { url, events: wanted, secret } = body;
  if (typeof url !== "string" || !URL.canParse(url)) return fault(400, "missing_required_field", { field: "url" });
  if (!isPublic(new URL(url))) return fault(400, "invalid_request", { field: "url" });
  const isList = Array.isArray(wanted) && wanted.length > 0;
  if (!isList || !wanted.every((event) => typeof event === "string" && events[form].includes(event))) {
    return fault(400, "invalid_request", { field: "events", known: events[form] });
  }
  if (form === "A" && typeof secret !== "string") return fault(400, "missing_required_field", { field: "secret" });
  const id = `wh_${randomBytes(6).toString("hex")}`;
  const webhook = { id, url, events: wanted.map(String), secret: typeof secret === "string" ? secret : undefined };
  site.webhooks.set(id, webhook);
  return { status: 201, body: { ...shown(webhook), created_at: iso(site.clock.now()) } };
}

/** §10.2 wants https; this machine's own addresses are let in, because the sandbox runs beside whom it calls. */
function isPublic({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || /^(?:127\.0\.0\.1|localhost|\[::1\])$/u.test(hostname);
}

function shown({ id, url, events }: Webhook): Record<string, unknown> {
  return { webhook_id: id, url, events, status: "active" };
}

export type Announcer = {
  announce(site: Site, session: Session, event: string): void;
  delivery: Delivery;
  settled(): Promise<unknown>;
};

/** `bodyOf` words a delivery: form A puts the result into it, form B the id alone. */
export function createAnnouncer(
  post: Post,
  bodyOf: (site: Site, session: Session, event: string) => Record<string, unknown>,
): Announcer {
  const running = new Set<Promise<void>>();
  const heldBack = new Map<string, (() => void)[]>();
  const announcer: Announcer = {
    delivery: "once",
    announce: (site, session, event) => {
      const body = JSON.stringify(bodyOf(site, session, event));
      const go = (): void => {
        for (const webhook of site.webhooks.values()) {
          if (webhook.events.includes(event)) track(running, deliver(post, webhook, { body, clock: site.clock }));
        }
      };
      const isLast = /completed|partial|failed|expired/u.test(event);
      const waiting = heldBack.get(session.id) ?? [];
      if (announcer.delivery === "never") return;
      if (announcer.delivery !== "reversed") return announcer.delivery === "twice" ? (go(), go()) : go();
      if (!isLast) return void heldBack.set(session.id, [...waiting, go]);
      for (const later of [go, ...waiting]) later();
    },
    settled: () => Promise.all(running),
  };
  return announcer;
}

function track(running: Set<Promise<void>>, delivery: Promise<void>): void {
  const kept = delivery.catch(() => undefined).finally(() => running.delete(kept));
  running.add(kept);
}

function deliver(post: Post, webhook: Webhook, { body, clock }: { body: string; clock: Clock }): Promise<void> {
  const time = String(Math.floor(clock.now() / 1000));
  const signature = createHmac("sha256", webhook.secret ?? "")
    .update(`${time}.${body}`)
    .digest("hex");
  const signed = webhook.secret === undefined ? {} : { "x-msa-signature": `t=${time},v1=${signature}` };
  return post(webhook.url, { "content-type": "application/json", ...signed }, body);
}
