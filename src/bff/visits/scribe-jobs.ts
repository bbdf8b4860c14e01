/**
 * The scribe jobs of a visit. A visit longer than the service's limit is cut into parts, one job each: a part takes the chunks
 * from its `firstSequence` on, which its job counts from 0. A job that is lost is replaced by another for the same part; `attempt`
 * counts the visit's jobs, so the newest of a part is the one that counts.
 *
 * States: `open` takes chunks; `ending` its end is decided but perhaps not yet told to the scribe; `ended` the scribe knows;
 * `done` its result is kept; `lost` the service no longer has it, so its receipts do not count; `failed` it ended without a
 * note; `moved` the visit went to another service, and this one's answer is no longer wanted; `left` the visit was discarded.
 */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import { VisitId } from "#model/id.ts";
import { Problem } from "#model/problem.ts";
import type { ScribeJob } from "#scribe/scribe.ts";
import { uploadForms } from "#scribe/scribe.ts";
import { insertRow } from "./insert-row.ts";
import { jsonText } from "./visit-record.ts";

const State = z.enum(["open", "ending", "ended", "done", "lost", "failed", "moved", "left"]);
export type ScribeJobState = z.infer<typeof State>;

const StoredJob: z.ZodType<ScribeJob> = z.object({
  id: z.string(),
  uploadUrl: z.string(),
  expiresAt: z.number().nullable(),
  form: z.enum(uploadForms).exactOptional(),
  fields: z.record(z.string(), z.string()).exactOptional(),
  restAskedAt: z.number().exactOptional(),
});

const JobRow = z
  .object({
    visit_id: VisitId,
    attempt: z.number(),
    part: z.number(),
    first_sequence: z.number(),
    service: z.string(),
    max_session_ms: z.number().nullable(),
    job_json: jsonText(StoredJob),
    state: State,
    problem_json: jsonText(Problem).nullable(),
    created_at: z.number(),
  })
  .transform((row) => ({
    visitId: row.visit_id,
    attempt: row.attempt,
    part: row.part,
    firstSequence: row.first_sequence,
    service: row.service,
    /** What the service announced when the job was opened, null when it names no limit. */
    maxSessionMs: row.max_session_ms,
    job: row.job_json,
    state: row.state,
    /** Why it failed. */
    problem: row.problem_json,
    createdAt: row.created_at,
  }));
export type JobRecord = z.output<typeof JobRow>;

const columns =
  "visit_id, attempt, part, first_sequence, service, max_session_ms, job_json, state, problem_json, created_at".replaceAll(
    /\w+/gu,
    "j.$&",
  );

/** SQL: job `j` is the newest of its part, at the service that the visit is at. */
export const isNewestOfPart =
  "j.state <> 'moved' AND j.attempt = (SELECT MAX(n.attempt) FROM scribe_jobs n WHERE n.visit_id = j.visit_id AND n.part = j.part)";

/** SQL: the row may still be changed by what its service says. */
const isOurs = "state NOT IN ('moved', 'left')";

/** The newest job of each part, by part; none before the first chunk. */
export async function currentJobs(store: Store, visitId: VisitId): Promise<JobRecord[]> {
  const current = `SELECT ${columns} FROM scribe_jobs j WHERE j.visit_id = ? AND ${isNewestOfPart} ORDER BY j.part`;
  return (await store.query(current, [visitId])).map((row) => JobRow.parse(row));
}

/** The number for the visit's next job. */
export async function nextAttempt(store: Store, visitId: VisitId): Promise<number> {
  const last = "SELECT COALESCE(MAX(attempt), 0) AS last FROM scribe_jobs WHERE visit_id = ?";
  const [row] = await store.query(last, [visitId]);
  return 1 + z.object({ last: z.number() }).parse(row).last;
}

/** A job with the number of chunks that belong to it; `total` is the whole visit's. */
export type Stretch = { job: JobRecord; count: number };

export function stretchesOf(jobs: readonly JobRecord[], total: number): Stretch[] {
  return jobs.map((job, place) => ({ job, count: (jobs[place + 1]?.firstSequence ?? total) - job.firstSequence }));
}

/** Its audio is all there and the scribe has given no end yet. */
export function isRunning({ state }: JobRecord): boolean {
  return state === "ending" || state === "ended";
}

/** Jobs whose end the scribe has not yet answered. */
export async function runningJobs(store: Store): Promise<JobRecord[]> {
  const running = `SELECT ${columns} FROM scribe_jobs j WHERE j.state IN ('ending', 'ended')`;
  return (await store.query(running)).map((row) => JobRow.parse(row));
}

/** Visits that wait for an answer of the scribe, or for what follows from one. */
export async function visitsToWatch(store: Store): Promise<VisitId[]> {
  const waiting = `SELECT id FROM visits WHERE state = 'processing'
    UNION SELECT visit_id FROM scribe_jobs WHERE state IN ('ending', 'ended')`;
  return (await store.query(waiting)).map(({ id }) => VisitId.parse(id));
}

export type NewJob = Omit<JobRecord, "state" | "problem" | "createdAt"> & { now: number; state?: "open" | "ended" };

/** The guard fails when the visit is at another service by now. */
export function bindTo(service: string, visitId: VisitId): Statement {
  return {
    sql: "UPDATE visits SET service = ? WHERE id = ? AND COALESCE(service, ?) = ?",
    params: [service, visitId, service, service],
    expectRows: 1,
  };
}

/** Touches no row when another instance was first with this attempt. */
export function insertJob(created: NewJob): Statement {
  const { job, now } = created;
  const row = {
    visit_id: created.visitId,
    attempt: created.attempt,
    part: created.part,
    first_sequence: created.firstSequence,
    max_session_ms: created.maxSessionMs,
    service: created.service,
    job_json: JSON.stringify(job),
    state: created.state ?? "open",
    expires_at: job.expiresAt,
    created_at: now,
  };
  return insertRow("scribe_jobs", row, "visit_id, attempt");
}

export function markJob({ visitId, attempt }: JobRecord, state: ScribeJobState): Statement {
  return {
    sql: `UPDATE scribe_jobs SET state = ? WHERE visit_id = ? AND attempt = ? AND ${isOurs}`,
    params: [state, visitId, attempt],
    expectRows: 1,
  };
}

/** Changes nothing; the guard fails when the visit has left this job's service meanwhile. */
export function isStillOurs({ visitId, attempt }: JobRecord): Statement {
  return {
    sql: `UPDATE scribe_jobs SET state = state WHERE visit_id = ? AND attempt = ? AND ${isOurs}`,
    params: [visitId, attempt],
    expectRows: 1,
  };
}

/** The scribe was told that the recording is over; `job` is what it is known by from now on. */
export function markEnded({ visitId, attempt }: JobRecord, job: ScribeJob): Statement {
  return {
    sql: `UPDATE scribe_jobs SET state = 'ended', job_json = ? WHERE visit_id = ? AND attempt = ? AND ${isOurs}`,
    params: [JSON.stringify(job), visitId, attempt],
    expectRows: 1,
  };
}

export function failJob({ visitId, attempt }: JobRecord, told: Problem): Statement {
  return {
    sql: `UPDATE scribe_jobs SET state = 'failed', problem_json = ? WHERE visit_id = ? AND attempt = ? AND ${isOurs}`,
    params: [JSON.stringify(told), visitId, attempt],
    expectRows: 1,
  };
}

/** It failed in a way that is worth one more try with the same audio: lost, and why stays in the row. */
export function loseJob({ visitId, attempt }: JobRecord, told: Problem): Statement {
  return {
    sql: `UPDATE scribe_jobs SET state = 'lost', problem_json = ? WHERE visit_id = ? AND attempt = ? AND ${isOurs}`,
    params: [JSON.stringify(told), visitId, attempt],
    expectRows: 1,
  };
}

/** Has this part been tried once more already? */
export async function wasTriedAgain(store: Store, { visitId, part, service }: JobRecord): Promise<boolean> {
  const again = `SELECT 1 FROM scribe_jobs
    WHERE visit_id = ? AND part = ? AND service = ? AND state = 'lost' AND problem_json IS NOT NULL`;
  return (await store.query(again, [visitId, part, service])).length > 0;
}

/** A discarded visit: its jobs are left to expire, and what they gave is erased. */
export function leaveJobs(visitId: VisitId): Statement {
  return {
    sql: "UPDATE scribe_jobs SET state = 'left', result_json = NULL WHERE visit_id = ? AND state <> 'lost'",
    params: [visitId],
  };
}

/** The visit goes to another service: whatever the first one still says about it is not heard. */
export function moveJobs(visitId: VisitId): Statement {
  return {
    sql: "UPDATE scribe_jobs SET state = 'moved', result_json = NULL WHERE visit_id = ? AND state <> 'left'",
    params: [visitId],
  };
}
