/** Registering our address with the service (§10.2). Secrets cannot be read back, so an old registration is replaced. */
import { msaEvents, MsaWebhooks } from "#protocol/medscribealliance-service.ts";
import type { NotifyTarget } from "#scribe/scribe.ts";
import { problem } from "#model/problem.ts";
import type { Discovered } from "./discovery.ts";
import { isOk, parseAnswer } from "#scribe/answer.ts";
import type { Wire } from "#scribe/wire.ts";
import { call, callOk } from "#scribe/wire.ts";

const limits = { deadlineMs: 5_000, budgetMs: 8_000 };

/** Throws `scribe_refused` when the service has no webhooks. */
export async function registerWebhook(wire: Wire, found: Discovered, target: NotifyTarget): Promise<void> {
  const url = found.webhooksUrl;
  if (url === null) throw problem("scribe_refused", { detail: "the service announces no webhooks" });
  const known = parseAnswer(MsaWebhooks, await callOk(wire, { method: "GET", url, ...limits })).webhooks;
  const events = msaEvents.filter((event) => event !== "session.started");
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ url: target.url, events, secret: target.secret });
  await callOk(wire, { method: "POST", url, headers, body, ...limits });
  for (const old of known.filter((webhook) => webhook.url === target.url)) {
    const address = `${url}/${encodeURIComponent(old.webhook_id)}`;
    const removed = await call(wire, { method: "DELETE", url: address, ...limits });
    if (!isOk(removed) && removed.status !== 404) throw wire.problemOf(removed, wire.waiting.clock);
  }
}
