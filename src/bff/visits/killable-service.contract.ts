/** A sandbox service as a process of its own that can be killed and started again on what it had on its disk: for tests. */
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startServer, stopServer } from "#commands/server.ts";
import { temporaryDirectory } from "#local-scribe/trial.ts";
import { sandboxClient } from "#sandbox/msa/sandbox.ts";
import { createScribe } from "#scribe/discover.ts";
import { createFakeWaiting } from "#scribe/fake-wire.ts";
import type { Scribe, Send } from "#scribe/scribe.ts";
import { openFaultyWay } from "./faulty-way.ts";
import { webhookSecret } from "./test-clinic.ts";
import { mark, toWav } from "./webhook-world.contract.ts";

/** `npm run soak` kills each of them, `npm test` one of each protocol. */
export const soaks = process.env["CHARTSIDE_SOAK"] === "1";

/** `addedBytes`: what making WAV of a chunk adds to it. `isTold`: it has webhooks. */
export type KillableService = {
  main: string;
  env: Record<string, string>;
  settings: { port: string; file: string; publicUrl: string };
  path: string;
  addedBytes: number;
  isTold: boolean;
  isQuick: boolean;
};

const msa = (form: "A" | "B" | "C"): KillableService => ({
  main: "sandbox/msa/main.ts",
  env: { SANDBOX_MSA_FORM: form },
  settings: { port: "SANDBOX_MSA_PORT", file: "SANDBOX_MSA_DATA", publicUrl: "SANDBOX_MSA_PUBLIC_URL" },
  path: form === "C" ? "/voice/v1" : "",
  addedBytes: 0,
  isTold: form !== "C",
  isQuick: form === "B",
});

const omsif = (revision: 1 | 2): KillableService => ({
  main: "sandbox/omsif/main.ts",
  env: { SANDBOX_OMSIF_REVISION: String(revision), SANDBOX_OMSIF_SECRET: webhookSecret },
  settings: { port: "SANDBOX_OMSIF_PORT", file: "SANDBOX_OMSIF_DATA", publicUrl: "SANDBOX_OMSIF_UNUSED" },
  path: "/v1/omsif",
  addedBytes: mark.length,
  isTold: true,
  isQuick: revision === 2,
});

export const killableServices: Record<string, KillableService> = {
  "MedScribeAlliance form A": msa("A"),
  "MedScribeAlliance form B": msa("B"),
  "MedScribeAlliance form C": msa("C"),
  "OMSIF rev 1": omsif(1),
  "OMSIF rev 2": omsif(2),
};

/** The process and the way to it; `strike` kills it (SIGKILL) and resolves when it is up again. */
export async function openKillable({ main, env, settings }: KillableService) {
  const folder = temporaryDirectory();
  const way = await openFaultyWay("");
  const file = join(folder, "kept");
  const options = { name: "service", main, env: { ...env, [settings.file]: file, [settings.publicUrl]: way.url } };
  let server = await startServer({ ...options, env: { ...options.env, [settings.port]: "0" } });
  const { origin, port } = new URL(server.url);
  way.target = origin;
  let lastStrike = Promise.resolve();
  onTestFinished(async () => {
    await way.close();
    await lastStrike;
    await stopServer(server);
    await rm(folder, { recursive: true, force: true });
  });
  const killAndStart = async (): Promise<void> => {
    const gone = once(server.child, "exit");
    server.child.kill("SIGKILL");
    await gone;
    server = await startServer({ ...options, env: { ...options.env, [settings.port]: port } });
  };
  const strike = (): Promise<void> => {
    lastStrike = killAndStart();
    return lastStrike;
  };
  return { way, strike };
}

export type Killable = Awaited<ReturnType<typeof openKillable>>;

/** The service as the clinic server reaches it at `origin`; its form has to be seen. */
export function scribeBehind(origin: string, { path, isTold }: KillableService, send: Send): Scribe {
  const oidc = { tokenUrl: `${origin}/oauth/token`, ...sandboxClient };
  const access = isTold ? { apiKey: "sk_test_sandbox" } : { oidc };
  return createScribe({
    url: `${origin}${path}`,
    protocol: "auto",
    ...access,
    send,
    waiting: createFakeWaiting(),
    toWav,
  });
}
