import { z } from "zod";

/** Lower-case hexadecimal SHA-256. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

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

/** A chunk may not be longer than this (MedScribeAlliance §7: 20 s). */
export const maxChunkMs = 20_000;
