/** What a command needs from the system: checked, installed with apt where that is possible, otherwise said with the exact command. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

type Need = { what: string; isThere(): boolean; debian: string[]; elsewhere: Record<string, string> };

const speech: Need = {
  what: "pocketsphinx with its US English model (turns speech into text)",
  isThere: () => onPath("pocketsphinx_continuous") && existsSync("/usr/share/pocketsphinx/model/en-us/en-us"),
  debian: ["pocketsphinx", "pocketsphinx-en-us"],
  elsewhere: {
    darwin: "brew install cmu-pocketsphinx   (or set LOCAL_SCRIBE_SPEECH=openai, see README)",
    fedora: "sudo dnf install pocketsphinx pocketsphinx-models",
    arch: "yay -S pocketsphinx   (or set LOCAL_SCRIBE_SPEECH=openai, see README)",
  },
};

const browser: Need = {
  what: "Chromium (runs the browser tests)",
  isThere: () => chromiumPath() !== undefined,
  debian: ["chromium"],
  elsewhere: {
    darwin: "npx playwright install chromium",
    fedora: "sudo dnf install chromium",
    arch: "sudo pacman -S chromium",
  },
};

export const needs = { speech, browser };

/** Debian's Chromium, another one on the path, or the one Playwright brought. */
export function chromiumPath(): string | undefined {
  const named = process.env["CHARTSIDE_CHROMIUM"];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  return ["chromium", "chromium-browser", "google-chrome"].map(findOnPath).find((path) => path !== undefined);
}

/** True when everything is there, after installing what can be installed. Says on `say` what it does. */
export function provide(wanted: readonly Need[], say: (line: string) => void): boolean {
  const missing = wanted.filter((need) => !need.isThere());
  if (missing.length === 0) return true;
  const system = systemName();
  const packages = missing.flatMap((need) => need.debian);
  if (system === "debian" && process.getuid?.() === 0) {
    say(`Installing with apt: ${packages.join(" ")}`);
    apt("update");
    apt("install", ...packages);
    const still = missing.filter((need) => !need.isThere());
    for (const need of still) say(`Still missing: ${need.what}`);
    return still.length === 0;
  }
  for (const need of missing) say(`Missing: ${need.what}`);
  if (system === "debian") say(`Run: sudo apt-get update && sudo apt-get install -y ${packages.join(" ")}`);
  else
    for (const need of missing)
      say(`Run: ${need.elsewhere[system] ?? `install ${need.debian.join(" ")} with your package manager`}`);
  return false;
}

function apt(...what: string[]): void {
  spawnSync("apt-get", ["-qq", "-y", ...what], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

function systemName(): string {
  if (process.platform !== "linux") return process.platform;
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const ids = /^ID(?:_LIKE)?=.*$/gmu;
  const text = [...release.matchAll(ids)].map((match) => match[0]).join(" ");
  return (
    ["debian", "ubuntu", "fedora", "arch"].find((name) => text.includes(name))?.replace("ubuntu", "debian") ?? "linux"
  );
}

function onPath(name: string): boolean {
  return findOnPath(name) !== undefined;
}

function findOnPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => isRunnable(path));
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
