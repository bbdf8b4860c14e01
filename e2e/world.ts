/** The whole clinic for one test: chart, scribe, services and clinic server as separate processes on free ports, with data of their own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, stopServer, type Server, type ServerOptions } from "#commands/server.ts";
import { accounts } from "#sandbox/seed.ts";
import { freePort } from "./ports.ts";
import { createSecrets, type Secrets } from "./secrets.ts";
import { serviceEntry, type ServiceForm, serviceServer } from "./services.ts";

/** `service` and `codes` are there where a test asked for them. */
export type ServerName = "chart" | "scribe" | "service" | "codes" | "clinic";

export type World = {
  /** What a user types into the browser. */
  origin: string;
  chartUrl: string;
  serviceUrl: string;
  folder: string;
  secrets: Secrets;
  /** How far the world's clock runs ahead of the machine's. */
  clockOffsetMs: number;
  /** Kills a server at once (SIGKILL), as a power cut would. */
  kill(name: ServerName): Promise<void>;
  /** Starts it again on the same port with the same data. */
  restart(name: ServerName): Promise<void>;
  stop(): Promise<void>;
};

export type WorldOptions = {
  clockOffsetMs: number;
  /** How many hearings decide what is unclear; one is enough where the words do not matter. */
  takes: number;
  /** More settings of the clinic server, e.g. how soon a workstation is covered. */
  clinic?: Record<string, string>;
  /** The same of the sandbox chart: its profile. */
  chart?: Record<string, string>;
  /** What a user types, when a proxy stands in front; it must lead to the clinic server. */
  origin?: string;
  /** Another service than the local scribe writes the notes; the local scribe stays, and listens for it. */
  service?: ServiceForm | undefined;
  /** The local scribe writes notes too, in front of it, and one that never answers is the last choice. */
  isOneOfSeveral?: boolean;
  /** There is a code service. */
  hasCodes?: boolean;
  /** Stands between clinic server and scribe; gets the scribe's address and answers with its own. */
  beforeScribe?: (scribeUrl: string) => Promise<string>;
};

export async function createWorld(wanted: WorldOptions): Promise<World> {
  const { clockOffsetMs, beforeScribe } = wanted;
  const folder = mkdtempSync(join(tmpdir(), "chartside-world-"));
  const ports = await freePorts();
  const secrets = createSecrets();
  const direct = `http://127.0.0.1:${ports.scribe}`;
  const scribeUrl = beforeScribe ? await beforeScribe(direct) : direct;
  const options = serverOptions({ ...wanted, folder, ports, scribeUrl, secrets });
  const running = new Map<ServerName, Server>();
  const start = async (name: ServerName): Promise<void> => {
    running.set(name, await startServer(options[name]));
  };
  const helpers = [...(wanted.service ? ["service" as const] : []), ...(wanted.hasCodes ? ["codes" as const] : [])];
  await Promise.all((["chart", "scribe", ...helpers] as const).map(start));
  await start("clinic");
  return {
    origin: originOf({ ...wanted, ports }),
    chartUrl: `http://127.0.0.1:${ports.chart}`,
    serviceUrl: `http://127.0.0.1:${ports.service}`,
    folder,
    secrets,
    clockOffsetMs,
    kill: async (name) => {
      const server = running.get(name);
      running.delete(name);
      if (server) await killServer(server);
    },
    restart: start,
    stop: async () => {
      await Promise.all([...running.values()].map((server) => stopServer(server)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Ports = Record<ServerName, number>;

type Place = { folder: string; ports: Ports; scribeUrl: string; secrets: Secrets };

async function freePorts(): Promise<Ports> {
  const [chart, scribe, service, codes, clinic] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  return { chart, scribe, service, codes, clinic };
}

function originOf({ origin, ports }: { origin?: string; ports: Ports }): string {
  return origin ?? `http://localhost:${ports.clinic}`;
}

function serverOptions(world: WorldOptions & Place): Record<ServerName, ServerOptions> {
  const { folder, ports, secrets } = world;
  const origin = originOf(world);
  const clock = { CHARTSIDE_CLOCK_OFFSET_MS: String(world.clockOffsetMs) };
  const chart = {
    SANDBOX_OPENEMR_PORT: String(ports.chart),
    SANDBOX_OPENEMR_DATA: join(folder, "openemr.sqlite"),
    SANDBOX_CONTROLS: "1",
    SANDBOX_OPENEMR_CLIENT_SECRET: secrets.chartClient,
    CHARTSIDE_ORIGIN: origin,
  };
  const scribe = {
    LOCAL_SCRIBE_PORT: String(ports.scribe),
    LOCAL_SCRIBE_DATA_DIR: join(folder, "scribe"),
    LOCAL_SCRIBE_KEEP_AUDIO: "1",
    LOCAL_SCRIBE_TAKES: String(world.takes),
    LOCAL_SCRIBE_API_KEYS: secrets.localScribeKey,
  };
  const codes = { SANDBOX_CODIFY_PORT: String(ports.codes), SANDBOX_CODIFY_TOKEN: secrets.codify };
  const localScribeUrl = `http://127.0.0.1:${ports.scribe}`;
  const service = serviceServer(world.service ?? "msa-b", { port: ports.service, folder, localScribeUrl, secrets });
  const clinic = {
    CHARTSIDE_PORT: String(ports.clinic),
    CHARTSIDE_ORIGIN: origin,
    CHARTSIDE_DATA_DIR: join(folder, "bff"),
    CHARTSIDE_DEMO_ACCOUNTS: JSON.stringify(accounts),
    OPENEMR_URL: `http://127.0.0.1:${ports.chart}`,
    OPENEMR_CLIENT_SECRET: secrets.chartClient,
    CHARTSIDE_SEAL_KEY: secrets.sealKey,
    SCRIBE_URL: world.scribeUrl,
    SCRIBE_API_KEY: secrets.localScribeKey,
    ...(world.hasCodes === true && { CODIFY_URL: `http://127.0.0.1:${ports.codes}`, CODIFY_TOKEN: secrets.codify }),
    ...(world.service !== undefined && serviceSettings(world.service, world)),
  };
  return {
    chart: { name: "chart", main: "sandbox/openemr/main.ts", env: { ...clock, ...chart, ...world.chart } },
    scribe: { name: "scribe", main: "local-scribe/main.ts", env: { ...clock, ...scribe } },
    service: { ...service, env: { ...clock, ...service.env } },
    codes: { name: "codes", main: "sandbox/codify/main.ts", env: { ...clock, ...codes } },
    clinic: { name: "clinic", main: "bff/main.ts", env: { ...clock, ...clinic, ...world.clinic } },
  };
}

function serviceSettings(form: ServiceForm, world: WorldOptions & Place): Record<string, string> {
  const { ports, secrets } = world;
  const service = serviceEntry(form, `http://127.0.0.1:${ports.service}`, secrets);
  const local = { name: "Scribe in this building", url: world.scribeUrl, key: secrets.localScribeKey };
  const away = { name: "Regional scribe", url: `http://127.0.0.1:${ports.codes}`, key: secrets.serviceKey };
  const services = world.isOneOfSeveral === true ? [local, service, away] : [service];
  return {
    SCRIBE_SERVICES: JSON.stringify(services),
    SCRIBE_WEBHOOK_SECRET: secrets.webhook,
    CHARTSIDE_WEBHOOK_URL: `${originOf(world)}/webhooks/scribe`,
  };
}

function killServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.child.once("exit", () => resolve());
    server.child.kill("SIGKILL");
  });
}
