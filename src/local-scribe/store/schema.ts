/**
 * The scribe's own small database. Version 1.
 * `sessions.transcript` is set when hearing is finished, `sessions.outcome` when the session is final: after a crash the work goes on from there.
 * Times are ms since 1970, lists and objects are JSON.
 */
export const schema = `
CREATE TABLE IF NOT EXISTS sessions (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  request TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  files_sent INTEGER,
  transcript TEXT,
  outcome TEXT,
  finished_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_by_state ON sessions (state, expires_at);

CREATE TABLE IF NOT EXISTS chunks (
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  duration_ms REAL NOT NULL,
  PRIMARY KEY (session_id, place)
) STRICT;

CREATE TABLE IF NOT EXISTS webhooks (
  id TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  secret TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY,
  webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_by_due ON deliveries (due_at);
`;
