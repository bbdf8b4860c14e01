/** What the app must know before anybody signs in. Public, and holds nothing about patients. */
import type { FastifyPluginAsync } from "fastify";
import { z } from "zod";
import type { JournalKeys } from "#bff/auth/journal-keys.ts";
import { issuerOf } from "#bff/auth/openid.ts";
import type { Config } from "#bff/config.ts";
import { consentText } from "#bff/consent-text.ts";
import type { Upstreams } from "#bff/upstream/upstreams.ts";
import { parseBody } from "#bff/visits/request-parts.ts";
import type { Clock } from "#model/clock.ts";
import { type Bootstrap, BootstrapAsk } from "#protocol/bff.ts";

export type BootstrapParts = {
  config: Config;
  clock: Clock;
  upstreams: Pick<Upstreams, "health" | "maxChunkMs">;
  journalKeys: Pick<JournalKeys, "current">;
};

const banner = "Demonstration with invented patients. Do not enter real ones.";

export function bootstrapRoutes({ config, clock, upstreams, journalKeys }: BootstrapParts): FastifyPluginAsync {
  const demo = demoOf(config);
  const issuer = issuerOf(config);
  return async (app) => {
    app.get("/api/bootstrap", async (request): Promise<Bootstrap> => {
      const { upstreams: enough } = parseBody(BootstrapAsk, request.query);
      const [states, maxChunkMs] = await Promise.all([upstreams.health(enough), upstreams.maxChunkMs()]);
      return {
        clinic: { name: config.CLINIC_NAME, timeZone: config.CLINIC_TIME_ZONE },
        now: new Date(clock.now()).toISOString(),
        oidc: {
          authority: issuer,
          authorizationEndpoint: `${issuer}/authorize`,
          clientId: config.OPENEMR_CLIENT_ID,
        },
        consent: consentText,
        workstationIdleMs: config.CHARTSIDE_WORKSTATION_IDLE_MS,
        maxChunkMs,
        upstreams: states,
        journalKeys: config.CHARTSIDE_JOURNAL_KEYS,
        journalPublicKey: journalKeys.current,
        audioRetentionDays: config.CHARTSIDE_AUDIO_RETENTION_DAYS,
        demo,
      };
    });
  };
}

/** Throws at the start when the setting is no list of accounts. */
function demoOf({ CHARTSIDE_DEMO_ACCOUNTS: text }: Config): Bootstrap["demo"] {
  if (text === undefined || text === "") return null;
  const accounts = z
    .string()
    .transform((json): unknown => JSON.parse(json))
    .pipe(z.array(z.object({ role: z.string(), username: z.string(), password: z.string() })))
    .safeParse(text);
  if (!accounts.success) throw new Error("CHARTSIDE_DEMO_ACCOUNTS: a JSON list of {role, username, password}");
  return { banner, accounts: accounts.data };
}
