/**
 * A service as the two specifications tell it, in memory, behind the `Send` port: for the contract tests. Dialect A is strict
 * about order and gives no list of files; dialect B goes by file names. What neither specifies is left out.
 */
import type { Clock } from "#model/clock.ts";
import type { Send, SendAnswer, SendRequest } from "#scribe/scribe.ts";

type Dialect = "A" | "B";
type Session = { id: string; createdAt: number; files: string[]; status: "created" | "recording" | "completed" };
type Service = { dialect: Dialect; clock: Clock; sessions: Map<string, Session> };
type Told = { status: number; body?: unknown };

const origin = "https://scribe.example.com";
const base = "https://api.scribe.example.com/v1";
const lifetimeMs = 3_600_000;

export const specServiceUrl = origin;

export function createSpecService(dialect: Dialect, clock: Clock): Send {
  const service: Service = { dialect, clock, sessions: new Map() };
  return async (request) => toAnswer(answer(service, request));
}

function answer(service: Service, request: SendRequest): Told {
  if (request.url === `${origin}/.well-known/medscribealliance`) return { status: 200, body: discovery };
  if (request.headers["x-api-key"] !== "sk_live_xxx") return fault(401, "invalid_api_key");
  if (request.url === `${base}/sessions`) return create(service, request);
  const [, id = "", action = "read"] = /\/sessions\/([^/]+)(?:\/(audio|end))?$/u.exec(request.url) ?? [];
  const session = service.sessions.get(id);
  if (session === undefined) return fault(404, "session_not_found");
  if (isOverdue(service, session)) return expired(service, session, action);
  return (actions[action] ?? read)(service, session, request);
}

function isOverdue({ clock }: Service, { createdAt, status }: Session): boolean {
  return status !== "completed" && clock.now() - createdAt > lifetimeMs;
}

type Action = (service: Service, session: Session, request: SendRequest) => Told;

const actions: Record<string, Action> = {
  audio: ({ dialect }, session, request) =>
    dialect === "A" ? takeNext(session, request) : takeNamed(session, request),
  end,
  read,
};

const discovery = {
  protocol: "medscribealliance",
  protocol_version: "0.1",
  service: { name: "Example Scribe" },
  endpoints: { base_url: base },
  capabilities: { audio_formats: ["audio/webm;codecs=opus", "audio/wav"], max_chunk_duration_seconds: 20 },
  models: [{ id: "pro", languages: ["en", "hi", "ta"] }],
};

function create({ dialect, clock, sessions }: Service, request: SendRequest): Told {
  const body = jsonOf(request);
  if (dialect === "A" && typeof body["language_hint"] !== "string") return fault(400, "invalid_request");
  if (dialect === "B" && body["upload_type"] !== "chunked") return fault(400, "missing_required_field");
  const id = `ses_${String(sessions.size + 1).padStart(16, "0")}`;
  sessions.set(id, { id, createdAt: clock.now(), files: [], status: "created" });
  const created = { session_id: id, status: "created", expires_at: new Date(clock.now() + lifetimeMs).toISOString() };
  if (dialect === "A") return { status: 201, body: created };
  return { status: 201, body: { ...created, upload_url: `${base}/sessions/${id}/audio` } };
}

function expired({ dialect }: Service, { id }: Session, action: string): Told {
  if (dialect === "A" || action !== "read") return fault(410, "session_expired");
  return { status: 410, body: { session_id: id, status: "expired", message: "Session expired" } };
}

/** Dialect A: sequential, by header. */
function takeNext(session: Session, request: SendRequest): Told {
  if (session.status === "completed") return fault(400, "invalid_request");
  const received = Number(request.headers["x-chunk-index"]);
  const details = { received_index: received, expected_index: session.files.length };
  if (received !== session.files.length) return fault(400, "invalid_request", details);
  session.files.push(String(received));
  session.status = "recording";
  return { status: 200, body: { session_id: session.id, chunk_index: received, status: "received" } };
}

/** Dialect B: any order, by file name; the answer's body is undefined there. */
function takeNamed(session: Session, request: SendRequest): Told {
  const text = new TextDecoder("latin1").decode(request.body as Uint8Array);
  const name = /name="file"; filename="(audio_\d+\.webm)"\r\nContent-Type: audio\/webm;codecs=opus\r\n/u.exec(
    text,
  )?.[1];
  if (name === undefined) return fault(400, "invalid_audio_format");
  if (session.status === "completed") return fault(400, "session_ended");
  if (!session.files.includes(name)) session.files.push(name);
  session.status = "recording";
  return { status: 200 };
}

function end({ dialect }: Service, session: Session, request: SendRequest): Told {
  if (session.status === "completed") return fault(400, "invalid_request");
  session.status = "completed";
  const ended = { session_id: session.id, status: "processing" };
  if (dialect === "A") return { status: 200, body: { ...ended, audio_duration_ms: 180_000 } };
  if (jsonOf(request)["audio_files_sent"] === undefined) return fault(400, "missing_required_field");
  return { status: 202, body: { ...ended, audio_files_received: session.files.length, audio_files: session.files } };
}

const soap = {
  subjective: "Patient presents with...",
  objective: "VS: BP 130/85",
  assessment: "1. Chest pain",
  plan: "",
};
const medications = [{ name: "Aspirin", dosage: "81mg", action: "start" }];
const transcript = "Doctor: Good morning.\nPatient: My chest hurts.";

function read({ dialect }: Service, { id, status, files }: Session): Told {
  const known = { session_id: id, status };
  const lists = { audio_files_received: files.length, audio_files: files };
  if (status !== "completed") return dialect === "A" ? ok(known) : { status: 202, body: { ...known, ...lists } };
  if (dialect === "A") return ok({ ...known, templates: { soap, medications }, transcript });
  const result = (data: unknown) => ({ status: "success", data });
  return ok({ ...known, templates: { soap: result(soap), medications: result(medications) }, transcript });
}

function ok(body: unknown): Told {
  return { status: 200, body };
}

function fault(status: number, code: string, details?: unknown): Told {
  return { status, body: { error: { code, message: "as specified", details } } };
}

function jsonOf(request: SendRequest): Record<string, unknown> {
  return JSON.parse(typeof request.body === "string" ? request.body : "{}") as Record<string, unknown>;
}

function toAnswer({ status, body }: Told): SendAnswer {
  return { status, headers: {}, body: new TextEncoder().encode(body === undefined ? "" : JSON.stringify(body)) };
}
