/** What a sandbox MedScribeAlliance service holds, and the rules that all three forms share. It hears only through `hear`. */
import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "#model/clock.ts";
import type { Audio, Hear } from "#sandbox/hearing.ts";
import type { SandboxNote, VisitScript } from "#sandbox/sandbox-note.ts";
import type { Told } from "#sandbox/scribe-request.ts";

export type Status =
  | "created"
  | "recording"
  | "processing"
  | "completed"
  | "partial"
  | "failed"
  | "expired"
  | "cancelled";
export type StoredFile = { name: string; sizeBytes: number; sha256: string };
export type Session = {
  id: string;
  status: Status;
  createdAt: number;
  expiresAt: number;
  endedAt: number | undefined;
  templates: string[];
  /** Given back unchanged. */
  echo: unknown;
  wantsTranscript: boolean;
  files: Map<number, StoredFile>;
  /** Kept only by a sandbox that listens. */
  audio: Map<number, Audio>;
  /** Form C: templates that were asked for once more, and whether they are written by now. */
  again: Map<string, "in-progress" | "success">;
  /** What came of it. */
  heard: SandboxNote | undefined;
  /** Files that the end declared, where its form has such a number. */
  declared: number | undefined;
  /** How often anything was stored. */
  stores: number;
  /** Why it failed. */
  code: string | undefined;
};

export type Webhook = { id: string; url: string; events: string[]; secret: string | undefined };

export type Site = {
  /** Known once the server listens. */
  url: string;
  clock: Clock;
  key: string;
  sessions: Map<string, Session>;
  webhooks: Map<string, Webhook>;
  script: VisitScript | undefined;
  /** Undefined: nobody listens. */
  hear: Hear | undefined;
  /** Hearings in progress. */
  working: Set<Promise<void>>;
  /** Sessions stop at "processing" while this is true. */
  isHeld: boolean;
  endsAs: { status: "completed" | "partial" | "failed"; code: string };
  /** Forms B and C: results that nobody asked for. */
  also: Record<string, unknown>;
  announce(session: Session, event: string): void;
  /** Puts everything on the disk, if there is one. */
  keep(): void;
};

/** §6.5: from creation, not from the last sign of life. */
export const lifetimeMs = 3_600_000;
export const audioFormats = ["audio/webm;codecs=opus", "audio/wav"];
const largestChunkBytes = 1_048_576;

export const models = [
  { id: "lite", display_name: "Lite", languages: ["en"], max_session_duration_seconds: 600 },
  { id: "pro", display_name: "Professional", languages: ["en", "hi", "ta"], max_session_duration_seconds: 3600 },
];

export const templates = [
  { id: "soap", name: "SOAP note" },
  { id: "medications", name: "Medicines" },
  { id: "referral_letter", name: "Referral letter" },
];

/** §11: every failure in one form. */
export function fault(status: number, code: string, details?: unknown): Told {
  const error = { code, message: `Sandbox: ${code}`, ...(details === undefined ? {} : { details }) };
  return { status, body: { error } };
}

export type NewSession = { templates: string[]; echo: unknown; wantsTranscript: boolean };

export function addSession(site: Site, wanted: NewSession): Session {
  const createdAt = site.clock.now();
  const session: Session = {
    id: `ses_${randomBytes(10).toString("hex")}`,
    status: "created",
    createdAt,
    expiresAt: createdAt + lifetimeMs,
    endedAt: undefined,
    ...wanted,
    files: new Map(),
    audio: new Map(),
    again: new Map(),
    heard: undefined,
    declared: undefined,
    stores: 0,
    code: undefined,
  };
  site.sessions.set(session.id, session);
  site.announce(session, "session.started");
  return session;
}

/** The session with its clock looked at: one that was not ended in time has expired. */
export function findSession(site: Site, id: string): Session | undefined {
  const session = site.sessions.get(id);
  const isOpen = session?.status === "created" || session?.status === "recording";
  if (session && isOpen && site.clock.now() > session.expiresAt) expire(site, session);
  return session;
}

/** The session while it may still be given audio. */
export function openSession(site: Site, id: string): Session | undefined {
  const session = findSession(site, id);
  return session?.status === "expired" ? undefined : session;
}

export function expire(site: Site, session: Session): void {
  session.status = "expired";
  site.announce(session, "session.expired");
}

export type NewFile = { name: string; bytes: Buffer; type: string };

/** A file under its place; the same place again replaces it, and is still one file. Undefined: it is too large. */
export function store(session: Session, place: number, { name, bytes, type }: NewFile): StoredFile | undefined {
  if (bytes.length > largestChunkBytes) return undefined;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const stored = { name, sizeBytes: bytes.length, sha256 };
  session.files.set(place, stored);
  session.audio.set(place, { bytes, type });
  session.stores += 1;
  session.status = "recording";
  return stored;
}

/** The work begins. `declared` that differs from what is held makes the result partial. */
export function end(site: Site, session: Session, declared: number | undefined): void {
  session.status = "processing";
  session.endedAt = site.clock.now();
  session.declared = declared;
  site.announce(session, "session.ended");
  work(site, session);
}

/** Done at once by a sandbox that hears nothing, unless it holds its work back. */
export function work(site: Site, session: Session): void {
  if (site.isHeld) return;
  const { hear, endsAs } = site;
  if (hear === undefined) return conclude(site, session, endsAs);
  const audio = [...session.audio.entries()].sort(([a], [b]) => a - b).map(([, file]) => file);
  const hearing = hear(audio)
    .then((heard) => {
      session.heard = heard.is === "note" ? heard.note : undefined;
      conclude(site, session, heard.is === "note" ? endsAs : { status: "failed", code: heard.code });
    })
    .catch(() => conclude(site, session, { status: "failed", code: "internal_error" }))
    .finally(() => site.working.delete(hearing));
  site.working.add(hearing);
}

function conclude(site: Site, session: Session, { status, code }: Site["endsAs"]): void {
  const isShort = session.declared !== undefined && session.declared !== session.files.size;
  session.status = isShort && status === "completed" ? "partial" : status;
  session.code = status === "failed" ? code : undefined;
  session.audio.clear();
  site.keep();
  site.announce(session, `session.${session.status}`);
}

export function namesOf(session: Session): string[] {
  return [...session.files.entries()].sort(([a], [b]) => a - b).map(([, file]) => file.name);
}

/** §7.4 `{base}_{n}.{ext}`, n from zero and not padded. */
export function placeIn(fileName: string): number | undefined {
  const digits = /^[A-Za-z0-9_-]+_(0|[1-9]\d*)\.[A-Za-z0-9]+$/u.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
