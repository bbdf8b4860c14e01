/**
 * OMSIF 1.0 (github.com/sankalpg/OMSIF), in its two revisions. Rev 1: `GET /capabilities`, one `template_id`, results in
 * `output.structured_data`. Rev 2: `POST /initialize`, `templates`, results by template id in `output.results` (its text prints
 * them without `output`). These schemas read both; what no revision demands is optional.
 *
 * Authentication (§2): `Authorization: Bearer <token or key>`. Errors are flat. There is no idempotency key anywhere.
 */
import { z } from "zod";

/** Rev 2, the version its handshake names. */
export const omsifProtocolVersion = "2024-01-01";

export const OmsifTemplate = z.looseObject({
  id: z.string().min(1),
  name: z.string().default(""),
  description: z.string().nullish(),
  capabilities: z.array(z.string()).nullish(),
});
export type OmsifTemplate = z.infer<typeof OmsifTemplate>;

/** Rev 1 §3: `GET /capabilities`. `audio_formats` is no part of it; a service that lists its own is believed. */
export const OmsifCapabilities = z.looseObject({
  version: z.string(),
  provider: z.string().default(""),
  features: z.array(z.string()).default([]),
  templates: z.array(OmsifTemplate),
  audio_formats: z.array(z.string()).optional(),
});
export type OmsifCapabilities = z.infer<typeof OmsifCapabilities>;

/** Rev 2 §3: the answer to `POST /initialize` `{protocolVersion, clientInfo: {name, version}, capabilities}`. */
export const OmsifInitialized = z.looseObject({
  protocolVersion: z.string(),
  serverInfo: z.looseObject({ name: z.string(), version: z.string().optional() }),
  /** "Lists supported functionality", by name; only `logging` and `prompts` are printed anywhere. */
  capabilities: z.record(z.string(), z.unknown()).nullish(),
  templates: z.array(OmsifTemplate),
  audio_formats: z.array(z.string()).optional(),
});
export type OmsifInitialized = z.infer<typeof OmsifInitialized>;

/** The formats of `audio_config.format`; webm is not among them. */
export const omsifAudioFormats = ["mp3", "wav", "m4a", "aac"] as const;

/** The request of a job, as JSON of `POST /session` or as form field `request` beside the field `file`. */
export const OmsifScribeRequest = z.looseObject({
  /** Rev 1. */
  template_id: z.string().optional(),
  /** Rev 2. */
  templates: z.array(z.string()).optional(),
  audio_config: z
    .looseObject({
      format: z.enum(omsifAudioFormats).optional(),
      sample_rate: z.number().int().positive().optional(),
      channel_count: z.number().int().positive().optional(),
      language_code: z.string().optional(),
    })
    .optional(),
  /** Ids only; names are never sent. */
  context: z.looseObject({ encounter: z.looseObject({ id: z.string() }).optional() }).optional(),
  /** Rev 1 has two more switches. `webhook_url` is required for `/process/async`. */
  config: z
    .looseObject({
      webhook_url: z.url().optional(),
      return_fhir: z.boolean().optional(),
      return_transcription: z.boolean().optional(),
    })
    .optional(),
});
export type OmsifScribeRequest = z.infer<typeof OmsifScribeRequest>;

/** 201 of `POST /session`. */
export const OmsifSession = z.looseObject({ session_id: z.string().min(1) });

/** 202 of `POST /process/async` and of `POST /session/{id}/commit`. */
export const OmsifAccepted = z.looseObject({
  job_id: z.string().min(1),
  status: z.string().optional(),
  eta_seconds: z.number().nullish(),
});

export const OmsifFault = z.looseObject({
  code: z.string(),
  message: z.string().default(""),
  request_id: z.string().optional(),
});

const ByTemplate = z.record(z.string(), z.unknown());

/** `GET /jobs/{job_id}`, the 200 of `POST /process`, and the body of a webhook. */
export const OmsifJob = z.looseObject({
  job_id: z.string().min(1),
  status: z.string(),
  created_at: z.string().nullish(),
  completed_at: z.string().nullish(),
  output: z
    .looseObject({
      transcription: z.string().nullish(),
      structured_data: ByTemplate.nullish(),
      results: ByTemplate.nullish(),
      fhir_bundles: z.array(z.unknown()).nullish(),
    })
    .nullish(),
  /** Rev 2's text prints the results here. */
  results: ByTemplate.nullish(),
  /** A code of the catalogue, alone or with a message. */
  error: z.union([z.string(), OmsifFault]).nullish(),
});
export type OmsifJob = z.infer<typeof OmsifJob>;

/** §6: `sha256=<hex HMAC-SHA256(secret, raw body)>`; no time in it. */
export const omsifSignatureHeader = "x-scribe-signature";
export const omsifSequenceHeader = "x-audio-sequence";
