/**
 * `npm start`: everything up on embedded defaults. In: the environment. Out: one URL and the demo accounts on the terminal.
 * SANDBOX_OPENEMR_PROFILE says which OpenEMR the sandbox behaves like. A real OpenEMR (OPENEMR_URL) or a real scribe
 * (SCRIBE_URL, SCRIBE_SERVICES) takes the place of the sandbox or the local scribe. Codes are suggested by a sandbox too while
 * the chart is one; with a real chart only where CODIFY_URL is set.
 */
import { spawn } from "node:child_process";
import { sandboxToken } from "#sandbox/codify/sandbox.ts";
import { profileNames } from "#sandbox/openemr/profiles/profile.ts";
import { defaultProfile, profileNamed } from "#sandbox/openemr/profiles/profiles.ts";
import { accounts } from "#sandbox/seed.ts";
import { buildApp, isBuilt } from "./build.ts";
import { startServer, stopServer, type Server, type ServerOptions } from "./server.ts";
import { needs, provide } from "./system.ts";

const port = process.env["CHARTSIDE_PORT"] ?? "3000";
const origin = process.env["CHARTSIDE_ORIGIN"] ?? `http://localhost:${port}`;
const usesSandbox = process.env["OPENEMR_URL"] === undefined;
/** Which OpenEMR the sandbox behaves like. */
const profileName = process.env["SANDBOX_OPENEMR_PROFILE"] ?? defaultProfile;
const usesSandboxCodes = usesSandbox && process.env["CODIFY_URL"] === undefined;
const codesPort = process.env["SANDBOX_CODIFY_PORT"] ?? "8700";
const usesLocalScribe = process.env["SCRIBE_URL"] === undefined && process.env["SCRIBE_SERVICES"] === undefined;

export async function main(args: string[]): Promise<number> {
  const watch = args.includes("--watch");
  if (!hasWhatItNeeds()) return 1;
  if (!isBuilt()) await buildApp();
  if (watch) watchApp();
  const running: Server[] = [];
  try {
    for (const server of servers()) running.push(await startServer({ ...server, watch, logFile: logOf(server) }));
  } catch (thrown) {
    say(`${thrown instanceof Error ? thrown.message : "A server did not start"}; see ${logFolder}`);
    await stopAll(running);
    return 1;
  }
  welcome();
  await interrupted();
  await stopAll(running);
  return 0;
}

/** False, and said on the terminal: a profile that does not exist, or no recogniser. */
function hasWhatItNeeds(): boolean {
  if (usesSandbox && !profileNamed(profileName)) {
    say(`SANDBOX_OPENEMR_PROFILE is "${profileName}"; it may be ${profileNames.join(", ")}.`);
    return false;
  }
  return !usesLocalScribe || !speechIsEmbedded() || provide([needs.speech], say);
}

function servers(): ServerOptions[] {
  const chart: ServerOptions = {
    name: "sandbox OpenEMR",
    main: "sandbox/openemr/main.ts",
    env: {
      CHARTSIDE_ORIGIN: origin,
      SANDBOX_OPENEMR_DATA: process.env["SANDBOX_OPENEMR_DATA"] ?? ".chartside/openemr.sqlite",
    },
  };
  const scribe: ServerOptions = { name: "local scribe", main: "local-scribe/main.ts", env: {} };
  const codes: ServerOptions = { name: "sandbox code service", main: "sandbox/codify/main.ts", env: {} };
  const codify = { CODIFY_URL: `http://127.0.0.1:${codesPort}`, CODIFY_TOKEN: sandboxToken };
  const demo = usesSandbox ? { CHARTSIDE_DEMO_ACCOUNTS: JSON.stringify(accounts) } : {};
  const clinic: ServerOptions = {
    name: "clinic server",
    main: "bff/main.ts",
    env: { CHARTSIDE_ORIGIN: origin, CHARTSIDE_PORT: port, ...demo, ...(usesSandboxCodes ? codify : {}) },
  };
  const stands = [...(usesSandbox ? [chart] : []), ...(usesLocalScribe ? [scribe] : [])];
  return [...stands, ...(usesSandboxCodes ? [codes] : []), clinic];
}

const logFolder = ".chartside/logs";

function logOf({ name }: ServerOptions): string {
  return `${logFolder}/${name.replaceAll(" ", "-")}.log`;
}

function welcome(): void {
  say(`\n  Chartside is running:  ${origin}\n`);
  if (usesSandbox) {
    say(`  The sandbox OpenEMR behaves like ${profileNamed(profileName)?.title} (${profileName}).`);
    say("  Demo accounts (sandbox OpenEMR, invented patients):");
    for (const { role, username, password } of accounts) say(`    ${role.padEnd(14)} ${username} / ${password}`);
  }
  say(`\n  Data and logs: .chartside   Ctrl+C stops everything.\n`);
}

function speechIsEmbedded(): boolean {
  return (process.env["LOCAL_SCRIBE_SPEECH"] ?? "pocketsphinx") === "pocketsphinx";
}

function watchApp(): void {
  spawn("vite", ["build", "--watch", "--logLevel", "warn"], { stdio: "inherit" });
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

async function stopAll(running: readonly Server[]): Promise<void> {
  await Promise.all(running.toReversed().map((server) => stopServer(server)));
}

function say(line: string): void {
  console.log(line);
}
