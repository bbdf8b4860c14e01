import type { MsaErrorCode } from "#protocol/medscribealliance.ts";

/** A request or a session that this scribe refuses, in MedScribeAlliance words (§11). Its text never holds audio, notes or names. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: MsaErrorCode;
  readonly details: Record<string, unknown> | undefined;
  constructor(code: MsaErrorCode, message: string, details?: Record<string, unknown>) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.status = statusOf[code];
    this.details = details;
  }
}

/** §11, the HTTP status of each code. */
const statusOf: Record<MsaErrorCode, number> = {
  authentication_failed: 401,
  token_expired: 401,
  invalid_api_key: 401,
  forbidden: 403,
  rate_limit_exceeded: 429,
  session_not_found: 404,
  template_not_found: 404,
  webhook_not_found: 404,
  session_expired: 410,
  session_ended: 400,
  invalid_request: 400,
  invalid_audio_format: 400,
  chunk_too_large: 400,
  file_too_large: 413,
  invalid_template: 400,
  missing_required_field: 400,
  unsupported_version: 400,
  audio_conflict: 409,
  audio_quality_poor: 422,
  audio_too_short: 422,
  language_unsupported: 422,
  processing_failed: 500,
  internal_error: 500,
  service_unavailable: 503,
};
