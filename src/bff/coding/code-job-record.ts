/** The jobs of the code service as stored: one for each text of a visit's note. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import { jsonText } from "#bff/visits/visit-record.ts";
import { CodeSuggestions } from "#model/code-suggestion.ts";
import { VisitId } from "#model/id.ts";
import { Problem } from "#model/problem.ts";

const CodeJobRow = z
  .object({
    visit_id: VisitId,
    text_sha256: z.string(),
    revision: z.number(),
    state: z.enum(["running", "done", "failed"]),
    asked_at: z.number(),
    asks: z.number(),
    problem_json: jsonText(Problem).nullable(),
    result_json: jsonText(CodeSuggestions).nullable(),
  })
  .transform((row) => ({
    visitId: row.visit_id,
    textSha256: row.text_sha256,
    revision: row.revision,
    state: row.state,
    askedAt: row.asked_at,
    asks: row.asks,
    problem: row.problem_json,
    result: row.result_json,
  }));
export type CodeJobRecord = z.output<typeof CodeJobRow>;

/** Names a job; it does not tell what the note says. */
export type CodeJobKey = Pick<CodeJobRecord, "visitId" | "textSha256">;

export function textHashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The job of this text, else the newest one of the visit; undefined when nobody asked. */
export async function findCodeJob(
  store: Store,
  { visitId, textSha256 }: CodeJobKey,
): Promise<CodeJobRecord | undefined> {
  const sql = `SELECT * FROM code_jobs WHERE visit_id = ?
    ORDER BY CASE WHEN text_sha256 = ? THEN 0 ELSE 1 END, asked_at DESC LIMIT 1`;
  const [row] = await store.query(sql, [visitId, textSha256]);
  return row === undefined ? undefined : CodeJobRow.parse(row);
}

export async function runningCodeJobs(store: Store): Promise<CodeJobRecord[]> {
  const rows = await store.query("SELECT * FROM code_jobs WHERE state = 'running' ORDER BY asked_at");
  return rows.map((row) => CodeJobRow.parse(row));
}

/** Returns the row when a job begins by this: the text is new, or its job had failed. A job that runs or is done is left alone. */
export function beginCodeJob({ visitId, textSha256 }: CodeJobKey, revision: number, now: number): Statement {
  return {
    sql: `INSERT INTO code_jobs (visit_id, text_sha256, revision, state, asked_at) VALUES (?, ?, ?, 'running', ?)
      ON CONFLICT (visit_id, text_sha256) DO UPDATE SET state = 'running', revision = excluded.revision,
        asked_at = excluded.asked_at, asks = 1, ended_at = NULL, problem_json = NULL
      WHERE code_jobs.state = 'failed' RETURNING asks`,
    params: [visitId, textSha256, revision, now],
  };
}

/** Counts one more time that the service is asked for a job that was running when the program stopped. */
export function askOnceMore({ visitId, textSha256 }: CodeJobKey): Statement {
  return {
    sql: "UPDATE code_jobs SET asks = asks + 1 WHERE visit_id = ? AND text_sha256 = ? AND state = 'running'",
    params: [visitId, textSha256],
    expectRows: 1,
  };
}

export type CodeJobEnd = { problem: Problem } | { result: CodeSuggestions };

export function endCodeJob({ visitId, textSha256 }: CodeJobKey, end: CodeJobEnd, now: number): Statement {
  const told =
    "result" in end ? ["done", null, JSON.stringify(end.result)] : ["failed", JSON.stringify(end.problem), null];
  return {
    sql: `UPDATE code_jobs SET state = ?, problem_json = ?, result_json = ?, ended_at = ?
      WHERE visit_id = ? AND text_sha256 = ? AND state = 'running'`,
    params: [...told, now, visitId, textSha256],
    expectRows: 1,
  };
}
