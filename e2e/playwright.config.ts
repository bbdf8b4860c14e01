import { defineConfig } from "@playwright/test";

/**
 * Too long for every day: the visit through each form of a scribe service, on each OpenEMR, with keys that the clinic server wraps,
 * without an encoder for the black box, and in another browser; a power cut and a full disk, on disks of their own; a killed vault worker
 * (src/app/lasting-vault.browser.test.ts is its short form). They run with `npm run soak` alone.
 */
const soakOnly = [
  "scribe-forms.spec.ts",
  "every-chart.spec.ts",
  "wrapped-keys.spec.ts",
  "no-encoder.spec.ts",
  "proof/disks.spec.ts",
  "proof/vault.spec.ts",
  "proof/other-browsers.spec.ts",
];

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  testIgnore: [
    ...(process.env["CHARTSIDE_SCREENS"] === "1" ? [] : ["screens.spec.ts", "service-screens.spec.ts"]),
    ...(process.env["CHARTSIDE_SOAK"] === "1" ? [] : soakOnly),
  ],
  outputDir: "../test-results",
  // For a busy machine: nothing waits longer than what it waits for takes.
  timeout: 600_000,
  expect: { timeout: 60_000 },
  workers: 2,
  // Each test has a world of its own; the long ones of one file need not wait for each other.
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  reportSlowTests: null,
});
