/** `npm run screens`: walks through the running app and takes the pictures in e2e/screens anew. */
import { spawnSync } from "node:child_process";
import { main as build } from "./build.ts";
import { needs, provide } from "./system.ts";

export async function main(): Promise<number> {
  if (!provide([needs.speech, needs.browser], (line) => console.log(line))) return 1;
  if ((await build()) !== 0) return 1;
  const env = { ...process.env, CHARTSIDE_SCREENS: "1" };
  const { status } = spawnSync(
    "playwright",
    ["test", "-c", "e2e/playwright.config.ts", "e2e/screens.spec.ts", "e2e/service-screens.spec.ts"],
    {
      stdio: "inherit",
      env,
    },
  );
  return status ?? 1;
}
