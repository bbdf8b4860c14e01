/** Holds no patient data: it ends up in download lists. `part`: which of how many, from 1. */
export function audioFileName(visitId: string, type: string, part?: { number: number; of: number }): string {
  const ending = part === undefined ? "" : `-part-${part.number}-of-${part.of}`;
  return `chartside-${visitId.slice(0, 8)}${ending}.${extensions.find(([start]) => type.startsWith(start))?.[1] ?? "webm"}`;
}

const extensions = [
  ["audio/mp4", "m4a"],
  ["audio/wav", "wav"],
] as const;

/** How the file is called in words. */
export function formatWords(type: string): string {
  if (type.startsWith("audio/mp4")) return "AAC (M4A)";
  return type.startsWith("audio/wav") ? "WAV" : "Opus (WebM)";
}
