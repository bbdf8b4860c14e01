/** What axe finds wrong with a screen: WCAG 2.2 A and AA and its best practices. Words for a person: rule, and where. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";

const engine = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const options: RunOptions = {
  runOnly: { type: "tag", values: tags },
  resultTypes: ["violations"],
  // Chromium and Firefox let the keyboard scroll such a part by themselves.
  rules: { "scrollable-region-focusable": { enabled: false } },
};

/** One line for each element that breaks a rule; empty when none does. */
export async function complaintsOf(page: Page, screen: string): Promise<string[]> {
  await page.evaluate(engine);
  const results = await page.evaluate(
    // The live announcer is the component library's: what it points at is gone when it was read out.
    (wanted) => (globalThis as unknown as Axe).axe.run({ exclude: ["[data-live-announcer]"] }, wanted),
    options,
  );
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.filter(isItsOwn).map(({ target, failureSummary = "" }) => {
      const why = failureSummary.split("\n")[1]?.trim() ?? "";
      return `${screen}: ${id} (${help}) at ${target.join(" ")}: ${why}`;
    }),
  );
}

type Axe = { axe: { run(context: object, options: RunOptions): Promise<AxeResults> } };

/** Not what lies half under the bar at the foot of the screen until it is scrolled. */
function isItsOwn({ failureSummary = "" }: { failureSummary?: string }): boolean {
  return !failureSummary.includes("partially obscured");
}
