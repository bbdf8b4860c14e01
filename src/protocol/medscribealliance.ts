/**
 * MedScribeAlliance 0.1: sessions, audio and results (github.com/MedScribeAlliance/scribe-emr-protocol).
 *
 * "0.1" names three dialects that the version cannot tell apart: A (January 2026), B (current main) and C (eka.care).
 * These schemas read all three, so nearly every field is optional; they are not a licence to send all forms. Our own scribe
 * answers in B and accepts requests in A and B. Discovery, templates and webhooks are in medscribealliance-service.ts.
 *
 * Authentication (§5): header `X-API-Key: sk_...`. Version (§3): header `MSA-Version: 0.1`.
 */
import { z } from "zod";

/** §3: the one version there is. */
export const msaVersion = "0.1";

/** §11: the codes of the specification, plus `audio_conflict` of our own scribe (409: this index holds other bytes). */
export const msaErrorCodes = [
  "authentication_failed",
  "token_expired",
  "invalid_api_key",
  "forbidden",
  "rate_limit_exceeded",
  "session_not_found",
  "template_not_found",
  "webhook_not_found",
  "session_expired",
  "session_ended",
  "invalid_request",
  "invalid_audio_format",
  "chunk_too_large",
  "file_too_large",
  "invalid_template",
  "missing_required_field",
  "unsupported_version",
  "audio_conflict",
  "audio_quality_poor",
  "audio_too_short",
  "language_unsupported",
  "processing_failed",
  "internal_error",
  "service_unavailable",
] as const;
export type MsaErrorCode = (typeof msaErrorCodes)[number];

/** Code and message, as every failure carries them; the code is any string, because services invent their own. */
export const MsaFault = z.looseObject({
  code: z.string(),
  message: z.string().default(""),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type MsaFault = z.infer<typeof MsaFault>;

/** §11: the body of every answer that is not 2xx (410 may instead carry a whole session, §6.5). */
export const MsaError = z.looseObject({ error: MsaFault });
export type MsaError = z.infer<typeof MsaError>;

const Opaque = z.record(z.string(), z.unknown());

/** `POST {base_url}/sessions` (§6.2) -> 201 MsaSessionCreated. */
export const MsaCreateSession = z.looseObject({
  templates: z.array(z.string().min(1)).min(1).max(8),
  model: z.string().optional(),
  /** A: one code. B: several. */
  language_hint: z.union([z.string(), z.array(z.string())]).optional(),
  transcript_language: z.union([z.string(), z.array(z.string())]).optional(),
  upload_type: z.enum(["chunked", "single", "stream"]).optional(),
  communication_protocol: z.enum(["http", "websocket", "rpc"]).optional(),
  /** A only; in B the transcript is always there. */
  include_transcript: z.boolean().optional(),
  /** Returned unchanged, at most 4 KB, no patient data. A calls it `metadata`. */
  additional_data: Opaque.optional(),
  metadata: Opaque.optional(),
});
export type MsaCreateSession = z.infer<typeof MsaCreateSession>;

/** What speech engine and note writer stand behind an answer (extension of our scribe; absent elsewhere). */
export const MsaEngines = z.object({ speech: z.string(), note_writer: z.string() });
export type MsaEngines = z.infer<typeof MsaEngines>;

/** 201. `upload_url` is absent or relative (to base_url) in A, absolute in B, sometimes an object in C. */
export const MsaSessionCreated = z.looseObject({
  session_id: z.string().min(1),
  status: z.string(),
  created_at: z.string().optional(),
  expires_at: z.string().optional(),
  upload_url: z.union([z.string(), Opaque]).optional(),
  engines: MsaEngines.optional(),
});
export type MsaSessionCreated = z.infer<typeof MsaSessionCreated>;

/** C: an `upload_url` that is a POST policy; the field `key` holds `${filename}`. Answers are 200, 201 or 204 without a body. */
export const MsaStorageForm = z.looseObject({
  uploadData: z.looseObject({ url: z.string(), fields: z.record(z.string(), z.string()) }),
  folderPath: z.string().optional(),
});

/**
 * 200 to an upload. B leaves the body undefined; our scribe sends every field. Ways to send chunk n (all accepted by our scribe):
 * - `POST {upload_url}` raw body with `X-Chunk-Index: n` (A) or `Content-Disposition: attachment; filename="audio_n.webm"` (B)
 * - `POST {upload_url}` multipart/form-data, field `file`, file name `audio_n.webm` (B)
 * - `POST {upload_url}/audio_n.webm` raw body (reference server, C)
 * A single file: `PUT {upload_url}`, or any of the above in a session with `upload_type: "single"`, or `X-Upload-Type: complete` (A).
 * The same index and bytes again: 200, stored once. The same index with other bytes: 409 `audio_conflict`.
 */
export const MsaUploadAnswer = z.looseObject({
  session_id: z.string().optional(),
  status: z.string().optional(),
  success: z.boolean().optional(),
  chunk_index: z.number().int().nonnegative().optional(),
  /** Length of this chunk and of all chunks held, ms, from the audio packets. */
  chunk_duration_ms: z.number().nonnegative().optional(),
  total_duration_ms: z.number().nonnegative().optional(),
  filename: z.string().optional(),
  original_filename: z.string().optional(),
  size_bytes: z.number().int().nonnegative().optional(),
  /** Lower-case hex SHA-256 of the stored bytes (extension). */
  sha256: z.string().optional(),
});
export type MsaUploadAnswer = z.infer<typeof MsaUploadAnswer>;

/** `POST {base_url}/sessions/{id}/end` (§6.4). The body is required in B, absent in A. Our scribe answers a repeat with 202 again. */
export const MsaEndSession = z.looseObject({ audio_files_sent: z.number().int().nonnegative().optional() });
export type MsaEndSession = z.infer<typeof MsaEndSession>;

/** 202 (B) or 200 (A). */
export const MsaSessionEnded = z.looseObject({
  session_id: z.string(),
  status: z.string(),
  message: z.string().optional(),
  audio_files_received: z.number().int().nonnegative().optional(),
  audio_files: z.array(z.string()).optional(),
  audio_duration_ms: z.number().nonnegative().optional(),
});
export type MsaSessionEnded = z.infer<typeof MsaSessionEnded>;

/** B: one template's outcome. C says `failure`, `partial_success` and `in-progress`. */
export const MsaTemplateResult = z.looseObject({
  status: z.string(),
  data: z.unknown().optional(),
  error: z.union([MsaFault, z.string()]).nullish(),
});
export type MsaTemplateResult = z.infer<typeof MsaTemplateResult>;

/** §8.4 `soap`: four free texts. "Do not assume fixed field names": what is missing is empty. */
export const MsaSoap = z.looseObject({
  subjective: z.string().default(""),
  objective: z.string().default(""),
  assessment: z.string().default(""),
  plan: z.string().default(""),
});
export type MsaSoap = z.infer<typeof MsaSoap>;

/** §8.4 one entry of `medications`. The seed's dialect shows name, dosage and action only. */
export const MsaMedication = z.looseObject({
  name: z.string(),
  dosage: z.string().nullish(),
  frequency: z.string().nullish(),
  route: z.string().nullish(),
  instructions: z.string().nullish(),
  action: z.string().nullish(),
});
export type MsaMedication = z.infer<typeof MsaMedication>;

/** One heard word (extension). Times are ms from the first sample of the session; `confidence` is the engine's posterior 0..1. */
export const MsaWord = z.object({
  text: z.string(),
  start_ms: z.number().nullable(),
  end_ms: z.number().nullable(),
  confidence: z.number().min(0).max(1).nullable(),
  /** The engine was not sure of this word: it supports nothing. */
  unclear: z.boolean(),
});
export type MsaWord = z.infer<typeof MsaWord>;

/** One stretch of speech (extension); the line of `transcript` with the same place carries the same words. */
export const MsaTranscriptSegment = z.object({
  id: z.string(),
  start_ms: z.number().nullable(),
  end_ms: z.number().nullable(),
  speaker: z.enum(["clinician", "patient", "unknown"]),
  words: z.array(MsaWord),
});
export type MsaTranscriptSegment = z.infer<typeof MsaTranscriptSegment>;

/** How far the work is (extension). `transcribed_ms` is audio time, up to the end of the last segment the engine has given out. */
export const MsaProgress = z.object({
  step: z.enum(["receiving", "transcribing", "writing", "done"]),
  transcribed_ms: z.number().nonnegative(),
});
export type MsaProgress = z.infer<typeof MsaProgress>;

/**
 * `GET {base_url}/sessions/{id}` (§9): 202 not finished, 200 completed or failed, 206 partial, 410 expired (parse that body too).
 * `templates` is a map id -> result in B, a map id -> data in A, a list of one-key objects in C.
 */
export const MsaSession = z.looseObject({
  session_id: z.string(),
  status: z.string(),
  created_at: z.string().nullish(),
  expires_at: z.string().nullish(),
  completed_at: z.string().nullish(),
  expired_at: z.string().nullish(),
  message: z.string().nullish(),
  audio_files_received: z.number().int().nonnegative().nullish(),
  audio_files_processed: z.number().int().nonnegative().nullish(),
  audio_files: z.array(z.string()).nullish(),
  additional_data: Opaque.nullish(),
  metadata: Opaque.nullish(),
  model_used: z.string().nullish(),
  language_detected: z.string().nullish(),
  templates: z.union([Opaque, z.array(Opaque)]).nullish(),
  template_errors: z.array(z.looseObject({ template_id: z.string() })).nullish(),
  transcript: z.string().nullish(),
  processing_errors: z.array(z.looseObject({ type: z.string(), message: z.string().default("") })).nullish(),
  error: MsaFault.nullish(),
  /** Extensions of our scribe. Segments are there from the first finished stretch of speech on, while the session still runs. */
  transcript_segments: z.array(MsaTranscriptSegment).optional(),
  progress: MsaProgress.optional(),
  engines: MsaEngines.optional(),
});
export type MsaSession = z.infer<typeof MsaSession>;
