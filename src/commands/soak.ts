/**
 * `npm run soak`: the recording proof in full, two hours and every fault at its real length. A part of it: `npm run soak -- -g name`.
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
  const { status } = spawnSync("playwright", ["test", "-c", "e2e/playwright.config.ts", "e2e/proof", ...args], {
    stdio: "inherit",
    env,
  });
  const rows = measuredRows();
  if (rows.length === 0) return 1;
  console.log(withRows("", rows));
  writeFileSync(results, withRows(existsSync(results) ? readFileSync(results, "utf8") : heading, rows));
  return status ?? 1;
}
