/**
 * One look at a visit's scribe jobs, and what follows from it. Every step is decided by the rows alone, so that a look after a
 * crash does what the one before left undone. Parts that ended while the visit is still recorded are followed too; the visit
 * itself moves only when its recording is over.
 */
import type { Audit, Events, Log } from "#bff/context.ts";
import type { Store } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import type { Problem } from "#model/problem.ts";
import { isRetried, problem, ProblemError } from "#model/problem.ts";
import { ProcessingStep } from "#model/visit.ts";
import type { Scribes } from "#bff/scribes/scribes.ts";
import type { ScribeStatus } from "#scribe/scribe.ts";
import { agreeWithScribe } from "./agree-with-scribe.ts";
import { keepDraft } from "./keep-draft.ts";
import { moveVisit } from "./move-visit.ts";
import { leaveDeadService } from "./send-elsewhere.ts";
import { blockingFailure } from "./part-failures.ts";
import { endingOf } from "./ending-of.ts";
import type { JobRecord, Stretch } from "./scribe-jobs.ts";
import { currentJobs, isRunning, markEnded, markJob, stretchesOf } from "./scribe-jobs.ts";
import type { VisitRecord } from "./visit-record.ts";
import { findVisit, receivingStates } from "./visit-record.ts";

export type FollowParts = {
  store: Store;
  scribes: Scribes;
  clock: Clock;
  events: Events;
  audit: Audit;
  log: Log;
};

/** Look again, not before `waitMs`; or there is nothing left to watch. */
export type Next = { waitMs: number } | "ended";

/** Jobs that show no progress for this long are given up; the clinician can ask again. */
const giveUpAfterMs = 2 * 3_600_000;

const soon: Next = { waitMs: 0 };

/** What one look at one job saw. `over`: its row says how it ended. `refused`: no waiting mends it. */
type Seen =
  | { is: "working"; step: ProcessingStep }
  | { is: "over" }
  | { is: "troubled"; told: Problem }
  | { is: "refused"; told: Problem };

/** `since` is when the watching began, clock ms. A visit that was discarded or retried meanwhile ends the watching. */
export async function followJob(parts: FollowParts, visitId: VisitId, since: number): Promise<Next> {
  const visit = await findVisit(parts.store, visitId);
  if (visit === undefined || !isFollowed(visit)) return "ended";
  const hasTime = parts.clock.now() - Math.max(since, visit.updatedAt) <= giveUpAfterMs;
  try {
    const jobs = await currentJobs(parts.store, visitId);
    const seen: Seen[] = [];
    for (const stretch of stretchesOf(jobs, visit.declared?.length ?? 0)) {
      if (isRunning(stretch.job)) seen.push(await lookOnce(parts, { visit, stretch, hasTime }));
    }
    return visit.state === "processing" ? await conclude(parts, visit, seen) : await tell(parts, visit, seen);
  } catch (thrown) {
    if (thrown instanceof GuardError) return "ended";
    throw thrown;
  }
}

function isFollowed({ state }: VisitRecord): boolean {
  return state === "processing" || receivingStates.includes(state);
}

type Look = { visit: VisitRecord; stretch: Stretch; hasTime: boolean };

/** After hours without progress waiting is over. */
async function lookOnce(parts: FollowParts, look: Look): Promise<Seen> {
  const seen = await lookAt(parts, look);
  if (look.hasTime || (seen.is !== "working" && seen.is !== "troubled")) return seen;
  return { is: "refused", told: seen.is === "troubled" ? seen.told : problem("timed_out").problem };
}

async function lookAt(parts: FollowParts, look: Look): Promise<Seen> {
  const { job } = look.stretch;
  try {
    const ended = job.state === "ending" ? await endAtScribe(parts, look.stretch) : job;
    return await apply(parts, ended, await parts.scribes.of(job.service).read(ended.job));
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return stumble(parts, look, thrown.problem);
  }
}

/** Tells the scribe that this part is over; repeated after a crash, which the scribe takes well. */
async function endAtScribe({ store, scribes }: FollowParts, { job, count }: Stretch): Promise<JobRecord> {
  await agreeWithScribe({ store, scribes }, { job, count });
  const ended = await scribes.of(job.service).finish(job.job, count);
  await store.transact({ statements: [markEnded(job, ended)] });
  return { ...job, state: "ended", job: ended };
}

async function apply({ store }: FollowParts, job: JobRecord, status: ScribeStatus): Promise<Seen> {
  if (status.state === "expired") throw problem("scribe_session_expired");
  const ending = await endingOf(store, job, status);
  if (ending === undefined) return { is: "working", step: status.state === "processing" ? status.step : "receiving" };
  await store.transact({ statements: ending });
  return { is: "over" };
}

/** What passes by itself is waited for; a lost job needs its part's audio again; the rest is for a person. */
async function stumble(parts: FollowParts, { visit, stretch }: Look, told: Problem): Promise<Seen> {
  if (told.code === "scribe_session_expired" || told.code === "chunks_missing") {
    await parts.store.transact({ statements: [markJob(stretch.job, "lost")] });
    return { is: "over" };
  }
  if (!isRetried(told.code)) return { is: "refused", told };
  parts.log.warn({ visit: visit.id, code: told.code }, "scribe does not answer about a job");
  return { is: "troubled", told };
}

/** While the visit is still recorded nothing but the numbers of its parts can change. */
async function tell(parts: FollowParts, visit: VisitRecord, seen: Seen[]): Promise<Next> {
  if (seen.some(({ is }) => is === "over")) await parts.events.visitChanged(visit.id, visit.clinician.id);
  return seen.some(({ is }) => is !== "over") ? waitOf(seen) : "ended";
}

async function conclude(parts: FollowParts, visit: VisitRecord, seen: Seen[]): Promise<Next> {
  const jobs = await currentJobs(parts.store, visit.id);
  if (jobs.some(({ state }) => state === "lost")) return askAgain(parts, visit, jobs);
  const refused = seen.find((one) => one.is === "refused");
  if (refused) return fail(parts, visit, refused.told);
  if (jobs.some(isRunning)) return showProgress(parts, visit, seen);
  const failure = blockingFailure(jobs);
  if (failure) return fail(parts, visit, failure);
  await moveVisit(parts, visit, { step: "checking" });
  await keepDraft(parts, visit, jobs);
  return "ended";
}

/** The audio of the lost parts has to come again from the browser that still holds it, into new jobs. */
async function askAgain(parts: FollowParts, visit: VisitRecord, jobs: JobRecord[]): Promise<Next> {
  const told = problem("scribe_session_expired").problem;
  await moveVisit(parts, visit, { state: "waiting_for_network", told });
  return jobs.some(isRunning) ? soon : "ended";
}

/** The jobs' states stay: the clinician's retry looks once more before it asks for audio again. */
async function fail(parts: FollowParts, visit: VisitRecord, told: Problem): Promise<Next> {
  await moveVisit(parts, visit, { state: "failed", told });
  return "ended";
}

/** The visit is as far as the part that is furthest behind. */
async function showProgress(parts: FollowParts, visit: VisitRecord, seen: Seen[]): Promise<Next> {
  const trouble = seen.find((one) => one.is === "troubled");
  if (trouble && (await leaveDeadService(parts, visit))) return "ended";
  const steps = seen.flatMap((one) => (one.is === "working" ? [one.step] : []));
  const step = ProcessingStep.options.find((candidate) => steps.includes(candidate)) ?? visit.step;
  if (trouble && visit.problem?.code !== trouble.told.code) {
    await moveVisit(parts, visit, { told: trouble.told, step: visit.step });
  } else if (!trouble && (visit.step !== step || visit.problem !== null)) await moveVisit(parts, visit, { step });
  return waitOf(seen);
}

function waitOf(seen: Seen[]): Next {
  return { waitMs: Math.max(0, ...seen.map((one) => ("told" in one ? (one.told.retryAfterMs ?? 0) : 0))) };
}
