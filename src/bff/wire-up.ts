/**
 * The clinic server put together: the one file where its parts meet. In: the configuration. Out: an app that is ready to
 * listen, the background work, and how to stop both. What survives a crash is in the data directory.
 */
import { join } from "node:path";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { createOffsetClock, type Clock } from "#model/clock.ts";
import type { OpenEmr } from "#openemr/openemr.ts";
import { createApp } from "./app.ts";
import { createAudit } from "./audit.ts";
import { createAuth, type FullAuth } from "./auth/auth.ts";
import { type JournalKeys, readJournalKeys } from "./auth/journal-keys.ts";
import { type BackgroundTokens, createBackgroundTokens } from "./auth/background-token.ts";
import { type ClientKeys, readClientKeys } from "./auth/client-keys.ts";
import { readSealKeys } from "./auth/seal-keys.ts";
import { createSeal } from "./auth/seal.ts";
import { type CodeJobs, createCodeJobs } from "./coding/code-jobs.ts";
import { createSuccessors } from "./auth/successors.ts";
import type { Config } from "./config.ts";
import type { Filing, Log } from "./context.ts";
import { createEvents, type LiveEvents } from "./events.ts";
import { type CalendarWatch, createCalendarWatch } from "./openemr/calendar-watch.ts";
import { createFiling } from "./openemr/filing.ts";
import { createReadiness, type Readiness } from "./readiness.ts";
import { auditRoutes } from "./routes/audit.ts";
import { authRoutes } from "./routes/auth.ts";
import { bookingRulesRoutes } from "./routes/booking-rules.ts";
import { bootstrapRoutes } from "./routes/bootstrap.ts";
import { chunkRoutes } from "./routes/chunks.ts";
import { codesRoutes } from "./routes/codes.ts";
import { deskCalendarRoutes } from "./routes/desk-calendar.ts";
import { deskRoutes } from "./routes/desk.ts";
import { deviceRoutes } from "./routes/device.ts";
import { eventRoutes } from "./routes/events.ts";
import { fileRoutes } from "./routes/file.ts";
import { healthRoutes } from "./routes/health.ts";
import { journalKeyRoutes } from "./routes/journal-key.ts";
import { jwksRoutes } from "./routes/jwks.ts";
import { launchRoutes } from "./routes/launch.ts";
import { noteRoutes } from "./routes/notes.ts";
import { patientRoutes } from "./routes/patients.ts";
import { providerIdRoutes } from "./routes/provider-ids.ts";
import { serviceRoutes } from "./routes/services.ts";
import { sessionRoutes } from "./routes/session.ts";
import { staticRoutes } from "./routes/static.ts";
import { visitRoutes } from "./routes/visits.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { wholeFileRoutes } from "./routes/whole-file.ts";
import { worklistRoutes } from "./routes/worklist.ts";
import { openKeptHealth } from "./scribes/kept-health.ts";
import { createSqliteStore } from "./store/sqlite-store.ts";
import { createUpstreams, type Upstreams } from "./upstream/upstreams.ts";
import { createJobs, type VisitJobs } from "./visits/jobs.ts";
import type { VisitParts } from "./visits/parts.ts";
import { systemSchedule } from "./visits/schedule.ts";
import { createVisitReader } from "./visits/visit-view.ts";

/** Everything that routes and background work are made of. */
export type ServerParts = VisitParts & {
  auth: FullAuth;
  events: LiveEvents;
  jobs: VisitJobs;
  codes: CodeJobs;
  openemr: OpenEmr;
  upstreams: Upstreams;
  readiness: Readiness;
  journalKeys: JournalKeys;
  /** Undefined where background work has no token of its own. */
  clientKeys: ClientKeys | undefined;
  background: BackgroundTokens;
  watch: CalendarWatch;
};

export type ClinicServer = {
  app: FastifyInstance;
  parts: ServerParts;
  /** Ends background work, then connections, then the store. */
  close(): Promise<void>;
};

export type WireUpOptions = { config: Config; log: Log; clock?: Clock };

export async function wireUp(options: WireUpOptions): Promise<ClinicServer> {
  const { config, log } = options;
  const parts = await createParts(options);
  const app = createApp({
    origin: config.CHARTSIDE_ORIGIN,
    log,
    trustedProxies: config.CHARTSIDE_TRUSTED_PROXIES,
    routes: routesOf(parts),
  });
  return {
    app,
    parts,
    close: async () => {
      parts.codes.stop();
      await Promise.all([parts.filing.stop(), parts.jobs.stop()]);
      await app.close();
      await parts.upstreams.close();
      await parts.watch.settled();
      await parts.store.close();
    },
  };
}

async function createParts(options: WireUpOptions): Promise<ServerParts> {
  const { config, log, clock = createOffsetClock(config.CHARTSIDE_CLOCK_OFFSET_MS) } = options;
  const store = await createSqliteStore(join(config.CHARTSIDE_DATA_DIR, "chartside.sqlite"));
  const seal = createSeal(await readSealKeys(config));
  const journalKeys = await readJournalKeys({ config, seal, clock });
  const clientKeys = config.OPENEMR_CLIENT_ASSERTION === "on" ? await readClientKeys({ config, seal }) : undefined;
  const successors = createSuccessors(clock);
  const health = await openKeptHealth({ store, log });
  const base = { config, clock, store, log, audit: createAudit(clock) };
  const later: { filing?: Filing; events?: LiveEvents } = {};
  const watch = createCalendarWatch({ ...base, onChanged: async () => later.events?.followUpsChanged() });
  const upstreams = createUpstreams(config, clock, { successors, health, onCalendar: watch.seen });
  const visits = createVisitReader(base);
  const events = createEvents({ ...base, viewOf: (visitId) => visits.view(visitId) });
  later.events = events;
  const auth = createAuth({
    ...base,
    seal,
    send: upstreams.openEmrSend,
    successors,
    onEnded: (hash) => events.dropSession(hash),
    onSignedIn: () => later.filing?.wake(),
  });
  const background = createBackgroundTokens({ ...base, send: upstreams.openEmrSend, keys: clientKeys });
  const filing = createFiling({ ...base, background, auth, events, openemr: upstreams.openemrInBackground });
  later.filing = filing;
  const { scribes, openemr } = upstreams;
  const jobs = createJobs({ ...base, events, scribes, schedule: systemSchedule });
  const codes = createCodeJobs({ ...base, events, coding: upstreams.coding });
  const readiness = createReadiness(base);
  return {
    ...base,
    auth,
    events,
    filing,
    jobs,
    codes,
    scribes,
    openemr,
    visits,
    upstreams,
    readiness,
    journalKeys,
    clientKeys,
    background,
    watch,
  };
}

function routesOf(parts: ServerParts): FastifyPluginAsync[] {
  return [
    healthRoutes(parts),
    jwksRoutes(parts),
    bootstrapRoutes(parts),
    authRoutes(parts),
    sessionRoutes(parts),
    eventRoutes(parts),
    auditRoutes(parts),
    worklistRoutes(parts),
    launchRoutes(parts),
    patientRoutes(parts),
    deskRoutes(parts),
    deskCalendarRoutes(parts),
    bookingRulesRoutes(parts),
    providerIdRoutes(parts),
    fileRoutes(parts),
    visitRoutes(parts),
    chunkRoutes(parts),
    wholeFileRoutes(parts),
    deviceRoutes(parts),
    journalKeyRoutes(parts),
    noteRoutes(parts),
    codesRoutes(parts),
    serviceRoutes(parts),
    webhookRoutes(parts),
    staticRoutes(parts.config),
  ];
}
