/**
 * A sandbox OpenEMR (in the manner of its profile): OAuth server, the part of the API that Chartside touches, an invented clinic. Written
 * from the specification and from recorded traffic; it shares no code with the client it stands opposite.
 */
import { systemClock } from "#model/clock.ts";
import type { Clock } from "#model/clock.ts";
import { createApi } from "./api/gate.ts";
import { openChart } from "./chart.ts";
import { createControls, pull } from "./controls.ts";
import type { Controls } from "./controls.ts";
import { createFaults } from "./faults.ts";
import type { ChartView } from "./chart-view.ts";
import { createOAuthServer } from "./oauth/oauth.ts";
import { loadSigningKey } from "./oauth/signing-key.ts";
import type { ProfileName } from "./profiles/profile.ts";
import { defaultProfile, profiles } from "./profiles/profiles.ts";
import { createPatientPages } from "./patient-page.ts";
import { createServer } from "./server.ts";
import type { Site } from "./site.ts";
import { demoWorld, plant } from "./world.ts";
import type { World } from "./world.ts";

export type SandboxOptions = {
  /** Which OpenEMR; 8.2 when absent. */
  profile?: ProfileName;
  /** 0 or absent: any free port of 127.0.0.1. */
  port?: number;
  /** SQLite file; absent: memory. */
  dataFile?: string;
  clock?: Clock;
  timeZone?: string;
  /** Where the app's browser half lives; the client's redirect goes to `{appOrigin}/callback`. */
  appOrigin?: string;
  /** Mount `/sandbox/...`; the in-process controls are there anyway. */
  httpControls?: boolean;
  /** Of the app at the OAuth server; the seed's when absent. */
  clientSecret?: string | undefined;
  /** Another clinic than the one of `seed.ts`. */
  world?: World;
};

export type SandboxOpenEmr = {
  /** `http://127.0.0.1:PORT` */
  url: string;
  controls: Controls;
  chart(): ChartView;
  close(): Promise<void>;
};

/** Starts one; resolves when it listens. */
export async function createSandboxOpenEmr(options: SandboxOptions = {}): Promise<SandboxOpenEmr> {
  const chart = openChart(options.dataFile);
  const world = options.world ?? demoWorld(options.appOrigin ?? "http://localhost:3000", options.clientSecret);
  const site: Site = {
    profile: profiles[options.profile ?? defaultProfile],
    chart,
    clock: options.clock ?? systemClock,
    timeZone: options.timeZone ?? "America/New_York",
    facility: world.facility,
    key: await loadSigningKey(chart.settings),
    origin: "",
    demoAccounts: world.demoAccounts,
  };
  const replant = (): void => plant(site, world);
  replant();
  const faults = createFaults();
  const controls = createControls(site, { faults, replant });
  const httpControls = options.httpControls === true && {
    controls: (request: Parameters<typeof pull>[1]) => pull(controls, request),
  };
  const server = createServer(
    {
      profile: site.profile,
      oauth: createOAuthServer(site),
      api: createApi(site),
      pages: createPatientPages(site),
      ...httpControls,
    },
    faults,
  );
  site.origin = await server.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  return {
    url: site.origin,
    controls,
    chart: () => controls.chart(),
    close: async () => {
      await server.close();
      chart.close();
    },
  };
}
