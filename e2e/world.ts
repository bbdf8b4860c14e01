/** The whole clinic for one test: chart, scribe and clinic server as separate processes on free ports, with data of their own. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, stopServer, type Server, type ServerOptions } from "#commands/server.ts";
import { accounts } from "#sandbox/seed.ts";

export type ServerName = "chart" | "scribe" | "clinic";

export type World = {
  /** What a user types into the browser. */
  origin: string;
  chartUrl: string;
  folder: string;
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
  /** Stands between clinic server and scribe; gets the scribe's address and answers with its own. */
  beforeScribe?: (scribeUrl: string) => Promise<string>;
};

export async function createWorld(wanted: WorldOptions): Promise<World> {
  const { clockOffsetMs, beforeScribe } = wanted;
  const folder = mkdtempSync(join(tmpdir(), "chartside-world-"));
  const ports = { chart: await freePort(), scribe: await freePort(), clinic: await freePort() };
  const direct = `http://127.0.0.1:${ports.scribe}`;
  const scribeUrl = beforeScribe ? await beforeScribe(direct) : direct;
  const options = serverOptions({ ...wanted, folder, ports, scribeUrl });
  const running = new Map<ServerName, Server>();
  const start = async (name: ServerName): Promise<void> => {
    running.set(name, await startServer(options[name]));
  };
  await Promise.all([start("chart"), start("scribe")]);
  await start("clinic");
  return {
    origin: originOf({ ...wanted, ports }),
    chartUrl: `http://127.0.0.1:${ports.chart}`,
    folder,
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

type Place = { folder: string; ports: Ports; scribeUrl: string };

function originOf({ origin, ports }: { origin?: string; ports: Ports }): string {
  return origin ?? `http://localhost:${ports.clinic}`;
}

function serverOptions(world: WorldOptions & Place): Record<ServerName, ServerOptions> {
  const { folder, ports } = world;
  const origin = originOf(world);
  const clock = { CHARTSIDE_CLOCK_OFFSET_MS: String(world.clockOffsetMs) };
  const chart = {
    SANDBOX_OPENEMR_PORT: String(ports.chart),
    SANDBOX_OPENEMR_DATA: join(folder, "openemr.sqlite"),
    SANDBOX_CONTROLS: "1",
    CHARTSIDE_ORIGIN: origin,
  };
  const scribe = {
    LOCAL_SCRIBE_PORT: String(ports.scribe),
    LOCAL_SCRIBE_DATA_DIR: join(folder, "scribe"),
    LOCAL_SCRIBE_KEEP_AUDIO: "1",
    LOCAL_SCRIBE_TAKES: String(world.takes),
  };
  const clinic = {
    CHARTSIDE_PORT: String(ports.clinic),
    CHARTSIDE_ORIGIN: origin,
    CHARTSIDE_DATA_DIR: join(folder, "bff"),
    CHARTSIDE_DEMO_ACCOUNTS: JSON.stringify(accounts),
    OPENEMR_URL: `http://127.0.0.1:${ports.chart}`,
    SCRIBE_URL: world.scribeUrl,
  };
  return {
    chart: { name: "chart", main: "sandbox/openemr/main.ts", env: { ...clock, ...chart, ...world.chart } },
    scribe: { name: "scribe", main: "local-scribe/main.ts", env: { ...clock, ...scribe } },
    clinic: { name: "clinic", main: "bff/main.ts", env: { ...clock, ...clinic, ...world.clinic } },
  };
}

function killServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.child.once("exit", () => resolve());
    server.child.kill("SIGKILL");
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
