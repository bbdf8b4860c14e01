/**
 * Watches scribe jobs from the end of a part to the draft: one poller per visit. In: visits to watch. Out: changes of
 * the visit's row and events. It keeps only timers; after a restart `resume` finds the running jobs in the store again.
 * Polling follows MedScribeAlliance §9.8: every 2 s until 30 s, 5 s until 60 s, then 10 s; a notification means "look now".
 */
import type { Jobs } from "#bff/context.ts";
import { errorFields } from "#bff/log.ts";
import type { VisitId } from "#model/id.ts";
import type { FollowParts, Next } from "./follow-job.ts";
import { followJob } from "./follow-job.ts";
import { visitsToWatch } from "./scribe-jobs.ts";
import type { Schedule } from "./schedule.ts";

export type VisitJobs = Jobs & {
  /** Watches every visit whose jobs were running when the program last stopped. */
  resume(): Promise<void>;
  /** When every look that is in progress now has ended. */
  settled(): Promise<void>;
};

export type JobsParts = FollowParts & { schedule: Schedule };

/** `running` is the look in progress; `again` asks for one more right after it. */
type Watch = { since: number; cancel: () => void; running: Promise<void> | undefined; again: boolean };

/** Watching a visit that is watched already makes it look at once. */
export function createJobs(parts: JobsParts): VisitJobs {
  const watches = new Map<VisitId, Watch>();
  let isStopped = false;

  const look = (visitId: VisitId, watch: Watch): void => {
    if (isStopped) return;
    watch.cancel();
    watch.again = watch.running !== undefined;
    watch.running ??= lookNow(visitId, watch);
  };

  const lookNow = async (visitId: VisitId, watch: Watch): Promise<void> => {
    const next = await followJob(parts, visitId, watch.since).catch(failedLook(parts, visitId));
    watch.running = undefined;
    if (next === "ended" && !watch.again) watches.delete(visitId);
    else if (!isStopped) watch.cancel = parts.schedule.after(delayOf(watch, next), () => look(visitId, watch));
  };

  const delayOf = (watch: Watch, next: Next): number => {
    if (watch.again || next === "ended") return 0;
    return Math.max(next.waitMs, pollDelayMs(parts.clock.now() - watch.since));
  };

  const watch = (visitId: VisitId): void => {
    const known = watches.get(visitId);
    const entry = known ?? { since: parts.clock.now(), cancel: () => {}, running: undefined, again: false };
    watches.set(visitId, entry);
    look(visitId, entry);
  };

  const settled = async (): Promise<void> => {
    await Promise.all([...watches.values()].map(({ running }) => running ?? Promise.resolve()));
  };

  return {
    watch,
    settled,
    resume: async () => {
      for (const visitId of await visitsToWatch(parts.store)) watch(visitId);
    },
    stop: async () => {
      isStopped = true;
      for (const entry of watches.values()) entry.cancel();
      await settled();
    },
  };
}

/** §9.8. */
export function pollDelayMs(watchedMs: number): number {
  if (watchedMs < 30_000) return 2_000;
  return watchedMs < 60_000 ? 5_000 : 10_000;
}

/** A look that broke (the store is shut, a fault of ours) must not end the watching. */
function failedLook({ log }: JobsParts, visitId: VisitId): (thrown: unknown) => Next {
  return (thrown) => {
    log.error({ visit: visitId, ...errorFields(thrown) }, "looking at a scribe job failed");
    return { waitMs: 10_000 };
  };
}
