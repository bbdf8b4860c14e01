/** What the jobs of a visit gave, kept from each job's end until all parts are there and the draft is made. */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import type { VisitId } from "#model/id.ts";
import { Draft } from "#model/note.ts";
import { Transcript } from "#model/transcript.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { jsonText } from "./visit-record.ts";

const PartResult = z.object({ isWhole: z.boolean(), result: Draft.extend({ transcript: Transcript }) });
/** `isWhole`: the service could finish all of it. */
export type PartResult = z.infer<typeof PartResult>;

/** The job is `done` with it. */
export function keepResult({ visitId, attempt }: JobRecord, kept: PartResult): Statement {
  return {
    sql: `UPDATE scribe_jobs SET state = 'done', result_json = ?
      WHERE visit_id = ? AND attempt = ? AND state NOT IN ('moved', 'left')`,
    params: [JSON.stringify(kept), visitId, attempt],
    expectRows: 1,
  };
}

/** By attempt. */
export async function resultsOf(store: Store, visitId: VisitId): Promise<Map<number, PartResult>> {
  const kept = "SELECT attempt, result_json FROM scribe_jobs WHERE visit_id = ? AND result_json IS NOT NULL";
  const rows = (await store.query(kept, [visitId])).map((row) => Row.parse(row));
  return new Map(rows.map((row) => [row.attempt, row.result_json]));
}

const Row = z.object({ attempt: z.number(), result_json: jsonText(PartResult) });

/** The draft holds them now. */
export function forgetResults(visitId: VisitId): Statement {
  return { sql: "UPDATE scribe_jobs SET result_json = NULL WHERE visit_id = ?", params: [visitId] };
}
