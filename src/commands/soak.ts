/** `npm run soak`: the recording proof in full, two hours and every fault at its real length; writes e2e/proof/RESULTS.md. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { main as build } from "./build.ts";
import { proofTable } from "./proof-table.ts";
import { needs, provide } from "./system.ts";

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
  const table = proofTable();
  if (table === undefined) return 1;
  console.log(`\n${table}`);
  writeFileSync("e2e/proof/RESULTS.md", `${heading}\n${table}\n`);
  return status ?? 1;
}
