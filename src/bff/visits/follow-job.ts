/**
 * One look at a scribe job, and what follows from it. Every step is decided by the rows alone, so that a look after a crash
 * does what the one before left undone.
 */
import type { Audit, Events, Log } from "#bff/context.ts";
import type { Statement, Store } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import type { Problem } from "#model/problem.ts";
import { isRetried, problem, ProblemError } from "#model/problem.ts";
import type { ProcessingStep } from "#model/visit.ts";
import type { Scribe, ScribeStatus } from "#scribe/scribe.ts";
import { agreeWithScribe } from "./finish-visit.ts";
import { keepDraft } from "./keep-draft.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { isRunning, markEnded, markJob, newestJob } from "./scribe-jobs.ts";
import type { VisitRecord } from "./visit-record.ts";
import { findVisit } from "./visit-record.ts";

export type FollowParts = {
  store: Store;
  scribe: Scribe;
  clock: Clock;
  events: Events;
  audit: Audit;
  log: Log;
};

/** Look again, not before `waitMs`; or there is nothing left to watch. */
export type Next = { waitMs: number } | "ended";

/** A job that gives no end for this long is given up; the clinician can ask again. */
const giveUpAfterMs = 2 * 3_600_000;

const soon: Next = { waitMs: 0 };

/** `since` is when the watching began, clock ms. A visit that was discarded or retried meanwhile ends the watching. */
export async function followJob(parts: FollowParts, visitId: VisitId, since: number): Promise<Next> {
  const visit = await findVisit(parts.store, visitId);
  const job = await newestJob(parts.store, visitId);
  if (visit?.state !== "processing" || job === undefined) return "ended";
  if (!isRunning(job)) return "ended";
  const hasTime = parts.clock.now() - since <= giveUpAfterMs;
  try {
    return await lookOnce(parts, { visit, job, hasTime });
  } catch (thrown) {
    if (thrown instanceof GuardError) return "ended";
    throw thrown;
  }
}

type Look = { visit: VisitRecord; job: JobRecord; hasTime: boolean };

async function lookOnce(parts: FollowParts, { visit, job, hasTime }: Look): Promise<Next> {
  try {
    const ended = job.state === "ending" ? await endAtScribe(parts, visit, job) : job;
    return await apply(parts, { visit, job: ended, hasTime, status: await parts.scribe.read(ended.job) });
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return stumble(parts, { visit, job, hasTime, told: thrown.problem });
  }
}

/** Tells the scribe that the recording is over; repeated after a crash, which the scribe takes well. */
async function endAtScribe(parts: FollowParts, visit: VisitRecord, job: JobRecord): Promise<JobRecord> {
  const count = visit.declared?.length ?? 0;
  await agreeWithScribe(parts, job, count);
  const ended = await parts.scribe.finish(job.job, count);
  await move(parts, visit, { job: markEnded(job, ended), step: "receiving" });
  return { ...job, state: "ended", job: ended };
}

async function apply(parts: FollowParts, seen: Look & { status: ScribeStatus }): Promise<Next> {
  const { visit, job, status, hasTime } = seen;
  switch (status.state) {
    case "done":
    case "partial":
      await move(parts, visit, { step: "checking" });
      await keepDraft(parts, { visit, job, status });
      return "ended";
    case "failed":
      return fail(parts, { visit, job: markJob(job, "failed"), told: status.problem });
    case "expired":
      return askAgain(parts, visit, job);
    default:
      if (!hasTime) throw problem("timed_out");
      await showStep(parts, visit, status.state === "processing" ? status.step : "receiving");
      return soon;
  }
}

async function showStep(parts: FollowParts, visit: VisitRecord, step: ProcessingStep): Promise<void> {
  if (visit.step !== step || visit.problem !== null) await move(parts, visit, { step });
}

/** What passes by itself is shown and waited for; a lost job needs the audio again; the rest fails the visit. */
async function stumble(parts: FollowParts, { visit, job, told, hasTime }: Look & { told: Problem }): Promise<Next> {
  if (told.code === "scribe_session_expired" || told.code === "chunks_missing") return askAgain(parts, visit, job);
  if (!isRetried(told.code) || !hasTime) return fail(parts, { visit, told });
  parts.log.warn({ visit: visit.id, code: told.code }, "scribe does not answer about a job");
  if (visit.problem?.code !== told.code) await move(parts, visit, { told, step: visit.step });
  return { waitMs: told.retryAfterMs ?? 0 };
}

type Failure = { visit: VisitRecord; job?: Statement; told: Problem };

/** Without `job` the job's state stays: the clinician's retry looks at it once more before it asks for the audio again. */
async function fail(parts: FollowParts, { visit, job, told }: Failure): Promise<Next> {
  await move(parts, visit, { state: "failed", told, ...(job ? { job } : {}) });
  return "ended";
}

/** The audio has to come again from the browser that still holds it, into a new attempt. */
async function askAgain(parts: FollowParts, visit: VisitRecord, job: JobRecord): Promise<Next> {
  const told = problem("scribe_session_expired").problem;
  await move(parts, visit, { state: "waiting_for_network", told, job: markJob(job, "lost") });
  return "ended";
}

type Move = {
  state?: "failed" | "waiting_for_network";
  step?: ProcessingStep | null;
  told?: Problem;
  job?: Statement;
};

/** Changes the visit only while it is still processing, and tells its streams. */
async function move(parts: FollowParts, visit: VisitRecord, { state, step, told, job }: Move): Promise<void> {
  const moved: Statement = {
    sql: "UPDATE visits SET state = ?, step = ?, problem_json = ?, updated_at = ? WHERE id = ? AND state = 'processing'",
    params: [state ?? "processing", step ?? null, told ? JSON.stringify(told) : null, parts.clock.now(), visit.id],
    expectRows: 1,
  };
  await parts.store.transact({ statements: job ? [moved, job] : [moved] });
  await parts.events.visitChanged(visit.id, visit.clinician.id);
}
