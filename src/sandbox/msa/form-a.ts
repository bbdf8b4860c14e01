/** Form A, as the first text of the protocol and its example session tell it: index header, plain results, 200 for every phase. */
import { sandboxNote, serviceName } from "#sandbox/sandbox-note.ts";
import type { Asked, Told } from "#sandbox/scribe-request.ts";
import { jsonObjectOf, routed } from "#sandbox/scribe-request.ts";
import { isDeclared, refusedKey, refusedVersion } from "./gate.ts";
import type { Session, Site } from "./site.ts";
import { addSession, audioFormats, end, fault, findSession, iso, models, store, templates } from "./site.ts";
import { answerWebhooks } from "./webhooks.ts";

/** What the example shows for every chunk; the sandbox does not listen, so it is no measurement. */
const shownDurationMs = 15_000;

export function discoveryA({ url, hear }: Site): Record<string, unknown> {
  return {
    protocol: "medscribealliance",
    protocol_version: "0.1",
    supported_versions: ["0.1"],
    service: { name: serviceName(hear, "form A") },
    endpoints: { base_url: `${url}/v1`, webhooks_url: `${url}/v1/webhooks`, templates_url: `${url}/v1/templates` },
    authentication: { supported_methods: ["api_key"] },
    capabilities: { audio_formats: audioFormats, max_chunk_duration_seconds: 20 },
    models,
  };
}

export function answerA(site: Site, asked: Asked): Told {
  const refusal = refusedVersion(asked) ?? refusedKey(site, asked);
  if (refusal) return refusal;
  if (asked.path.startsWith("/v1/webhooks")) return answerWebhooks(site, asked, "A");
  const of = (act: (session: Session) => Told) => (id: string) => withSession(site, id, act);
  const told = routed<Told>(asked, [
    { method: "GET", path: /^\/v1\/templates$/u, answer: () => ({ status: 200, body: { templates } }) },
    { method: "POST", path: /^\/v1\/sessions$/u, answer: () => create(site, jsonObjectOf(asked.body) ?? {}) },
    {
      method: "GET",
      path: /^\/v1\/sessions\/([^/]+)$/u,
      answer: of((session) => ({ status: 200, body: viewA(site, session) })),
    },
    {
      method: "POST",
      path: /^\/v1\/sessions\/([^/]+)\/audio$/u,
      answer: of((session) => takeAudio(session, asked)),
    },
    { method: "POST", path: /^\/v1\/sessions\/([^/]+)\/end$/u, answer: of((session) => endSession(site, session)) },
  ]);
  return told ?? fault(404, "session_not_found");
}

function withSession(site: Site, id: string, act: (session: Session) => Told): Told {
  const session = findSession(site, id);
  if (session === undefined) return fault(404, "session_not_found");
  if (session.status === "expired") return fault(410, "session_expired", { expired_at: iso(session.expiresAt) });
  return act(session);
}

function create(site: Site, body: Record<string, unknown>): Told {
  const { templates, language_hint: language, include_transcript: transcript, metadata, model } = body;
  if (!Array.isArray(templates) || templates.length === 0) {
    return fault(400, "missing_required_field", { field: "templates" });
  }
  if (language !== undefined && typeof language !== "string") {
    return fault(400, "invalid_request", { field: "language_hint" });
  }
  if (model !== undefined && !models.some(({ id }) => id === model)) {
    return fault(400, "invalid_request", { field: "model" });
  }
  const session = addSession(site, {
    templates: templates.map(String),
    echo: metadata,
    wantsTranscript: transcript === true,
  });
  const { id, status, createdAt, expiresAt } = session;
  const times = { created_at: iso(createdAt), expires_at: iso(expiresAt) };
  return { status: 201, body: { session_id: id, status, ...times, upload_url: `/sessions/${id}/audio` } };
}

function takeAudio(session: Session, { headers, body }: Asked): Told {
  if (session.endedAt !== undefined) return fault(400, "invalid_request", { status: session.status });
  const type = headers["content-type"] ?? "";
  if (!isDeclared(type)) return fault(400, "invalid_audio_format", { supported_formats: audioFormats });
  if (headers["x-upload-type"] === "complete") return takeWhole(session, body, type);
  const index = headers["x-chunk-index"] ?? "";
  if (!/^\d+$/u.test(index)) return fault(400, "missing_required_field", { field: "X-Chunk-Index" });
  const [received, expected] = [Number(index), session.files.size];
  if (received !== expected) {
    return fault(400, "invalid_request", { received_index: received, expected_index: expected });
  }
  if (!store(session, received, { name: `chunk_${received}`, bytes: body, type })) return fault(400, "chunk_too_large");
  const durations = { chunk_duration_ms: shownDurationMs, total_duration_ms: shownDurationMs * session.files.size };
  return { status: 200, body: { session_id: session.id, chunk_index: received, ...durations, status: "received" } };
}

function takeWhole(session: Session, bytes: Buffer, type: string): Told {
  if (!store(session, 0, { name: "complete", bytes, type })) return fault(413, "file_too_large");
  return { status: 200, body: { session_id: session.id, duration_ms: shownDurationMs, status: "received" } };
}

function endSession(site: Site, session: Session): Told {
  if (session.endedAt !== undefined) return fault(400, "invalid_request", { status: session.status });
  end(site, session, undefined);
  const audio = { audio_duration_ms: shownDurationMs * session.files.size };
  return { status: 200, body: { session_id: session.id, status: "processing", ...audio } };
}

/** Also the `data` of a notification. */
export function viewA(site: Site, session: Session): Record<string, unknown> {
  const { id, status, echo: metadata, code } = session;
  const known = { session_id: id, status: status === "partial" ? "completed" : status, metadata };
  if (status === "failed") return { ...known, error: { code, message: "Sandbox: it was told to fail" } };
  if (status !== "completed" && status !== "partial") return known;
  const bytes = [...session.files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { soap, medications, transcript } = sandboxNote(
    { files: session.files.size, bytes },
    session.heard ?? site.script,
  );
  const results: Record<string, unknown> = { soap, medications };
  const isMissing = (template: string): boolean =>
    !(template in results) || (status === "partial" && template !== "soap");
  const missing = session.templates.filter(isMissing);
  const done = session.templates.filter((template) => !isMissing(template));
  const errors = missing.map((id) => ({ template_id: id, error: "extraction_failed", message: "Sandbox" }));
  return {
    ...known,
    templates: Object.fromEntries(done.map((template) => [template, results[template]])),
    ...(errors.length > 0 && { template_errors: errors }),
    ...(session.wantsTranscript && { transcript }),
  };
}
