/**
 * What the app needs to open is four scripts, each with everything below it: what is begun before anything else, the page before
 * sign-in, what comes after, and the clinician's home. Sixty small ones cost more than their bytes: each is a message through four
 * processes of the browser, while a person waits for the offer of a visit that was cut off.
 */

const openings = [
  { name: "first", entry: "/src/app/first.ts" },
  { name: "main", entry: "/src/app/main.tsx" },
  { name: "signed-in", entry: "/src/app/signed-in.tsx" },
  { name: "worklist", entry: "/src/app/pages/worklist.tsx" },
];

/** The files that the app opens with: these four, and what is a file of its own in each case. */
export const openingNames = [...openings.map(({ name }) => name), "capture", "rolldown-runtime"];

type Modules = { getModuleInfo(id: string): { importedIds: readonly string[] } | null };

/** For `codeSplitting.groups`: the first of the four that loads this module, or none. */
export function createOpeningFiles(): (id: string, modules: Modules) => string | null {
  let seen: Map<string, string> | undefined;
  return (id, modules) => {
    seen ??= walk(modules);
    return seen.get(id) ?? null;
  };
}

function walk(modules: Modules): Map<string, string> {
  const seen = new Map<string, string>();
  for (const { name, entry } of openings) {
    const waiting = [process.cwd() + entry];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (seen.has(id)) continue;
      seen.set(id, name);
      waiting.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
    }
  }
  return seen;
}
