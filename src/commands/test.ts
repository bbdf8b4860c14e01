/**
 * `npm test`: everything. Static checks, unit and browser tests, the build, then whole visits in a real browser with real
 * audio. Ends with one line of counts.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { main as build } from "./build.ts";
import { checks, runAll } from "./check.ts";
import { measuredRows, withRows } from "./proof-table.ts";
import { needs, provide } from "./system.ts";

const VitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numPendingTests: z.number() });
const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});
type Counts = { passed: number; failed: number; skipped: number };

export async function main(args: string[]): Promise<number> {
  if (!provide([needs.speech, needs.browser], (line) => console.log(line))) return 1;
  const broken = runAll(checks);
  if (broken !== 0) return broken;
  const reports = mkdtempSync(join(tmpdir(), "chartside-test-"));
  const unit = runUnit(join(reports, "unit.json"));
  if ((await build()) !== 0) return 1;
  const whole = runEndToEnd(join(reports, "e2e.json"), args);
  console.log(withRows("\n== recording proof", measuredRows()));
  const sum = {
    passed: unit.passed + whole.passed,
    failed: unit.failed + whole.failed,
    skipped: unit.skipped + whole.skipped,
  };
  console.log(
    `\nunit and browser: ${unit.passed} passed, ${unit.failed} failed; end to end: ${whole.passed} passed, ${whole.failed} failed`,
  );
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.failed === 0 && unit.passed > 0 && whole.passed > 0 ? 0 : 1;
}

function runUnit(report: string): Counts {
  console.log("\n== unit and browser tests");
  const { status } = spawnSync("vitest", ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`], {
    stdio: "inherit",
    env: { ...process.env, NO_COLOR: "1" },
  });
  const counts = VitestReport.parse(JSON.parse(readFileSync(report, "utf8")));
  const failed = counts.numFailedTests + (status !== 0 && counts.numFailedTests === 0 ? 1 : 0);
  return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests };
}

function runEndToEnd(report: string, args: readonly string[]): Counts {
  console.log("\n== end to end");
  const { status } = spawnSync(
    "playwright",
    ["test", "-c", "e2e/playwright.config.ts", "--reporter=list,json", ...args],
    {
      stdio: "inherit",
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    },
  );
  const { stats } = PlaywrightReport.parse(JSON.parse(readFileSync(report, "utf8")));
  const failed = stats.unexpected + stats.flaky + (status !== 0 && stats.unexpected + stats.flaky === 0 ? 1 : 0);
  return { passed: stats.expected, failed, skipped: stats.skipped };
}
