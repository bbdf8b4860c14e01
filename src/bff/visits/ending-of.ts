/** What a service's answer about a job changes in its row when the job has ended; undefined while it works. */
import type { Statement } from "#bff/store/store.ts";
import type { ScribeStatus } from "#scribe/scribe.ts";
import { keepResult } from "./part-results.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { failJob } from "./scribe-jobs.ts";

export function endingOf(job: JobRecord, status: ScribeStatus): Statement[] | undefined {
  switch (status.state) {
    case "done":
      return [keepResult(job, { isWhole: true, result: status.result })];
    case "partial": {
      const missing = status.missing.slice(0, 20).map((name) => name.slice(0, 80));
      const result = { ...status.result, missing, ...(status.restAlone === true && { restAlone: true }) };
      return [keepResult(job, { isWhole: false, result })];
    }
    case "failed":
      return [failJob(job, status.problem)];
    default:
      return undefined;
  }
}
