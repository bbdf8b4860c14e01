/**
 * `npm run soak`: the recording proof in full, two hours and every fault at its real length, then a whole visit
 * through each form of a scribe service, on each OpenEMR and with keys that the clinic server wraps, each form killed at every step, and 10,000 bookings raced. A part of it: `npm run soak -- -g name`.
 * The rows of this run take their places in e2e/proof/RESULTS.md; those of other days stay, with their dates.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { main as build } from "./build.ts";
import { measuredRows, withRows } from "./proof-table.ts";
import { needs, provide } from "./system.ts";

const results = "e2e/proof/RESULTS.md";
const heading = `# Recording proof

Measured by \`npm run soak\`; how to read it: [README](README.md).
`;

export async function main(args: string[]): Promise<number> {
  if (!provide([needs.speech, needs.browser], (line) => console.log(line))) return 1;
  if ((await build()) !== 0) return 1;
  const env = { ...process.env, CHARTSIDE_SOAK: "1" };
  const run = (...files: string[]): number => {
    const places = ["-c", "e2e/playwright.config.ts", "--pass-with-no-tests", ...files];
    return spawnSync("playwright", ["test", ...places, ...args], { stdio: "inherit", env }).status ?? 1;
  };
  const proof = run("e2e/proof");
  const rows = measuredRows();
  // Afterwards, so that they take no time from what is measured.
  const visits = run("e2e/scribe-forms", "e2e/every-chart", "e2e/wrapped-keys", "e2e/no-encoder");
  const kills = args.length === 0 ? killEverywhere(env) : 0;
  const race = args.length === 0 ? raceBookings(env) : 0;
  const status = Math.max(proof, visits, kills, race);
  if (rows.length === 0) return status;
  console.log(withRows("", rows));
  writeFileSync(results, withRows(existsSync(results) ? readFileSync(results, "utf8") : heading, rows));
  return status;
}

/** Each form of a scribe service, and the clinic server that its notifications come to, killed at every step. */
function killEverywhere(env: NodeJS.ProcessEnv): number {
  const files = ["killed-service", "webhook-killed"].map((name) => `src/bff/visits/${name}.test.ts`);
  return spawnSync("vitest", ["run", "--project", "node", ...files], { stdio: "inherit", env }).status ?? 1;
}

/** Fifty clients and a stranger book at once. An hour and more for these many on two busy cores (e2e/bench/RESULTS.md). */
function raceBookings(env: NodeJS.ProcessEnv): number {
  const sized = { CHARTSIDE_RACE_ATTEMPTS: "10000", ...env };
  const places = ["run", "--project", "node", "src/bff/openemr/booking-race.test.ts"];
  return spawnSync("vitest", places, { stdio: "inherit", env: sized }).status ?? 1;
}
