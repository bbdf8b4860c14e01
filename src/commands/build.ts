/** `npm run build`: the browser app into `dist`, with the size of what loads before sign-in and of what a recording needs. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const limits = { firstLoad: 150_000, recorder: 25_000 };

export async function main(): Promise<number> {
  await buildApp();
  const isSmall = tell("First-load JavaScript before sign-in", firstLoadBytes(), limits.firstLoad);
  const isRecorderSmall = tell("Recorder (vault worker, capture, audio tap)", recorderBytes(), limits.recorder);
  return isSmall && isRecorderSmall ? 0 : 1;
}

function tell(what: string, bytes: number, limitBytes: number): boolean {
  console.log(`${what}: ${(bytes / 1000).toFixed(1)} kB gzip (limit ${limitBytes / 1000} kB)`);
  return bytes <= limitBytes;
}

export async function buildApp(): Promise<void> {
  await build({ logLevel: "warn" });
}

/** Is `dist` newer than every source file of the browser app? */
export function isBuilt(): boolean {
  const built = statSync("dist/index.html", { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return built > Math.max(...["src", "public", "index.html", "vite.config.ts", "package-lock.json"].map(newestIn));
}

function newestIn(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

/** Gzip bytes of the scripts that index.html loads, and of what those import statically. */
export function firstLoadBytes(): number {
  const html = readFileSync("dist/index.html", "utf8");
  return gzipBytes(
    withImports([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/gu)].flatMap(([, path]) => path ?? [])),
  );
}

/**
 * Gzip bytes of the recorder's own code as a recording loads it: the vault worker (journal and outbox) with all that it imports
 * statically, the capture, the microphone's tap. Not counted: what a running recording does not need (space and key before it begins,
 * a person's marks, the end of a visit, recovery, mending, MP4), and what the page has loaded anyway (React, the store, the words of
 * problems). build.test.ts holds that nothing else went missing; all of it is kept for the time without network.
 */
function recorderBytes(): number {
  const built = readdirSync("dist/assets").map((name) => `assets/${name}`);
  const find = (name: string): string[] => {
    const found = built.filter((path) => path.startsWith(`assets/${name}-`) && path.endsWith(".js"));
    if (found.length !== 1) throw new Error(`the build has ${found.length} files for ${name}`);
    return found;
  };
  return gzipBytes([...withImports(find("vault-worker")), ...find("capture"), ...find("tap-worker")]);
}

/** These scripts and what they import statically, each once. */
function withImports(paths: readonly string[]): string[] {
  const waiting = [...paths];
  const seen = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const code = readFileSync(join("dist", path), "utf8");
    for (const match of code.matchAll(/(?:from|import)\s*["`]\.\/([^"`]+\.js)["`]/gu))
      waiting.push(`assets/${match[1] ?? ""}`);
  }
  return [...seen];
}

function gzipBytes(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + gzipSync(readFileSync(join("dist", path))).length, 0);
}
