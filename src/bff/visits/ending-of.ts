/** What a service's answer about a job changes in its row when the job has ended; undefined while it works. */
import type { Statement, Store } from "#bff/store/store.ts";
import type { ScribeStatus } from "#scribe/scribe.ts";
import { keepResult } from "./part-results.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { failJob, loseJob, wasTriedAgain } from "./scribe-jobs.ts";

/** A failure that the protocol calls worth one more try loses the job, once: the audio is then asked for again. */
export async function endingOf(store: Store, job: JobRecord, status: ScribeStatus): Promise<Statement[] | undefined> {
  switch (status.state) {
    case "done":
      return [keepResult(job, { isWhole: true, result: status.result })];
    case "partial": {
      const missing = status.missing.slice(0, 20).map((name) => name.slice(0, 80));
      const result = { ...status.result, missing, ...(status.restAlone === true && { restAlone: true }) };
      return [keepResult(job, { isWhole: false, result })];
    }
    case "failed": {
      const isLost = status.onceMore === true && !(await wasTriedAgain(store, job));
      return [isLost ? loseJob(job, status.problem) : failJob(job, status.problem)];
    }
    default:
      return undefined;
  }
}
