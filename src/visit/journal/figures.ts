import { sha256 } from "./chunk-bytes.ts";
import type { VisitState } from "./visit-state.ts";

/** What a deletion receipt (model/recording.ts) says of a visit's audio. */
export type Figures = { chunks: number; durationMs: number; sha256: string };

export async function figuresOf({ chunks, durableMs }: VisitState): Promise<Figures> {
  const sums = chunks.map((chunk) => `${chunk.sha256}\n`).join("");
  return { chunks: chunks.length, durationMs: durableMs, sha256: await sha256(new TextEncoder().encode(sums)) };
}
