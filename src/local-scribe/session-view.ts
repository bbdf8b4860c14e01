import type { Turn } from "#model/transcript.ts";
import type { MsaEngines, MsaSession, MsaTranscriptSegment } from "#protocol/medscribealliance.ts";
import { plainTranscript } from "./plain-transcript.ts";
import type { Session } from "./store/session.ts";
import type { StoredChunk } from "./store/chunks.ts";
import { templateResults } from "./template-results.ts";

export type SessionParts = { session: Session; chunks: StoredChunk[]; liveTurns: Turn[]; engines: MsaEngines };

/** §9: the HTTP status tells the phase; a failed session is still found. */
export function statusOfSession(session: Session): number {
  if (session.state === "completed" || session.state === "failed") return 200;
  if (session.state === "partial") return 206;
  return session.state === "expired" ? 410 : 202;
}

/** The body of `GET /sessions/{id}` in dialect B with our extensions. */
export function viewSession(parts: SessionParts): MsaSession {
  const { session, chunks, engines } = parts;
  const turns = session.transcript?.turns ?? parts.liveTurns;
  return {
    session_id: session.id,
    status: session.state,
    created_at: iso(session.createdAt),
    expires_at: iso(session.expiresAt),
    audio_files_received: chunks.length,
    audio_files: chunks.map((chunk) => chunk.fileName),
    model_used: session.request.model,
    ...(session.request.reference && { [session.request.reference.field]: session.request.reference.value }),
    transcript: plainTranscript(session.transcript?.turns ?? []),
    transcript_segments: turns.map(toSegment),
    progress: { step: stepOf(session), transcribed_ms: transcribedMs(session, parts) },
    engines,
    ...outcomeFields(session),
  };
}

function outcomeFields(session: Session): Partial<MsaSession> {
  if (session.state === "expired") return expiredFields(session);
  const { outcome, finishedAt } = session;
  if (outcome === null || finishedAt === null) return {};
  if (outcome.kind === "failed") {
    return { completed_at: iso(finishedAt), error: { code: outcome.code, message: outcome.message } };
  }
  return {
    completed_at: iso(finishedAt),
    language_detected: session.transcript?.language ?? null,
    templates: templateResults(session, outcome),
    ...(outcome.missing.length > 0 && {
      processing_errors: outcome.missing.map((file) => ({ type: "missing_audio", message: "Never received", file })),
    }),
  };
}

/** Both forms at once: the whole session (§6.5) and the error object of dialect A. */
function expiredFields(session: Session): Partial<MsaSession> {
  const message = `Session '${session.id}' has expired`;
  const expiredAt = iso(session.expiresAt);
  return {
    expired_at: expiredAt,
    message,
    error: { code: "session_expired", message, details: { expired_at: expiredAt } },
  };
}

function stepOf(session: Session): "receiving" | "transcribing" | "writing" | "done" {
  if (session.finishedAt !== null) return "done";
  if (session.endedAt === null) return "receiving";
  return session.transcript === null ? "transcribing" : "writing";
}

function transcribedMs(session: Session, parts: SessionParts): number {
  if (session.transcript) return parts.chunks.reduce((sum, chunk) => sum + chunk.durationMs, 0);
  return parts.liveTurns.at(-1)?.endMs ?? 0;
}

function toSegment(turn: Turn): MsaTranscriptSegment {
  return {
    id: turn.id,
    start_ms: turn.startMs,
    end_ms: turn.endMs,
    speaker: turn.speaker,
    words: turn.words.map((word) => ({
      text: word.text,
      start_ms: word.startMs,
      end_ms: word.endMs,
      confidence: word.confidence,
      unclear: word.unclear,
    })),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
