/**
 * The scribe jobs of a visit, one row per attempt. States: `open` takes chunks; `ending` its end is decided but perhaps not
 * yet told to the scribe; `ended` the scribe knows; `done` the draft is kept; `lost` the service no longer has it, so its
 * receipts do not count; `failed` it ended without a note; `left` the visit was discarded.
 */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import { VisitId } from "#model/id.ts";
import type { ScribeJob } from "#scribe/scribe.ts";
import { uploadForms } from "#scribe/scribe.ts";
import { insertRow } from "./insert-row.ts";
import { jsonText } from "./visit-record.ts";

const State = z.enum(["open", "ending", "ended", "done", "lost", "failed", "left"]);
export type ScribeJobState = z.infer<typeof State>;

const StoredJob: z.ZodType<ScribeJob> = z.object({
  id: z.string(),
  uploadUrl: z.string(),
  expiresAt: z.number().nullable(),
  form: z.enum(uploadForms).exactOptional(),
  fields: z.record(z.string(), z.string()).exactOptional(),
});

const JobRow = z.object({ visit_id: VisitId, attempt: z.number(), job_json: jsonText(StoredJob), state: State });

export type JobRecord = { visitId: VisitId; attempt: number; job: ScribeJob; state: ScribeJobState };

function toJobRecord(row: unknown): JobRecord {
  const { visit_id: visitId, attempt, job_json: job, state } = JobRow.parse(row);
  return { visitId, attempt, job, state };
}

/** The newest attempt, undefined before the first chunk. */
export async function newestJob(store: Store, visitId: VisitId): Promise<JobRecord | undefined> {
  const newest = "SELECT * FROM scribe_jobs WHERE visit_id = ? ORDER BY attempt DESC LIMIT 1";
  const [row] = await store.query(newest, [visitId]);
  return row === undefined ? undefined : toJobRecord(row);
}

/** The recording is over and the scribe has given no end yet. */
export function isRunning({ state }: JobRecord): boolean {
  return state === "ending" || state === "ended";
}

/** Jobs whose end the scribe has not yet answered. */
export async function runningJobs(store: Store): Promise<JobRecord[]> {
  return (await store.query("SELECT * FROM scribe_jobs WHERE state IN ('ending', 'ended')")).map(toJobRecord);
}

export type NewJob = { visitId: VisitId; attempt: number; job: ScribeJob; service: string; now: number };

/** Touches no row when another instance was first with this attempt. */
export function insertJob({ visitId, attempt, job, service, now }: NewJob): Statement {
  const columns = {
    visit_id: visitId,
    attempt,
    service,
    job_json: JSON.stringify(job),
    state: "open",
    expires_at: job.expiresAt,
    created_at: now,
  };
  return insertRow("scribe_jobs", columns, "visit_id, attempt");
}

export function markJob({ visitId, attempt }: JobRecord, state: ScribeJobState): Statement {
  return {
    sql: "UPDATE scribe_jobs SET state = ? WHERE visit_id = ? AND attempt = ?",
    params: [state, visitId, attempt],
    expectRows: 1,
  };
}

/** The scribe was told that the recording is over; `job` is what it is known by from now on. */
export function markEnded({ visitId, attempt }: JobRecord, job: ScribeJob): Statement {
  return {
    sql: "UPDATE scribe_jobs SET state = 'ended', job_json = ? WHERE visit_id = ? AND attempt = ?",
    params: [JSON.stringify(job), visitId, attempt],
    expectRows: 1,
  };
}
