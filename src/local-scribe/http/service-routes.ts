import type { FastifyInstance, FastifyRequest } from "fastify";
import { msaVersion } from "#protocol/medscribealliance.ts";
import { type MsaDiscovery, msaDiscoveryPath } from "#protocol/medscribealliance-service.ts";
import { audioFormats } from "#local-scribe/decode/audio-file.ts";
import { languages, maxChunkBytes, maxChunkSeconds, maxSingleBytes } from "#local-scribe/models.ts";
import type { HttpParts } from "./app.ts";

/** What anybody may read: the discovery document (§4). */
export function addServiceRoutes(app: FastifyInstance, parts: HttpParts): void {
  app.get(msaDiscoveryPath, async (request, reply) => {
    reply.header("cache-control", "public, max-age=3600");
    return discovery(baseUrl(request, parts), parts);
  });
}

/** The address under which this client reaches the API. */
export function baseUrl(request: FastifyRequest, parts: HttpParts): string {
  const origin = parts.publicUrl ?? `${request.protocol}://${request.host}`;
  return `${origin.replace(/\/$/u, "")}/v1`;
}

function discovery(base: string, parts: HttpParts): MsaDiscovery {
  return {
    protocol: "medscribealliance",
    protocol_version: msaVersion,
    supported_versions: [msaVersion],
    service: { name: "Chartside local scribe" },
    endpoints: { base_url: base, webhooks_url: `${base}/webhooks`, templates_url: `${base}/templates` },
    authentication: { supported_methods: ["api_key"] },
    capabilities: {
      audio_formats: audioFormats,
      max_chunk_duration_seconds: maxChunkSeconds,
      upload_methods: ["chunked", "single"],
      webhook_delivery: true,
      client_sdk_delivery: false,
    },
    models: parts.models.map((model) => ({
      id: model.id,
      display_name: model.displayName,
      languages,
      max_session_duration_seconds: model.maxSessionMs / 1000,
      response_speed: "standard",
      features: { realtime_transcription: true, speaker_diarization: false, custom_templates: false },
    })),
    languages: { supported: languages, auto_detection: false },
    engines: parts.engines,
    limits: { max_chunk_bytes: maxChunkBytes, max_single_bytes: maxSingleBytes },
  };
}
