import type { Turn } from "#model/transcript.ts";
import { type Job, type JobNeeds, runJob } from "./session-job.ts";
import { createSignal } from "./signal.ts";

/** Keeps one job per session that has something to hear or to write. */
export type ScribeWork = {
  /** A chunk came, the session ended, or it expired. */
  wake(sessionId: string): void;
  /** Turns heard so far; none when the session is not being heard. */
  turns(sessionId: string): Turn[];
  /** Takes up every session that an earlier run left unfinished. */
  resume(): void;
  /** Stops everything where it is; what is stored is enough to go on. */
  close(): Promise<void>;
};

export function createScribeWork(needs: Omit<JobNeeds, "closing">): ScribeWork {
  const { store } = needs;
  const closing = new AbortController();
  const jobs = new Map<string, { job: Job; done: Promise<void> }>();

  async function run(job: Job): Promise<void> {
    try {
      await runJob({ ...needs, closing: closing.signal }, job);
    } catch {
      // The disk refused. The session stays as it is stored, and the next start takes it up.
      needs.report({ sessionId: job.id, code: "internal_error" });
    }
    jobs.delete(job.id);
  }

  function start(id: string): void {
    if (closing.signal.aborted || jobs.has(id)) return;
    const job: Job = { id, turns: [], signal: createSignal() };
    jobs.set(id, { job, done: run(job) });
  }

  return {
    wake(sessionId) {
      start(sessionId);
      jobs.get(sessionId)?.job.signal.ring();
    },
    turns: (sessionId) => jobs.get(sessionId)?.job.turns ?? [],
    resume() {
      const unfinished = store.inStates(["created", "recording", "processing"]);
      const hasWork = ({ id, endedAt }: { id: string; endedAt: number | null }) =>
        endedAt !== null || store.chunks(id).length > 0;
      unfinished.filter(hasWork).forEach(({ id }) => start(id));
    },
    async close() {
      closing.abort();
      const underway = [...jobs.values()];
      underway.forEach(({ job }) => job.signal.ring());
      await Promise.all(underway.map(({ done }) => done));
    },
  };
}
