/** Registering our address with the service (§10.2). Secrets cannot be read back, so an old registration is replaced. */
import { msaEvents, type MsaWebhook, MsaWebhooks } from "#protocol/medscribealliance-service.ts";
import type { Notified, NotifyTarget, SendAnswer } from "#scribe/scribe.ts";
import type { Discovered } from "./discovery.ts";
import { isOk, parseAnswer } from "#scribe/answer.ts";
import type { Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";

const limits = { deadlineMs: 5_000, budgetMs: 8_000 };

/** Throws `scribe_refused` with the field that the service names. */
export async function registerWebhook(wire: Wire, found: Discovered, target: NotifyTarget): Promise<Notified> {
  const url = found.webhooksUrl;
  if (url === null) return "polled";
  const known = await registered(wire, url);
  const wanted = msaEvents.filter((event) => event !== "session.started");
  const answer = await register(wire, url, { ...target, events: wanted });
  if (answer.status === 400) {
    // `session.partial` came with form B; a strict server of form A does not know it.
    const older = await register(wire, url, { ...target, events: wanted.filter((one) => one !== "session.partial") });
    if (!isOk(older)) throw wire.problemOf(older, wire.waiting.clock);
  } else if (!isOk(answer)) throw wire.problemOf(answer, wire.waiting.clock);
  for (const old of known.filter((webhook) => webhook.url === target.url)) {
    const address = `${url}/${encodeURIComponent(old.webhook_id)}`;
    const removed = await call(wire, { method: "DELETE", url: address, ...limits });
    if (!isOk(removed) && removed.status !== 404) throw wire.problemOf(removed, wire.waiting.clock);
  }
  return "registered";
}

/** None where the service does not list them: the protocol's example session shows nothing but the registration. */
async function registered(wire: Wire, url: string): Promise<MsaWebhook[]> {
  const answer = await call(wire, { method: "GET", url, ...limits });
  if (answer.status === 404 || answer.status === 405) return [];
  if (!isOk(answer)) throw wire.problemOf(answer, wire.waiting.clock);
  return parseAnswer(MsaWebhooks, answer).webhooks;
}

function register(wire: Wire, url: string, webhook: NotifyTarget & { events: string[] }): Promise<SendAnswer> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ url: webhook.url, events: webhook.events, secret: webhook.secret });
  return call(wire, { method: "POST", url, headers, body, ...limits });
}
