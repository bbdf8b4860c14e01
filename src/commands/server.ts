/** One of Chartside's servers as a child process that says on its first line of output where it listens. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export type Server = { name: string; url: string; child: ChildProcess };
export type ServerOptions = {
  name: string;
  main: string;
  env: Record<string, string>;
  watch?: boolean;
  /** Where its log goes; left out, it is dropped. */
  logFile?: string;
};

const source = fileURLToPath(new URL("../", import.meta.url));

/** Starts `src/<main>`; resolves with its URL when it is ready, rejects when it ends before that. */
export async function startServer({ name, main, env, watch, logFile }: ServerOptions): Promise<Server> {
  const args = [...(watch === true ? ["--watch", "--watch-preserve-output"] : []), `${source}${main}`];
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", logFile === undefined ? "ignore" : openLog(logFile)],
  });
  const url = await readyUrl(name, child);
  return { name, url, child };
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, "a", 0o600);
}

function readyUrl(name: string, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${name} ended with code ${code ?? "none"} before it was ready`)));
    child.once("error", reject);
    if (!child.stdout) return reject(new Error(`${name} has no output`));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const url = urlIn(line);
      if (url !== undefined) resolve(url);
    });
  });
}

function urlIn(line: string): string | undefined {
  const match = /^\{"ready":true,"url":"([^"]+)"\}$/u.exec(line);
  return match?.[1];
}

/** Asks a server to stop and waits until its process has ended. */
export function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (server.child.exitCode !== null || server.child.signalCode !== null) return resolve();
    server.child.once("exit", () => resolve());
    server.child.kill("SIGTERM");
  });
}
