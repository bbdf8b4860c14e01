import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

/** What this file needs before it runs, and what those need: without types, and without what is loaded when it is needed. */
function neededBy(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  const code = readFileSync(path, "utf8");
  for (const [, name = ""] of code.matchAll(/^(?:import|export)\s(?!type\b)[^;"]*?from "([^"]+\.ts)";/gmu))
    neededBy(name.startsWith("#") ? join("src", name.slice(1)) : join(dirname(path), name), found);
  return found;
}

test("what is counted as the recorder is all that a running recording needs", () => {
  const worker = neededBy("src/app/vault-worker.ts");
  const journal = ["visit-journal", "log", "frame", "walk", "space", "records", "digest", "visit-state", "chunk-bytes"];
  const sound = ["read-webm", "write-webm", "cut", "black-box", "black-box-encoder", "black-box-file", "opfs-disk"];
  for (const name of [...journal, ...sound]) expect(worker).toContain(`src/visit/journal/${name}.ts`);
  for (const name of ["outbox", "drain", "requests", "send"]) expect(worker).toContain(`src/visit/outbox/${name}.ts`);
  expect(neededBy("src/visit/capture/tap-worker.ts")).toContain("src/visit/capture/tap-sound.ts");
  const capture = neededBy("src/visit/capture/capture.ts");
  for (const name of ["line", "recorder", "rescue", "alarm", "watchdog", "tap"])
    expect(capture).toContain(`src/visit/capture/${name}.ts`);
});
