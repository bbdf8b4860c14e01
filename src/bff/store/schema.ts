/** The tables, as numbered steps; a step that has run somewhere is never changed, a new one is added. */
export const migrations: readonly string[] = [
  `
CREATE TABLE sessions (
  id_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, user_name TEXT NOT NULL, role TEXT NOT NULL,
  grant_sealed BLOB NOT NULL, access_expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  refresh_lease_until INTEGER NOT NULL DEFAULT 0, filing_only INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE TABLE logins (cookie_hash TEXT PRIMARY KEY, nonce TEXT NOT NULL, expires_at INTEGER NOT NULL);
CREATE TABLE roles (user_id TEXT PRIMARY KEY, role TEXT NOT NULL);
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, session_hash TEXT, ip TEXT,
  action TEXT NOT NULL, outcome TEXT NOT NULL, patient TEXT, object TEXT NOT NULL, request_id TEXT NOT NULL,
  previous_hash TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TABLE events (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, audience TEXT NOT NULL, name TEXT NOT NULL, visit_id TEXT
);
CREATE TABLE visits (
  id TEXT PRIMARY KEY, clinician_id TEXT NOT NULL, clinician_name TEXT NOT NULL,
  patient_id TEXT NOT NULL, patient_pid TEXT NOT NULL, patient_json TEXT NOT NULL,
  appointment_id TEXT, reason TEXT NOT NULL, consent_json TEXT NOT NULL, device TEXT NOT NULL,
  state TEXT NOT NULL, step TEXT, problem_json TEXT,
  started_at INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  declared_json TEXT, signed_at INTEGER
);
CREATE INDEX visits_clinician ON visits (clinician_id, started_at);
CREATE INDEX visits_appointment ON visits (appointment_id);
CREATE TABLE scribe_jobs (
  visit_id TEXT NOT NULL REFERENCES visits (id), attempt INTEGER NOT NULL, service TEXT NOT NULL,
  job_json TEXT NOT NULL, state TEXT NOT NULL, expires_at INTEGER, created_at INTEGER NOT NULL,
  PRIMARY KEY (visit_id, attempt)
);
CREATE TABLE receipts (
  visit_id TEXT NOT NULL, attempt INTEGER NOT NULL, sequence INTEGER NOT NULL,
  sha256 TEXT NOT NULL, size_bytes INTEGER NOT NULL, duration_ms REAL NOT NULL, received_at INTEGER NOT NULL,
  PRIMARY KEY (visit_id, attempt, sequence)
);
CREATE TABLE drafts (
  visit_id TEXT PRIMARY KEY, draft_json TEXT NOT NULL, transcript_json TEXT NOT NULL,
  evidence_json TEXT NOT NULL, follow_ups_json TEXT NOT NULL, created_at INTEGER NOT NULL
);
CREATE TABLE revisions (
  visit_id TEXT NOT NULL, revision INTEGER NOT NULL, note_json TEXT NOT NULL, saved_at INTEGER NOT NULL, saved_by TEXT NOT NULL,
  PRIMARY KEY (visit_id, revision)
);
CREATE TABLE signed_notes (
  visit_id TEXT PRIMARY KEY, note_json TEXT NOT NULL, sha256 TEXT NOT NULL, signed_at INTEGER NOT NULL,
  signed_by TEXT NOT NULL, signer_name TEXT NOT NULL, drafted_with TEXT NOT NULL
);
CREATE TABLE filings (
  visit_id TEXT PRIMARY KEY, clinician_id TEXT NOT NULL, state TEXT NOT NULL, encounter_id TEXT, encounter_uuid TEXT,
  note_id TEXT, verified_at INTEGER, problem_json TEXT, tries INTEGER NOT NULL DEFAULT 0, next_try_at INTEGER NOT NULL
);
CREATE TABLE follow_ups (
  id TEXT PRIMARY KEY, visit_id TEXT NOT NULL, patient_id TEXT NOT NULL, patient_pid TEXT NOT NULL, patient_json TEXT NOT NULL,
  clinician_id TEXT NOT NULL, clinician_name TEXT NOT NULL, sentence TEXT NOT NULL, reason TEXT NOT NULL,
  due TEXT NOT NULL, window_from TEXT NOT NULL, window_to TEXT NOT NULL,
  state TEXT NOT NULL, asked_at INTEGER NOT NULL, booking_json TEXT
);
CREATE TABLE provider_ids (user_id TEXT PRIMARY KEY, provider_id TEXT NOT NULL, facility_id TEXT, seen_at INTEGER NOT NULL);
CREATE TABLE worklists (user_id TEXT NOT NULL, date TEXT NOT NULL, rows_json TEXT NOT NULL, fetched_at INTEGER NOT NULL, PRIMARY KEY (user_id, date));
CREATE TABLE webhook_inbox (
  id TEXT PRIMARY KEY, service TEXT NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL, handled_at INTEGER
);
`,
  // When a write to OpenEMR was sent whose outcome is not known yet: until it must have settled, filing only looks.
  "ALTER TABLE filings ADD COLUMN unsettled_since INTEGER",
  // Written by /readyz, so that "ready" means that a write reaches the disk.
  "CREATE TABLE heartbeat (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)",
  // What the recording device says: gaps and marked moments, what it still holds, and what it has erased.
  `
ALTER TABLE visits ADD COLUMN marks_json TEXT;
ALTER TABLE visits ADD COLUMN device_report_json TEXT;
ALTER TABLE visits ADD COLUMN device_report_at INTEGER;
CREATE TABLE audio_erasures (
  visit_id TEXT NOT NULL REFERENCES visits (id), device TEXT NOT NULL, erased_at INTEGER NOT NULL, reason TEXT NOT NULL,
  chunks INTEGER NOT NULL, size_bytes INTEGER NOT NULL, duration_ms REAL NOT NULL, received_at INTEGER NOT NULL,
  PRIMARY KEY (visit_id, device, erased_at)
);
`,
  // A visit longer than the service's limit has several parts, one job each; `attempt` still counts the visit's jobs.
  `
ALTER TABLE scribe_jobs ADD COLUMN part INTEGER NOT NULL DEFAULT 1;
ALTER TABLE scribe_jobs ADD COLUMN first_sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scribe_jobs ADD COLUMN max_session_ms INTEGER;
ALTER TABLE scribe_jobs ADD COLUMN problem_json TEXT;
ALTER TABLE scribe_jobs ADD COLUMN result_json TEXT;
CREATE INDEX scribe_jobs_state ON scribe_jobs (state);
`,
  // Codes asked for, one job for each text of a note. An answer may take minutes: what is running is asked again after a restart.
  `
CREATE TABLE code_jobs (
  visit_id TEXT NOT NULL REFERENCES visits (id), text_sha256 TEXT NOT NULL, revision INTEGER NOT NULL,
  state TEXT NOT NULL, asked_at INTEGER NOT NULL, asks INTEGER NOT NULL DEFAULT 1, ended_at INTEGER,
  problem_json TEXT, result_json TEXT,
  PRIMARY KEY (visit_id, text_sha256)
);
CREATE INDEX code_jobs_state ON code_jobs (state);
`,
  // Which of the clinic's scribe services a visit is at; null before its first chunk.
  "ALTER TABLE visits ADD COLUMN service TEXT",
  // Its service takes the recording in one piece.
  "ALTER TABLE visits ADD COLUMN whole_file INTEGER",
  // The desk: calls that nobody answered, what was declined and cancelled, the waitlist, times that were freed, and saved rules.
  `
ALTER TABLE follow_ups ADD COLUMN confirmation TEXT;
UPDATE follow_ups SET confirmation = json_extract(booking_json, '$.confirmation') WHERE booking_json IS NOT NULL;
CREATE INDEX follow_ups_confirmation ON follow_ups (confirmation);
ALTER TABLE follow_ups ADD COLUMN tries_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE follow_ups ADD COLUMN declined_json TEXT;
ALTER TABLE follow_ups ADD COLUMN cancelled_json TEXT;
ALTER TABLE follow_ups ADD COLUMN waiting_since INTEGER;
CREATE TABLE freed_times (
  clinician_id TEXT NOT NULL, date TEXT NOT NULL, start_time TEXT NOT NULL, from_minute INTEGER NOT NULL,
  to_minute INTEGER NOT NULL, freed_at INTEGER NOT NULL,
  PRIMARY KEY (clinician_id, date, start_time)
);
CREATE TABLE booking_rules (
  version INTEGER PRIMARY KEY, rules_json TEXT NOT NULL, saved_at INTEGER NOT NULL, saved_by TEXT NOT NULL
);
`,
  // What was added to signed notes: each is filed as a note of its own, in the encounter of the first.
  `
CREATE TABLE addenda (
  id TEXT PRIMARY KEY, visit_id TEXT NOT NULL REFERENCES visits (id), note_json TEXT NOT NULL, sha256 TEXT NOT NULL,
  signed_at INTEGER NOT NULL, signed_by TEXT NOT NULL, signer_name TEXT NOT NULL, state TEXT NOT NULL, note_id TEXT,
  verified_at INTEGER, problem_json TEXT, tries INTEGER NOT NULL DEFAULT 0, next_try_at INTEGER NOT NULL, unsettled_since INTEGER
);
CREATE INDEX addenda_visit ON addenda (visit_id);
CREATE INDEX addenda_state ON addenda (state);
`,
  // Opened from OpenEMR's page of a patient: each launch works once, and what it was about belongs to the session it signed in.
  `
CREATE TABLE launches (
  launch_hash TEXT PRIMARY KEY, session_hash TEXT NOT NULL, patient_id TEXT, encounter_uuid TEXT, used_at INTEGER NOT NULL
);
CREATE INDEX launches_session ON launches (session_hash);
ALTER TABLE logins ADD COLUMN launch_hash TEXT;
ALTER TABLE visits ADD COLUMN launched_encounter TEXT;
`,
  // Where a clinician's number in OpenEMR was seen; what an administrator typed goes before it.
  `
ALTER TABLE provider_ids ADD COLUMN source TEXT NOT NULL DEFAULT 'appointment';
ALTER TABLE provider_ids ADD COLUMN appointment_date TEXT;
ALTER TABLE provider_ids ADD COLUMN name TEXT;
CREATE TABLE typed_provider_ids (
  user_id TEXT PRIMARY KEY, provider_id TEXT NOT NULL, facility_id TEXT, saved_at INTEGER NOT NULL, saved_by TEXT NOT NULL
);
`,
  // Since when a scribe service is away, and what failed lately.
  "CREATE TABLE service_health (service TEXT PRIMARY KEY, health_json TEXT NOT NULL)",
  // The appointment that OpenEMR's page was about; and the encounter whose page opened a visit after it had begun.
  `
ALTER TABLE launches ADD COLUMN appointment_uuid TEXT;
ALTER TABLE visits ADD COLUMN joined_encounter TEXT;
`,
  // What a deletion receipt says was erased.
  "ALTER TABLE audio_erasures ADD COLUMN sha256 TEXT",
  // PDFs on their way into OpenEMR's documents. `addenda` counts those in it; the bytes are kept until they were read back.
  `
CREATE TABLE documents (
  id TEXT PRIMARY KEY, visit_id TEXT NOT NULL REFERENCES visits (id), kind TEXT NOT NULL, addenda INTEGER NOT NULL,
  clinician_id TEXT NOT NULL, name TEXT NOT NULL, body BLOB, sha3 TEXT, category TEXT, document_id TEXT,
  state TEXT NOT NULL, verified_at INTEGER, problem_json TEXT, tries INTEGER NOT NULL DEFAULT 0, next_try_at INTEGER NOT NULL,
  unsettled_since INTEGER, written_at INTEGER,
  UNIQUE (visit_id, kind, addenda)
);
CREATE INDEX documents_state ON documents (state);
`,
  // Appointments to come as OpenEMR's calendar last showed them: one that is gone has freed its time.
  `
CREATE TABLE seen_appointments (
  key TEXT NOT NULL, clinician_id TEXT NOT NULL, date TEXT NOT NULL, from_minute INTEGER NOT NULL, to_minute INTEGER NOT NULL,
  seen_at INTEGER NOT NULL, PRIMARY KEY (key, clinician_id, date, from_minute)
);
CREATE INDEX seen_appointments_date ON seen_appointments (date);
`,
];
