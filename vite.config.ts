import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { playwright } from "@vitest/browser-playwright";
import { createOpeningFiles } from "./src/commands/opening-files.ts";
import { serviceWorkerName, shellFiles } from "./src/commands/shell-files.ts";

const chromium = {
  executablePath: process.env["CHARTSIDE_CHROMIUM"] ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
  ],
};

export default defineConfig({
  plugins: [react(), shellFiles()],
  build: {
    outDir: "dist",
    target: "es2023",
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { main: "index.html", [serviceWorkerName]: "src/app/service-worker.ts" },
      // The browser looks for the service worker under one address for ever; every other file has a hash in its name.
      output: {
        entryFileNames: ({ name }) => (name === serviceWorkerName ? "[name].js" : "assets/[name]-[hash].js"),
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // A file of its own, so that its size can be told (src/commands/build.ts).
            { name: "capture", test: /src\/visit\/capture\/(?!microphone-test|support|tap-context)/ },
            { name: createOpeningFiles(), debugName: "opening" },
          ],
        },
      },
    },
  },
  worker: {
    format: "es",
    // Words of the model that the worker only names in types are not part of it.
    rolldownOptions: {
      treeshake: { manualPureFunctions: ["z"] },
      // What the worker needs from its start is one file: small ones compress worse, and each is one more that can fail to come.
      output: {
        comments: false,
        codeSplitting: {
          groups: [
            { name: "vault", tags: ["$initial"] },
            // The same for what tells at the start which visits are held: somebody waits for the offer of one that was cut off.
            { name: "glimpse", test: /src\/visit\/journal\/(?:glimpse|keys|find-record|read-record|tombstones)\.ts$/ },
          ],
        },
      },
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          // A machine under load is slow, not wrong.
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
          include: ["src/**/*.test.{ts,tsx}", "e2e/**/*.test.ts"],
          exclude: ["src/**/*.browser.test.{ts,tsx}"],
          environment: "node",
        },
      },
      {
        extends: true,
        // A dependency that is found only while a test runs reloads the page under it.
        optimizeDeps: {
          include: [
            "@tanstack/react-query",
            "fast-check",
            "idb",
            "lucide-react",
            "mediabunny",
            "opus-decoder",
            "react",
            "react-aria-components",
            "react-aria-components/Button",
            "react-aria-components/Dialog",
            "react-aria-components/Menu",
            "react-aria-components/Modal",
            "react-dom",
            "react-dom/client",
            "react-router-dom",
            "zod",
            "zustand",
            "zustand/react/shallow",
            "zustand/vanilla",
          ],
        },
        test: {
          name: "browser",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
          include: ["src/**/*.browser.test.{ts,tsx}"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromium }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
