/**
 * Writes the list of built files, and a version made from what is in them, into the service worker. Without the list it could
 * not fetch the app for offline use; a version that any change of any file changes is what makes the browser install a new one.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { openingNames } from "./opening-files.ts";

/** The name of the service worker's entry, and of its file: /sw.js. */
export const serviceWorkerName = "sw";

const placeholder = "BUILT_SHELL";

/** What of `public/` the app needs when there is no network; robots.txt is for others. */
const publicFiles = readdirSync("public").filter((name) => name !== "robots.txt");

type Built = { fileName: string; content: string | Uint8Array };

/** A Vite plugin; runs when everything else is built. */
export function shellFiles(): Plugin {
  return {
    name: "chartside-shell-files",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle[`${serviceWorkerName}.js`];
        if (worker?.type !== "chunk") throw new Error("the service worker was not built");
        if (worker.imports.length > 0) throw new Error("the service worker must be one file");
        const built = Object.values(bundle)
          .filter((file) => file !== worker)
          .map((file) => ({ fileName: file.fileName, content: file.type === "chunk" ? file.code : file.source }));
        const shell = {
          opening: openingFiles(Object.keys(bundle)),
          ...describe([...built, ...readPublic(), { fileName: worker.fileName, content: worker.code }]),
        };
        worker.code = worker.code.replaceAll(placeholder, JSON.stringify(shell));
      },
    },
  };
}

/** What the app needs to open for somebody who is signed in. */
function openingFiles(names: readonly string[]): string[] {
  const wanted = new RegExp(`^assets/(?:${openingNames.join("|")})-[^.]+\\.(?:js|css)$`, "u");
  return names.filter((name) => wanted.test(name)).map((name) => `/${name}`);
}

function readPublic(): Built[] {
  return publicFiles.map((name) => ({ fileName: name, content: readFileSync(`public/${name}`) }));
}

/** The page itself is asked for as `/`, and the worker does not keep itself. */
function describe(built: readonly Built[]): { version: string; files: string[] } {
  const hash = createHash("sha256");
  const sorted = built.toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1));
  for (const { fileName, content } of sorted) hash.update(fileName).update("\0").update(content).update("\0");
  const kept = sorted.map(({ fileName }) => fileName).filter((name) => !isLeftOut(name));
  return { version: hash.digest("hex").slice(0, 16), files: kept.map((name) => `/${name}`) };
}

function isLeftOut(name: string): boolean {
  return name === "index.html" || name === `${serviceWorkerName}.js`;
}
