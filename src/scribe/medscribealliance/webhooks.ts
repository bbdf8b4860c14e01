/** Registering our address with the service (§10.2). Secrets cannot be read back, so an old registration is replaced. */
import { msaEvents, MsaWebhooks } from "#protocol/medscribealliance-service.ts";
import type { NotifyTarget, SendAnswer } from "#scribe/scribe.ts";
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
}

function register(wire: Wire, url: string, webhook: NotifyTarget & { events: string[] }): Promise<SendAnswer> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ url: webhook.url, events: webhook.events, secret: webhook.secret });
  return call(wire, { method: "POST", url, headers, body, ...limits });
}
