/** A real Chromium with a profile of its own and a WAV file as its microphone; its pid is known, so that it can be killed. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, rmSync, watch } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { chromiumPath } from "#commands/system.ts";

export type Workstation = {
  page: Page;
  /** Everything the page complained about: console errors and CSP violations. */
  complaints: string[];
  /** Its main process, which leads a process group of its own when asked to. */
  pid: number;
  /** Where the DevTools protocol is spoken. */
  endpoint: string;
  /** SIGKILL, as a crash or a power cut would end it. */
  kill(): Promise<void>;
  close(): Promise<void>;
};

export type WorkstationOptions = {
  profile: string;
  /** WAV file heard by the microphone, from its start at each opening. */
  microphone: string;
  /** Deny the microphone, as a user who pressed Block. */
  denyMicrophone?: boolean;
  /** More arguments of Chromium. */
  args?: string[];
  viewport?: { width: number; height: number };
  colorScheme?: "light" | "dark";
  /** Lead a process group, so that the whole browser can be stopped as by a suspend. */
  ownGroup?: boolean;
};

const quietNetwork = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--hide-scrollbars",
];

export async function openWorkstation(options: WorkstationOptions): Promise<Workstation> {
  const child = launch(options);
  const endpoint = await debuggingEndpoint(options.profile, child);
  const browser = await chromium.connectOverCDP(endpoint);
  const context = browser.contexts()[0];
  if (!context) throw new Error("Chromium has no default context");
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(60_000);
  await page.setViewportSize(options.viewport ?? { width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: options.colorScheme ?? "light" });
  const complaints = listenForComplaints(page);
  return {
    page,
    complaints,
    pid: child.pid ?? 0,
    endpoint,
    kill: () => end(child, "SIGKILL"),
    close: async () => {
      // As a person closes the last window: what the browser keeps for next time is on its disk. A signal alone loses it.
      await browser
        .newBrowserCDPSession()
        .then((session) => session.send("Browser.close"))
        .catch(ignoreClosed);
      await browser.close().catch(ignoreClosed);
      await ended(child);
    },
  };
}

function launch(options: WorkstationOptions): ChildProcess {
  const path = chromiumPath();
  if (path === undefined) throw new Error("Chromium is missing; npm test installs it on Debian and Ubuntu");
  for (const name of ["SingletonLock", "SingletonCookie", "SingletonSocket", "DevToolsActivePort"]) {
    rmSync(join(options.profile, name), { force: true });
  }
  const microphone = [
    "--use-fake-device-for-media-stream",
    options.denyMicrophone === true ? "--deny-permission-prompts" : "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-audio-capture=${options.microphone}%noloop`,
  ];
  const profile = [`--user-data-dir=${options.profile}`, "--remote-debugging-port=0", "--headless=new"];
  const args = [...quietNetwork, ...profile, ...microphone, ...(options.args ?? []), "about:blank"];
  return spawn(path, args, { stdio: "ignore", detached: options.ownGroup === true });
}

/** Chromium writes its port into the profile when it is ready. */
function debuggingEndpoint(profile: string, child: ChildProcess): Promise<string> {
  const file = join(profile, "DevToolsActivePort");
  return new Promise((resolve, reject) => {
    const watcher = watch(profile, () => read());
    const read = (): void => {
      const [port, path] = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
      if (port === undefined || path === undefined || path === "") return;
      watcher.close();
      resolve(`ws://127.0.0.1:${port}${path}`);
    };
    child.once("exit", (code) => {
      watcher.close();
      reject(new Error(`Chromium ended with code ${code ?? "none"} before it was ready`));
    });
    read();
  });
}

function listenForComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !isExpected(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
}

/** Chromium reports every refused request as an error; the app shows those in words, tests assert them there. */
function isExpected(text: string): boolean {
  return text.startsWith("Failed to load resource");
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}

function ignoreClosed(): void {
  // a browser that was killed has nothing left to close
}
