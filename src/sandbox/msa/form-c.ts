/** Form C, as a running service of this kind was seen to answer: below its own path, bearer tokens only, results as a list. */
import { serviceName } from "#sandbox/sandbox-note.ts";
import type { Asked, Told } from "#sandbox/scribe-request.ts";
import { jsonObjectOf, routed } from "#sandbox/scribe-request.ts";
import { resultsOf } from "./results.ts";
import type { Session, Site } from "./site.ts";
import { addSession, audioFormats, end, fault, findSession, iso, models, namesOf, templates } from "./site.ts";
import type { Storage } from "./upload-c.ts";
import { takeForm, takePath } from "./upload-c.ts";

const base = "/voice/v1";

export function discoveryC({ url, hear }: Site): Record<string, unknown> {
  return {
    protocol: "medscribealliance",
    protocol_version: "0.1",
    supported_versions: ["0.1"],
    service: { name: serviceName(hear, "form C") },
    endpoints: { base_url: `${url}${base}`, templates_url: `${url}${base}/templates` },
    authentication: { supported_methods: ["api_key", "oidc"] },
    capabilities: {
      audio_formats: audioFormats,
      max_chunk_duration_seconds: 20,
      upload_methods: ["chunked", "single", "stream"],
      webhook_delivery: false,
      client_sdk_delivery: true,
      storage_providers: ["aws"],
    },
    models,
    languages: { supported: ["en"], auto_detection: true },
  };
}

/** `tokens` are those that were given out and not taken back. */
export type FormC = { tokens: Set<string>; storage: Storage; changed(session: Session): Promise<void> };

export async function answerC(site: Site, asked: Asked, c: FormC): Promise<Told> {
  if (asked.path === "/bucket" && asked.method === "POST") return takeForm(site, asked);
  const refusal = refusedToken(asked, c.tokens);
  if (refusal) return refusal;
  const of = (act: (session: Session) => Told) => async (id: string) => withSession(site, id, act);
  const told = routed<Promise<Told>>(asked, [
    { method: "GET", path: /^\/voice\/v1\/templates$/u, answer: async () => ({ status: 200, body: { templates } }) },
    {
      method: "POST",
      path: /^\/voice\/v1\/sessions$/u,
      answer: async () => create(site, jsonObjectOf(asked.body) ?? {}, c.storage),
    },
    { method: "GET", path: /^\/voice\/v1\/sessions\/([^/]+)$/u, answer: (id) => readLater(site, id, c) },
    {
      method: "PATCH",
      path: /^\/voice\/v1\/sessions\/([^/]+)$/u,
      answer: of((session) => cancel(session, jsonObjectOf(asked.body) ?? {})),
    },
    {
      method: "POST",
      path: /^\/voice\/v1\/sessions\/([^/]+)\/audio\/([^/]+)$/u,
      answer: async (id, name = "") => withSession(site, id ?? "", (session) => takePath(session, name, asked)),
    },
    {
      method: "POST",
      path: /^\/voice\/v1\/sessions\/([^/]+)\/end$/u,
      answer: of((session) => endSession(site, session)),
    },
    {
      method: "POST",
      path: /^\/voice\/v1\/sessions\/([^/]+)\/process\/template\/([^/]+)$/u,
      answer: async (id, template = "") =>
        withSession(site, id ?? "", (session) => writeAgain(site, session, template)),
    },
  ]);
  return told ?? { status: 404, body: { detail: "Not Found" } };
}

/** A key is no token, whatever discovery says. */
function refusedToken({ headers }: Asked, tokens: Set<string>): Told | undefined {
  const token = /^Bearer (\S+)$/u.exec(headers["authorization"] ?? "")?.[1];
  if (token === undefined) return { status: 403, body: { detail: "missing_token" } };
  return tokens.has(token) ? undefined : fault(401, "token_expired");
}

async function readLater(site: Site, id: string, { changed }: FormC): Promise<Told> {
  const session = findSession(site, id);
  if (session === undefined) return fault(404, "transaction_not_found");
  await changed(session);
  return read(site, session);
}

function withSession(site: Site, id: string, act: (session: Session) => Told): Told {
  const session = findSession(site, id);
  if (session === undefined) return fault(404, "transaction_not_found");
  if (session.status === "expired") return fault(410, "session_expired", { expired_at: iso(session.expiresAt) });
  return act(session);
}

function create(site: Site, body: Record<string, unknown>, storage: Storage): Told {
  const { templates: wanted = ["soap"], language_hint: languages, upload_type: upload, additional_data: echo } = body;
  if (!Array.isArray(wanted) || wanted.length > 2) return fault(400, "bad_request", { field: "templates" });
  if (!wanted.every((id) => templates.some((known) => known.id === id))) return fault(400, "invalid_template");
  if (languages !== undefined && !Array.isArray(languages)) return fault(400, "bad_request");
  if (typeof upload !== "string") return fault(400, "bad_request", { field: "upload_type" });
  const session = addSession(site, { templates: wanted.map(String), echo, wantsTranscript: true });
  const { id, status, createdAt, expiresAt } = session;
  const audioUrl = `${site.url}${base}/sessions/${id}/audio`;
  const fields = { key: `${id}/\${filename}`, policy: "sandbox-policy" };
  const form = { uploadData: { url: `${site.url}/bucket`, fields }, folderPath: `${id}/`, txn_id: id };
  const place = storage === "form" ? { upload_url: form, storage_provider: "aws" } : { upload_url: audioUrl };
  const times = { created_at: iso(createdAt), expires_at: iso(expiresAt) };
  return { status: 201, body: { session_id: id, status, ...times, ...place, additional_data: echo } };
}

/** The count is not looked at, and a repeat is taken. */
function endSession(site: Site, session: Session): Told {
  if (session.endedAt === undefined) end(site, session, undefined);
  const files = { audio_files_received: session.files.size, audio_files: keysOf(session) };
  return { status: 202, body: { session_id: session.id, status: "processing", message: "", ...files } };
}

function cancel(session: Session, body: Record<string, unknown>): Told {
  const unknown = Object.keys(body).find((field) => !["user_status", "additional_data"].includes(field));
  if (unknown !== undefined) return fault(400, "BAD_REQUEST");
  if (body["user_status"] === "cancelled") session.status = "cancelled";
  return { status: 200, body: { session_id: session.id, status: session.status } };
}

/** One template anew, from what was heard. */
function writeAgain(site: Site, session: Session, template: string): Told {
  if (session.status !== "completed" && session.status !== "partial") return fault(409, "bad_request");
  if (!session.templates.includes(template)) return fault(400, "invalid_template");
  session.again.set(template, "in-progress");
  if (!site.isHeld) finishAgain(session);
  const known = { session_id: session.id, template_id: template, document_id: `doc_${template}` };
  return { status: 202, body: { ...known, status: "in-progress" } };
}

/** What was asked for once more is written now. */
export function finishAgain(session: Session): void {
  if (session.again.size === 0) return;
  for (const id of session.again.keys()) session.again.set(id, "success");
  if (session.templates.every((id) => id === "soap" || session.again.has(id))) session.status = "completed";
}

function keysOf(session: Session): string[] {
  return namesOf(session).map((name) => `s3://sandbox/${session.id}/${name}`);
}

function read(site: Site, session: Session): Told {
  const { id, status, echo, code } = session;
  const files = { audio_files_received: session.files.size, audio_files: keysOf(session) };
  const known = { session_id: id, status, ...files, additional_data: echo, transcript: "" };
  if (status === "expired") return { status: 410, body: known };
  if (status === "failed")
    return { status: 200, body: { ...known, error: { code, message: "", display_message: "" } } };
  if (status !== "completed" && status !== "partial") return { status: 202, body: known };
  const { results, transcript } = resultsOf(site, session, { failed: "failure" });
  const list = Object.entries(results).map(([template, result]) => ({
    [template]: { ...result, document_id: `doc_${template}`, errors: [], warnings: [], publish: false },
  }));
  return { status: status === "partial" ? 206 : 200, body: { ...known, templates: list, transcript } };
}
