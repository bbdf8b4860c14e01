/** `npm run build`: the browser app into `dist`, with the size of what loads before sign-in. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const limitBytes = 150_000;

export async function main(): Promise<number> {
  await buildApp();
  const bytes = firstLoadBytes();
  console.log(
    `First-load JavaScript before sign-in: ${(bytes / 1000).toFixed(1)} kB gzip (limit ${limitBytes / 1000} kB)`,
  );
  return bytes <= limitBytes ? 0 : 1;
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
  const waiting = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/gu)].flatMap((match) => match[1] ?? []);
  const seen = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const code = readFileSync(join("dist", path), "utf8");
    for (const match of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/gu))
      waiting.push(`assets/${match[1] ?? ""}`);
  }
  return [...seen].reduce((sum, path) => sum + gzipSync(readFileSync(join("dist", path))).length, 0);
}
