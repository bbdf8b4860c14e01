import type { DatabaseSync } from "node:sqlite";
import type { Transcript } from "#model/transcript.ts";
import { type ChunkStore, createChunkStore } from "./chunks.ts";
import { type Outcome, type Session, type SessionRequest, type SessionState, toSession } from "./session.ts";

/** Sessions and their chunks on disk; every change is durable when the call returns. */
export type SessionStore = ChunkStore & {
  add(session: { id: string; request: SessionRequest; createdAt: number; expiresAt: number }): void;
  find(id: string): Session | undefined;
  inStates(states: SessionState[]): Session[];
  markRecording(id: string): void;
  end(id: string, at: number, filesSent: number | null): void;
  keepTranscript(id: string, transcript: Transcript): void;
  finish(id: string, final: { state: SessionState; outcome: Outcome | null; at: number }): void;
  removeFinishedBefore(at: number): void;
};

export function createSessionStore(database: DatabaseSync): SessionStore {
  const sql = (text: string) => database.prepare(text);
  const insert = sql(
    "INSERT INTO sessions (id, state, request, created_at, expires_at) VALUES (?, 'created', ?, ?, ?)",
  );
  const select = sql("SELECT * FROM sessions WHERE id = ?");
  const selectStates = sql(
    "SELECT * FROM sessions WHERE state IN (SELECT value FROM json_each(?)) ORDER BY created_at",
  );
  const setRecording = sql("UPDATE sessions SET state = 'recording' WHERE id = ? AND state = 'created'");
  const setEnd = sql("UPDATE sessions SET state = 'processing', ended_at = ?, files_sent = ? WHERE id = ?");
  const setTranscript = sql("UPDATE sessions SET transcript = ? WHERE id = ?");
  const setFinal = sql("UPDATE sessions SET state = ?, outcome = ?, finished_at = ? WHERE id = ?");
  const removeOld = sql("DELETE FROM sessions WHERE finished_at < ?");

  return {
    ...createChunkStore(database),
    add(session) {
      insert.run(session.id, JSON.stringify(session.request), session.createdAt, session.expiresAt);
    },
    find(id) {
      const row = select.get(id);
      return row && toSession(row);
    },
    inStates: (states) => selectStates.all(JSON.stringify(states)).map(toSession),
    markRecording: (id) => void setRecording.run(id),
    end: (id, at, filesSent) => void setEnd.run(at, filesSent, id),
    keepTranscript: (id, transcript) => void setTranscript.run(JSON.stringify(transcript), id),
    finish: (id, { state, outcome, at }) => void setFinal.run(state, outcome && JSON.stringify(outcome), at, id),
    removeFinishedBefore: (at) => void removeOld.run(at),
  };
}
