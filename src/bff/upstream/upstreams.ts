/** OpenEMR and the scribe as this server reaches them: connections, clients and how they are. */
import { setTimeout as waitMs } from "node:timers/promises";
import type { Config } from "#bff/config.ts";
import type { Clock } from "#model/clock.ts";
import { createOpenEmr, type OpenEmr } from "#openemr/openemr.ts";
import type { Send as OpenEmrSend } from "#openemr/send.ts";
import { createMedScribeAlliance } from "#scribe/medscribealliance/medscribealliance.ts";
import type { Scribe } from "#scribe/scribe.ts";
import { createOpenEmrSend } from "./openemr-send.ts";
import { createScribeSend } from "./scribe-send.ts";
import { createUpstreamHealth, type Health } from "./upstream-health.ts";

export type Upstreams = {
  /** For requests that somebody waits for. */
  openemr: OpenEmr;
  /** For filing: goes when nobody waits. */
  openemrInBackground: OpenEmr;
  openEmrSend: OpenEmrSend;
  scribe: Scribe;
  health(): Promise<Health>;
  close(): Promise<void>;
};

export function createUpstreams(config: Config, clock: Clock): Upstreams {
  const chart = createOpenEmrSend(config);
  const wire = createScribeSend(config);
  const client = (send: OpenEmrSend): OpenEmr =>
    createOpenEmr({
      send,
      baseUrl: config.OPENEMR_URL,
      site: config.OPENEMR_SITE,
      timeZone: config.CLINIC_TIME_ZONE,
      clock,
    });
  return {
    openemr: client(chart.interactive),
    openemrInBackground: client(chart.background),
    openEmrSend: chart.interactive,
    scribe: createMedScribeAlliance({
      url: config.SCRIBE_URL,
      apiKey: config.SCRIBE_API_KEY,
      send: wire.send,
      waiting: { clock, wait: (ms) => waitMs(ms), random: Math.random },
    }),
    health: createUpstreamHealth({ config, clock, openemr: chart.interactive, scribe: wire.send }),
    close: async () => {
      await Promise.all([chart.close(), wire.close()]);
    },
  };
}
