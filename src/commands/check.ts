/** `npm run check`: types, lint, format, dead code, unit tests. Stops at the first that fails. */
import { spawnSync } from "node:child_process";

type Step = { name: string; command: string; args: string[] };

export const checks: readonly Step[] = [
  { name: "types", command: "tsc", args: ["-b"] },
  {
    name: "lint",
    command: "oxlint",
    args: ["-c", "src/oxlint.json", "--type-aware", "--quiet", "src", "e2e", "vite.config.ts"],
  },
  { name: "format", command: "oxfmt", args: ["-c", "src/oxfmt.json", "--check", "src", "e2e", "vite.config.ts"] },
  { name: "dead code", command: "knip", args: ["--config", "src/knip.json"] },
];

export const unitTests: Step = { name: "unit tests", command: "vitest", args: ["run", "--reporter=dot"] };

export async function main(): Promise<number> {
  return Promise.resolve(runAll([...checks, unitTests]));
}

/** Runs the steps one after the other; the exit code of the first that fails, else 0. */
export function runAll(steps: readonly Step[]): number {
  for (const { name, command, args } of steps) {
    console.log(`\n== ${name}`);
    const { status } = spawnSync(command, args, { stdio: "inherit", env: process.env });
    if (status !== 0) {
      console.error(`\n${name}: failed`);
      return status ?? 1;
    }
  }
  return 0;
}
