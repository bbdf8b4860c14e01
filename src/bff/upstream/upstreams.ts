/** OpenEMR and the scribe services as this server reaches them: connections, clients and how they are. */
import { setTimeout as waitMs } from "node:timers/promises";
import { createSuccessors, type Successors, withSuccessors } from "#bff/auth/successors.ts";
import type { Config } from "#bff/config.ts";
import type { Coding } from "#coding/coding.ts";
import type { Clock } from "#model/clock.ts";
import type { CalendarSeen } from "#openemr/calendar.ts";
import { createOpenEmr, type OpenEmr } from "#openemr/openemr.ts";
import type { Send as OpenEmrSend } from "#openemr/send.ts";
import { failoverAfterMs, scribeServicesOf, type ScribeService } from "#bff/scribe-services.ts";
import type { KeptHealth } from "#bff/scribes/kept-health.ts";
import { createScribes, type ScribeLine, type Scribes } from "#bff/scribes/scribes.ts";
import { createScribe } from "#scribe/discover.ts";
import type { Scribe, Send as ScribeSend } from "#scribe/scribe.ts";
import { createCodingService } from "./coding-service.ts";
import { createOpenEmrSend } from "./openemr-send.ts";
import { fileToWav } from "./file-converter.ts";
import { createScribeSend, type ScribeWire } from "./scribe-send.ts";
import { type AskHealth, createUpstreamHealth, longestChunkMs } from "./upstream-health.ts";
import { createWavConverter, type WavConverter } from "./wav-converter.ts";

export type Upstreams = {
  /** For requests that somebody waits for. */
  openemr: OpenEmr;
  /** For filing: goes when nobody waits. */
  openemrInBackground: OpenEmr;
  openEmrSend: OpenEmrSend;
  scribes: Scribes;
  /** Undefined where the clinic has no code service. */
  coding: Coding | undefined;
  health: AskHealth;
  /** The longest chunk that the next visit's service takes. */
  maxChunkMs(): Promise<number>;
  close(): Promise<void>;
};

/** `successors`: which tokens were refreshed while a call was on its way. `health`: what is known of the scribes from before. */
type Known = { successors?: Successors; health?: KeptHealth; onCalendar?: (seen: CalendarSeen) => void };

export function createUpstreams(config: Config, clock: Clock, known: Known = {}): Upstreams {
  const { successors = createSuccessors(clock), health, onCalendar } = known;
  const chart = createOpenEmrSend(config);
  const wav = createWavConverter();
  const codes = createCodingService(config, clock);
  const toLine = (service: ScribeService): ScribeLine & Pick<ScribeWire, "close"> => {
    const wire = createScribeSend({ SCRIBE_URL: service.url, others: service.oidc ? [service.oidc.tokenUrl] : [] });
    const scribe = toScribe(service, { send: wire.send, clock, toWav: wav.toWav });
    return { name: service.name, scribe, breaker: wire.breaker, close: wire.close };
  };
  const [service, ...others] = scribeServicesOf(config);
  const lines = [toLine(service), ...others.map(toLine)] as const;
  const scribes = createScribes(lines, { clock, failoverAfterMs: failoverAfterMs(config), ...(health && { health }) });
  const client = (send: OpenEmrSend): OpenEmr =>
    createOpenEmr({
      send: withSuccessors(send, successors),
      baseUrl: config.OPENEMR_URL,
      site: config.OPENEMR_SITE,
      timeZone: config.CLINIC_TIME_ZONE,
      clock,
      onCalendar,
    });
  return {
    openemr: client(chart.interactive),
    openemrInBackground: client(chart.background),
    openEmrSend: chart.interactive,
    scribes,
    coding: codes.coding,
    health: createUpstreamHealth({ config, clock, openemr: chart.interactive, scribes }),
    maxChunkMs: () => longestChunkMs(scribes),
    close: async () => {
      const wires = lines.map((line) => line.close());
      await Promise.all([chart.close(), wav.close(), codes.close(), ...wires]);
      await health?.settled();
    },
  };
}

type Around = { send: ScribeSend; clock: Clock; toWav: WavConverter["toWav"] };

function toScribe({ url, protocol, form, key, oidc }: ScribeService, { send, clock, toWav }: Around): Scribe {
  return createScribe({
    url,
    protocol,
    send,
    waiting: { clock, wait: (ms) => waitMs(ms), random: Math.random },
    toWav,
    fileToWav,
    ...(form === undefined ? {} : { form }),
    ...(key === undefined ? {} : { apiKey: key }),
    ...(oidc === undefined ? {} : { oidc }),
  });
}
