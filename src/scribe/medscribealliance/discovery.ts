/**
 * What the service says about itself (§4). In: the service's address. Out: its document, kept for as long as its
 * Cache-Control allows (an hour when it says nothing), asked for once however many wait. Nothing survives a restart.
 */
import { problem } from "#model/problem.ts";
import { MsaDiscovery, msaDiscoveryPath } from "#protocol/medscribealliance-service.ts";
import type { SendAnswer } from "#scribe/scribe.ts";
import { isOk, parseAnswer } from "#scribe/answer.ts";
import type { Kept } from "#scribe/kept.ts";
import { createKept, maxAgeMs } from "#scribe/kept.ts";
import type { Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";

export type Discovered = {
  document: MsaDiscovery;
  /** The name to show. */
  service: string;
  /** Without a slash at the end. */
  baseUrl: string;
  templatesUrl: string | null;
  webhooksUrl: string | null;
};

/** Chunks while the visit goes on, unless the service says that it takes nothing but single files (§4.6). */
export function takesChunks({ document }: Discovered): boolean {
  const methods = document.capabilities.upload_methods ?? [];
  return methods.length === 0 || methods.includes("chunked");
}

const deadlineMs = 5_000;

export function createDiscovery(wire: Wire, url: string): Kept<Discovered> {
  return createKept(wire.waiting.clock, async () => {
    const answer = await firstFound(wire, placesFor(url));
    const found = toDiscovered(parseAnswer(MsaDiscovery, answer), url);
    return { value: found, maxAgeMs: maxAgeMs(answer.headers["cache-control"]) };
  });
}

/** The origin's root (§4.1), then below the given path, where one known service keeps it. */
function placesFor(url: string): string[] {
  const root = new URL(msaDiscoveryPath, url).href;
  const below = withoutSlash(url) + msaDiscoveryPath;
  return root === below ? [root] : [root, below];
}

async function firstFound(wire: Wire, places: string[]): Promise<SendAnswer> {
  for (const place of places) {
    const answer = await call(wire, { method: "GET", url: place, deadlineMs, budgetMs: 5_000, keyless: true });
    if (isOk(answer)) return answer;
    if (answer.status !== 404) break;
  }
  throw problem("scribe_refused", { detail: "no discovery document" });
}

function toDiscovered(document: MsaDiscovery, url: string): Discovered {
  const endpoints = document.endpoints;
  const baseUrl = baseUrlOf(document, url);
  return {
    document,
    service: document.service?.name ?? new URL(baseUrl).host,
    baseUrl,
    templatesUrl: endpoints?.templates_url ?? null,
    webhooksUrl: webhooksUrlOf(document, baseUrl),
  };
}

/** A document that names no endpoints at all is the abridged one of the example, which registers below its base. */
function webhooksUrlOf({ endpoints, capabilities }: MsaDiscovery, baseUrl: string): string | null {
  if (capabilities.webhook_delivery === false) return null;
  return endpoints === undefined ? `${baseUrl}/webhooks` : (endpoints.webhooks_url ?? null);
}

/** The abridged document of the protocol's own example names no endpoints; its commands use /v1. */
function baseUrlOf(document: MsaDiscovery, url: string): string {
  const base = document.endpoints?.base_url ?? new URL("/v1", url).href;
  if (url.startsWith("https:") && !base.startsWith("https:")) {
    throw problem("scribe_refused", { detail: "base_url is not https" });
  }
  return withoutSlash(base);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/u, "");
}
