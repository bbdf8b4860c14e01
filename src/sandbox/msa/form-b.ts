/** Form B, the current text: file names carry the order, the HTTP status the phase, results a status of their own. */
import { serviceName } from "#sandbox/sandbox-note.ts";
import type { Asked, Told } from "#sandbox/scribe-request.ts";
import { jsonObjectOf, routed } from "#sandbox/scribe-request.ts";
import { refusedKey, refusedVersion } from "./gate.ts";
import { resultsOf } from "./results.ts";
import type { Session, Site } from "./site.ts";
import { addSession, audioFormats, end, fault, findSession, iso, models, namesOf, templates } from "./site.ts";
import type { UploadRules } from "./upload-b.ts";
import { takeAudio, takeStored, uploadUrlOf } from "./upload-b.ts";
import { answerWebhooks } from "./webhooks.ts";

export function discoveryB({ url, hear }: Site, rules: UploadRules): Record<string, unknown> {
  return {
    protocol: "medscribealliance",
    protocol_version: "0.1",
    supported_versions: ["0.1"],
    service: { name: serviceName(hear, "form B") },
    endpoints: { base_url: `${url}/v1`, webhooks_url: `${url}/v1/webhooks`, templates_url: `${url}/v1/templates` },
    authentication: { supported_methods: ["api_key"] },
    capabilities: {
      audio_formats: audioFormats,
      max_chunk_duration_seconds: 20,
      upload_methods: [rules.isSingle ? "single" : "chunked"],
      webhook_delivery: true,
      client_sdk_delivery: false,
    },
    models,
    languages: { supported: ["en"], auto_detection: false },
  };
}

export function answerB(site: Site, asked: Asked, rules: UploadRules): Told {
  if (asked.path.startsWith("/bucket/")) return takeStored(site, asked, rules);
  const refusal = refusedVersion(asked) ?? refusedKey(site, asked);
  if (refusal) return refusal;
  if (asked.path.startsWith("/v1/webhooks")) return answerWebhooks(site, asked, "B");
  const upload = (id: string, name: string): Told =>
    withOpen(site, id, (session) => takeAudio(session, { asked, name, rules }));
  const audio = /^\/v1\/sessions\/([^/]+)\/audio(?:\/([^/]+))?$/u;
  const told = routed<Told>(asked, [
    { method: "GET", path: /^\/v1\/templates$/u, answer: () => ({ status: 200, body: { templates } }) },
    { method: "POST", path: /^\/v1\/sessions$/u, answer: () => create(site, jsonObjectOf(asked.body) ?? {}, rules) },
    { method: "GET", path: /^\/v1\/sessions\/([^/]+)$/u, answer: (id) => readById(site, id) },
    { method: "POST", path: audio, answer: upload },
    { method: "PUT", path: audio, answer: upload },
    {
      method: "POST",
      path: /^\/v1\/sessions\/([^/]+)\/end$/u,
      answer: (id) => withOpen(site, id, (session) => endSession(site, session, asked)),
    },
  ]);
  return told ?? fault(404, "session_not_found");
}

function readById(site: Site, id: string): Told {
  const session = findSession(site, id);
  return session === undefined ? fault(404, "session_not_found") : read(site, session);
}

function withOpen(site: Site, id: string, act: (session: Session) => Told): Told {
  const session = findSession(site, id);
  if (session === undefined) return fault(404, "session_not_found");
  if (session.status === "expired") return fault(410, "session_expired", { expired_at: iso(session.expiresAt) });
  return act(session);
}

/** The schema's words: what the prose calls optional is required there. */
function create(site: Site, body: Record<string, unknown>, rules: UploadRules): Told {
  const refusal = refusedBody(body);
  if (refusal) return refusal;
  const wanted = body["templates"] as unknown[];
  const echo = body["additional_data"];
  const session = addSession(site, { templates: wanted.map(String), echo, wantsTranscript: true });
  const times = { created_at: iso(session.createdAt), expires_at: iso(session.expiresAt) };
  const created = { session_id: session.id, status: session.status, ...times, additional_data: echo };
  return { status: 201, body: { ...created, upload_url: uploadUrlOf(site, session, rules) } };
}

function refusedBody(body: Record<string, unknown>): Told | undefined {
  const required = ["templates", "upload_type", "communication_protocol"].find((field) => body[field] === undefined);
  if (required !== undefined) return fault(400, "missing_required_field", { field: required });
  const wrong = Object.keys(rulesOfFields).find(
    (field) => body[field] !== undefined && !rulesOfFields[field]?.(body[field]),
  );
  return wrong === undefined ? undefined : fault(400, "invalid_request", { field: wrong });
}

const rulesOfFields: Record<string, (value: unknown) => boolean> = {
  templates: (value) => Array.isArray(value) && value.length > 0 && value.length <= 2,
  upload_type: (value) => typeof value === "string" && ["chunked", "single", "stream"].includes(value),
  communication_protocol: (value) => value === "http",
  language_hint: (value) => Array.isArray(value) && value.every((code) => typeof code === "string" && code.length <= 2),
  additional_data: (value) => JSON.stringify(value).length <= 4096,
};

function endSession(site: Site, session: Session, asked: Asked): Told {
  const sent = jsonObjectOf(asked.body)?.["audio_files_sent"];
  if (typeof sent !== "number") return fault(400, "missing_required_field", { field: "audio_files_sent" });
  if (session.endedAt !== undefined) return fault(400, "invalid_request", { status: session.status });
  end(site, session, sent);
  const files = { audio_files_received: session.files.size, audio_files: namesOf(session) };
  return { status: 202, body: { session_id: session.id, status: "processing", message: "Processing", ...files } };
}

const phase: Partial<Record<Session["status"], number>> = { completed: 200, failed: 200, partial: 206, expired: 410 };

function read(site: Site, session: Session): Told {
  const { id, status, echo, code, files } = session;
  const known = {
    session_id: id,
    status,
    created_at: iso(session.createdAt),
    expires_at: iso(session.expiresAt),
    audio_files_received: files.size,
    audio_files: namesOf(session),
    additional_data: echo,
  };
  const http = phase[status] ?? 202;
  if (status === "expired") return { status: http, body: { ...known, expired_at: iso(session.expiresAt) } };
  if (status === "failed") return { status: http, body: { ...known, error: { code, message: "Sandbox" } } };
  if (http === 202) return { status: http, body: known };
  const { results, transcript } = resultsOf(site, session, { failed: "failed" });
  const errors = [{ type: "decode", message: "Sandbox: a file is missing", file: "audio_0.webm" }];
  const more = status === "partial" ? { audio_files_processed: 0, processing_errors: errors } : {};
  const engine = { model_used: "sandbox", language_detected: "en" };
  return { status: http, body: { ...known, ...engine, templates: results, transcript, ...more } };
}
