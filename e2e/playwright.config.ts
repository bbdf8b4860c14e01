import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  testIgnore: process.env["CHARTSIDE_SCREENS"] === "1" ? [] : ["screens.spec.ts"],
  outputDir: "../test-results",
  timeout: 240_000,
  expect: { timeout: 30_000 },
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reportSlowTests: null,
});
