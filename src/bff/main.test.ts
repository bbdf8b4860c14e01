import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog } from "./log.ts";
import { stopCleanly } from "./shutdown.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chartside-main-"));
});
afterEach(() => rm(folder, { recursive: true }));

function run(env: Record<string, string>): ChildProcess & { output: () => string; errors: () => string } {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { CHARTSIDE_PORT: "0", CHARTSIDE_DATA_DIR: join(folder, "data"), OPENEMR_URL: "http://127.0.0.1:9", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (errors += bytes.toString()));
  return Object.assign(child, { output: () => output, errors: () => errors });
}

/** Node's fetch would not let the test set the Host header. */
async function get(url: string): Promise<number> {
  const asked = request(url, { headers: { host: "localhost:3000" } }).end();
  const [answer] = (await once(asked, "response")) as [{ statusCode: number; resume(): void }];
  answer.resume();
  return answer.statusCode;
}

test("it says where it listens in one line, answers, and ends with 0 on SIGTERM", async () => {
  const child = run({});
  await once(child.stdout!, "data");
  const { ready, url } = JSON.parse(child.output()) as { ready: boolean; url: string };
  expect(ready).toBe(true);
  expect(await get(`${url}/healthz`)).toBe(200);
  expect(await get(`${url}/api/bootstrap`)).toBe(200);
  expect(await get(`${url}/api/session`)).toBe(401);
  const stopped = once(child, "exit");
  child.kill("SIGTERM");
  expect(await stopped).toEqual([0, null]);
  expect(child.output().trim().split("\n")).toHaveLength(1);
  expect(child.errors()).not.toMatch(/"level":(50|60)/u);
});

test("the sealing key is made once and only its owner can read it", async () => {
  for (let n = 0; n < 2; n += 1) {
    const child = run({});
    await once(child.stdout!, "data");
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  expect(await readdir(join(folder, "data"))).toEqual(expect.arrayContaining(["chartside.sqlite", "seal.key"]));
  expect((await stat(join(folder, "data", "seal.key"))).mode & 0o777).toBe(0o600);
});

test("a wrong setting stops the start and is named", async () => {
  const child = run({ CHARTSIDE_ORIGIN: "not an origin" });
  const [code] = (await once(child, "exit")) as [number];
  expect(code).not.toBe(0);
  expect(child.errors()).toContain("CHARTSIDE_ORIGIN");
});

const quiet = createLog({ level: "silent" });

test("a load balancer that watches gets five seconds to notice; nobody else is waited for", async () => {
  for (const isWatched of [true, false]) {
    const steps: string[] = [];
    const server = {
      parts: { readiness: { drain: () => void steps.push("drain"), isWatched: () => isWatched } },
      close: async () => void steps.push("close"),
    };
    const wait = async (ms: number): Promise<void> => {
      if (ms === 5_000) steps.push("pause");
      else await new Promise(() => undefined);
    };
    await stopCleanly(server, quiet, wait);
    expect(steps).toEqual(isWatched ? ["drain", "pause", "close"] : ["drain", "close"]);
  }
});

test("what does not end in thirty seconds is cut off", async () => {
  const waited: number[] = [];
  const server = {
    parts: { readiness: { drain: () => undefined, isWatched: () => false } },
    close: () => new Promise<void>(() => undefined),
  };
  await stopCleanly(server, quiet, async (ms) => void waited.push(ms));
  expect(waited).toEqual([30_000]);
});
