/** What writes the notes, for the screens that say so: the services' own words, asked at most every ten seconds. */
import { setTimeout as waitMs } from "node:timers/promises";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { failoverAfterMs, type ScribeService, scribeServicesOf } from "#bff/scribe-services.ts";
import type { ScribeHealth } from "#bff/scribes/scribes.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import { isoOf } from "#bff/visits/visit-record.ts";
import type { ServiceList, ServiceReport, ServiceReports, ServiceView } from "#protocol/bff-services.ts";
import type { ScribeAbilities } from "#scribe/scribe.ts";

const keptMs = 10_000;

/** Who has not described itself by then is down, for this list. */
const deadlineMs = 4_000;

type ServiceParts = Pick<VisitParts, "audit" | "auth" | "clock" | "config" | "scribes" | "store">;

export function serviceRoutes(parts: ServiceParts): FastifyPluginAsync {
  let kept: { services: Promise<ServiceList>; until: number } | undefined;
  const services = (isFresh: boolean): Promise<ServiceList> => {
    const now = parts.clock.now();
    if (isFresh || kept === undefined || now >= kept.until) kept = { services: askAll(parts), until: now + keptMs };
    return kept.services;
  };
  return async (app) => {
    app.get("/api/services", async (request) => {
      await parts.auth.require(request, ["clinician", "front_desk", "administrator"]);
      return services(false);
    });
    app.get("/api/services/reports", async (request): Promise<ServiceReports> => {
      await parts.auth.require(request, ["administrator"]);
      return reportsOf(parts);
    });
    app.post("/api/services/check", async (request): Promise<ServiceReports> => {
      await writeCheck(parts, request);
      await services(true);
      return reportsOf(parts);
    });
  };
}

async function writeCheck({ auth, audit, store }: ServiceParts, request: FastifyRequest): Promise<void> {
  const principal = await auth.require(request, ["administrator"]);
  const entry = audit.entry(principal, request, { action: "E", object: "services/check" });
  await store.transact({ statements: [], audit: [entry] });
}

async function askAll(parts: ServiceParts): Promise<ServiceList> {
  return { services: await Promise.all(scribeServicesOf(parts.config).map((service) => ask(parts, service))) };
}

async function ask({ scribes }: ServiceParts, service: ScribeService): Promise<ServiceView> {
  const asked = scribes.of(service.name).abilities({ fresh: true });
  const abilities = await Promise.race([asked, waitMs(deadlineMs, undefined, { ref: false })]).catch(() => undefined);
  const configured = { id: service.name, url: new URL(service.url).origin };
  const { breaker } = scribes.health(service.name);
  if (abilities === undefined) return { ...configured, ...unknown(service), state: "down", breaker };
  return { ...configured, ...known(abilities), state: "up", breaker };
}

type Described = Omit<ServiceView, "id" | "url" | "state" | "breaker">;

function known(abilities: ScribeAbilities): Described {
  const { service, maxChunkMs, maxSessionMs, ...same } = abilities;
  return {
    ...same,
    name: service,
    maxChunkSeconds: maxChunkMs / 1000,
    maxSessionSeconds: maxSessionMs === null ? null : maxSessionMs / 1000,
  };
}

const protocolWords = { auto: "Protocol not known yet", medscribealliance: "MedScribeAlliance", omsif: "OMSIF" };

/** While a service is down, what was configured is all that is known. */
function unknown({ name, protocol }: ScribeService): Described {
  return {
    name,
    protocol: protocolWords[protocol],
    wants: null,
    model: null,
    maxChunkSeconds: null,
    maxSessionSeconds: null,
    audioFormats: [],
    templates: [],
    webhooks: null,
    speechEngine: null,
    noteWriter: null,
  };
}

function reportsOf({ config, scribes }: ServiceParts): ServiceReports {
  const afterMs = failoverAfterMs(config);
  return {
    failoverAfterSeconds: afterMs === null ? null : afterMs / 1000,
    services: scribes.names.map((name) => reportOf(name, scribes.health(name))),
  };
}

function reportOf(id: string, { downSince, lastAnswerAt, failures }: ScribeHealth): ServiceReport {
  return {
    id,
    downSince: downSince === null ? null : isoOf(downSince),
    lastAnswerAt: lastAnswerAt === null ? null : isoOf(lastAnswerAt),
    failures: failures.map(({ at, doing, told }) => ({
      at: isoOf(at),
      doing,
      code: told.code,
      detail: told.detail ?? null,
    })),
  };
}
