/** MedScribeAlliance 0.1: what a service says about itself (§4), its templates (§8) and its webhooks (§10). */
import { z } from "zod";
import { MsaEngines } from "./medscribealliance.ts";

/** §4.1, at the origin's root; one known service serves it under its base URL instead. */
export const msaDiscoveryPath = "/.well-known/medscribealliance";

const Model = z.looseObject({
  id: z.string(),
  display_name: z.string().optional(),
  languages: z.array(z.string()).default([]),
  max_session_duration_seconds: z.number().positive().optional(),
  response_speed: z.string().optional(),
  features: z.record(z.string(), z.unknown()).optional(),
});

/** `GET {origin}/.well-known/medscribealliance`, public. Abridged documents without `endpoints` exist, so it is optional. */
export const MsaDiscovery = z.looseObject({
  protocol: z.literal("medscribealliance"),
  protocol_version: z.string(),
  supported_versions: z.array(z.string()).optional(),
  service: z.looseObject({ name: z.string() }).optional(),
  endpoints: z
    .looseObject({ base_url: z.url(), webhooks_url: z.url().optional(), templates_url: z.url().optional() })
    .optional(),
  authentication: z.looseObject({ supported_methods: z.array(z.string()) }).optional(),
  capabilities: z.looseObject({
    /** Send one of these strings verbatim as Content-Type: some services compare them character by character. */
    audio_formats: z.array(z.string()),
    max_chunk_duration_seconds: z.number().positive(),
    upload_methods: z.array(z.string()).optional(),
    webhook_delivery: z.boolean().optional(),
    client_sdk_delivery: z.boolean().optional(),
    /** C only, in two spellings. */
    storage_provider: z.string().optional(),
    storage_providers: z.array(z.string()).optional(),
  }),
  models: z.array(Model).default([]),
  languages: z.looseObject({ supported: z.array(z.string()), auto_detection: z.boolean().optional() }).optional(),
  /** Extensions of our scribe: the engines in use and the largest bodies it takes. */
  engines: MsaEngines.optional(),
  limits: z.object({ max_chunk_bytes: z.number().int(), max_single_bytes: z.number().int() }).optional(),
});
export type MsaDiscovery = z.infer<typeof MsaDiscovery>;

/** `GET {templates_url}` (§8.2). */
export const MsaTemplates = z.looseObject({
  templates: z.array(
    z.looseObject({ id: z.string(), name: z.string().optional(), description: z.string().optional() }),
  ),
});
export type MsaTemplates = z.infer<typeof MsaTemplates>;

export const msaEvents = [
  "session.started",
  "session.ended",
  "session.completed",
  "session.partial",
  "session.failed",
  "session.expired",
] as const;
export type MsaEvent = (typeof msaEvents)[number];

/** `POST {webhooks_url}` (§10.2) -> 201 MsaWebhook. The secret is never read back. */
export const MsaRegisterWebhook = z.looseObject({
  url: z.url(),
  events: z.array(z.enum(msaEvents)).min(1),
  secret: z.string().min(16).max(256).optional(),
});
export type MsaRegisterWebhook = z.infer<typeof MsaRegisterWebhook>;

/** One registration; `GET {webhooks_url}` -> `{webhooks: [...]}`, `DELETE {webhooks_url}/{webhook_id}` -> 204. */
export const MsaWebhook = z.looseObject({
  webhook_id: z.string(),
  url: z.string().optional(),
  events: z.array(z.string()).optional(),
  status: z.string(),
  created_at: z.string().optional(),
});
export type MsaWebhook = z.infer<typeof MsaWebhook>;
export const MsaWebhooks = z.looseObject({ webhooks: z.array(MsaWebhook) });

/**
 * What is posted to a webhook. B carries the id alone: read the session afterwards. A carries `data`, with patient data in it.
 * Header `X-MSA-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256(secret, t + "." + raw body)>`; there is no delivery id.
 */
export const MsaNotification = z.looseObject({
  event: z.string(),
  timestamp: z.string(),
  session_id: z.string().optional(),
  data: z.looseObject({ session_id: z.string(), status: z.string().optional() }).optional(),
});
export type MsaNotification = z.infer<typeof MsaNotification>;

export const msaSignatureHeader = "x-msa-signature";
