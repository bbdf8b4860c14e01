import { z } from "zod";
import { hasShape } from "./shape.ts";

const hexadecimalSum = /^[0-9a-f]{64}$/u;

/** Lower-case hexadecimal SHA-256. */
export const Sha256 = z.string().regex(hexadecimalSum);

/** What is uploaded: one self-contained slice of a visit, at most 20 s. `sequence` counts 0.. without gaps over the whole visit. */
export const Chunk = z.object({
  sequence: z.number().int().nonnegative(),
  sha256: Sha256,
  sizeBytes: z.number().int().positive(),
  durationMs: z.number().positive(),
});
export type Chunk = z.infer<typeof Chunk>;

/** Proof that the scribe holds a chunk; given only after the scribe's own 2xx. */
export const Receipt = z.object({
  sequence: z.number().int().nonnegative(),
  sha256: Sha256,
  durationMs: z.number().positive(),
  receivedAt: z.iso.datetime(),
});
export type Receipt = z.infer<typeof Receipt>;

/** As the schema, for those who must do without it (shape.ts). */
export function isReceipt(told: unknown): told is Receipt {
  if (!hasShape(told, { sequence: "number", sha256: "string", durationMs: "number", receivedAt: "string" }))
    return false;
  const { sequence, sha256, durationMs, receivedAt } = told;
  const isCounted = Number.isInteger(sequence) && Number(sequence) >= 0 && Number(durationMs) > 0;
  return isCounted && hexadecimalSum.test(String(sha256)) && !Number.isNaN(Date.parse(String(receivedAt)));
}

/** A chunk may not be longer than this (MedScribeAlliance §7: 20 s). */
export const maxChunkMs = 20_000;
