/**
 * What crosses between the browser and the clinic server about a visit's audio: chunks and their receipts, what the device holds
 * and has erased, and the keys of devices that keep none. The rules for every route are those of bff.ts.
 */
import { z } from "zod";
import { Sha256 } from "#model/chunk.ts";
import { VisitId } from "#model/id.ts";
import { Gap, Moment } from "#model/recording.ts";

/**
 * `PUT /api/visits/:visitId/chunks/:sequence`: raw body (at most 1 MiB), `Content-Type` = the chunk's MIME type,
 * headers `x-chunk-sha256` (hex) and `x-chunk-duration-ms`. 200 `Receipt` only after the scribe's 2xx. The same sequence
 * and hash again gives the same receipt; another hash is 409 `chunk_conflict`.
 */
export const ChunkHeaders = z.object({
  "x-chunk-sha256": Sha256,
  "x-chunk-duration-ms": z.coerce.number().positive().max(20_000),
});

/*
 * `GET /api/visits/:visitId/chunks` -> `{ receipts: Receipt[] }`: what the scribe is known to hold. When the scribe lost its session
 * (410, 404) a new attempt begins with the next chunk, and receipts of the lost one are no longer listed: the browser sends again what
 * is not listed. A service that counts its chunks up answers that next chunk with 409 `scribe_session_expired`: compare, then begin
 * at 0. A session lost after finish makes the visit `waiting_for_network` with problem `scribe_session_expired`: compare, send again,
 * finish again.
 */

/**
 * `PUT /api/visits/:visitId/marks` -> 204: every gap and moment of the visit so far; the newest list replaces the one before. Sent
 * before finish, shown in the review.
 */
export const VisitMarks = z.object({ gaps: z.array(Gap).max(5000), moments: z.array(Moment).max(5000) });
export type VisitMarks = z.infer<typeof VisitMarks>;

/** `PUT /api/visits/:visitId/device` -> 204: what the device still holds, so that other devices can say where the audio is. */
export const DeviceReport = z.object({
  device: z.string().max(80),
  durableMs: z.number().nonnegative(),
  chunksCut: z.number().int().nonnegative(),
  at: z.iso.datetime(),
});
export type DeviceReport = z.infer<typeof DeviceReport>;

/** Why audio was erased: `signed` at once after signing, `retention` when the clinic's days were over. Discarding has its own route. */
export const EraseReason = z.enum(["signed", "retention"]);
export type EraseReason = z.infer<typeof EraseReason>;

/** `POST /api/visits/:visitId/erased` -> 204: the deletion receipt, kept and audited; the same receipt again is the same. */
export const ErasureReceipt = z.object({
  device: z.string().max(80),
  chunks: z.number().int().nonnegative(),
  sizeBytes: z.number().int().nonnegative(),
  durationMs: z.number().nonnegative(),
  /** SHA-256 (hex) over the checksums of its chunks, each followed by a line feed; devices of earlier versions do not know it. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/u)
    .optional(),
  at: z.iso.datetime(),
  reason: EraseReason,
});
export type ErasureReceipt = z.infer<typeof ErasureReceipt>;

export const AudioErased = ErasureReceipt.pick({ at: true, device: true, reason: true });

/** `GET /api/journal-key`: the key to wrap the keys of new visits with; 404 where devices hold their own. SPKI, base64. */
export const JournalKey = z.object({ keyId: z.string().max(64), publicKeySpki: z.base64() });
export type JournalKey = z.infer<typeof JournalKey>;

/**
 * `POST /api/journal-key/unwrap` -> `JournalKeyPlain` (the visit's clinician only). `wrapped` is RSA-OAEP (SHA-256) with the label
 * `visitId/clinicianId`, so that nobody else's session opens it, also for a visit that this server has not heard of yet.
 */
export const JournalKeyUnwrap = z.object({
  visitId: VisitId,
  keyId: z.string().max(64),
  wrapped: z.base64().max(1024),
});
export type JournalKeyUnwrap = z.infer<typeof JournalKeyUnwrap>;
export const JournalKeyPlain = z.object({ key: z.base64() });

/**
 * `PUT /api/visits/:visitId/audio` -> `{ receipts: Receipt[] }`: the whole recording as one file, after finish has answered
 * `whole_file_wanted`. Its receipts are for the chunks that finish declared. 409 `conflict` at any other time.
 */
export const WholeFileHeaders = z.object({
  "content-type": z.string(),
  "content-length": z.coerce.number().int().positive(),
  "x-audio-sha256": Sha256,
});
export type WholeFileHeaders = z.infer<typeof WholeFileHeaders>;
