/** What writes the notes, for the screen that says so: the scribe's own words, asked at most every ten seconds. */
import type { FastifyPluginAsync } from "fastify";
import type { z } from "zod";
import { scribeServicesOf } from "#bff/scribe-services.ts";
import type { VisitParts } from "#bff/visits/parts.ts";
import { maxChunkMs } from "#model/chunk.ts";
import type { ServiceList } from "#protocol/bff.ts";

type Services = z.infer<typeof ServiceList>;

const keptMs = 10_000;

export function serviceRoutes(parts: Pick<VisitParts, "auth" | "clock" | "config" | "scribe">): FastifyPluginAsync {
  let kept: { services: Promise<Services>; until: number } | undefined;
  const services = (): Promise<Services> => {
    const now = parts.clock.now();
    if (kept === undefined || now >= kept.until) kept = { services: ask(parts), until: now + keptMs };
    return kept.services;
  };
  return async (app) => {
    app.get("/api/services", async (request) => {
      await parts.auth.require(request, ["clinician", "front_desk", "administrator"]);
      return services();
    });
  };
}

/** While a service is down, what was configured is all that is known. */
const protocolWords = { auto: "Not known yet", medscribealliance: "MedScribeAlliance", omsif: "OMSIF" };

async function ask({ config, scribe }: Pick<VisitParts, "config" | "scribe">): Promise<Services> {
  const [preferred] = scribeServicesOf(config);
  const { origin } = new URL(preferred.url);
  try {
    const abilities = await scribe.abilities({ fresh: true });
    const { service: name, protocol, model, audioFormats, speechEngine, noteWriter } = abilities;
    const maxChunkSeconds = abilities.maxChunkMs / 1000;
    const known = { name, protocol, model, audioFormats, maxChunkSeconds, speechEngine, noteWriter };
    return { services: [{ url: origin, state: "up", ...known }] };
  } catch {
    const unknown = {
      protocol: protocolWords[preferred.protocol],
      model: null,
      audioFormats: [],
      speechEngine: null,
      noteWriter: null,
    };
    return {
      services: [{ name: preferred.name, url: origin, state: "down", maxChunkSeconds: maxChunkMs / 1000, ...unknown }],
    };
  }
}
