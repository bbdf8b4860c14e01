/** The queue of filings in the store: what is due, and each step of a filing as one durable change. */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import { jsonText } from "#bff/visits/visit-record.ts";
import { UserId, VisitId } from "#model/id.ts";
import { Note } from "#model/note.ts";
import { Patient } from "#model/patient.ts";
import { Problem } from "#model/problem.ts";
import { settleVisitStatement } from "./follow-up-rows.ts";

/** A signed note on its way to the chart. Times are clock ms. */
const FilingRow = z
  .object({
    visit_id: VisitId,
    clinician_id: UserId,
    clinician_name: z.string(),
    patient_json: jsonText(Patient),
    patient_pid: z.string(),
    reason: z.string(),
    started_at: z.number(),
    note_json: jsonText(Note),
    encounter_id: z.string().nullable(),
    encounter_uuid: z.string().nullable(),
    note_id: z.string().nullable(),
    tries: z.number().int(),
    unsettled_since: z.number().nullable(),
    problem_json: jsonText(Problem).nullable(),
  })
  .transform((row) => ({
    visitId: row.visit_id,
    clinician: { id: row.clinician_id, name: row.clinician_name },
    patientId: row.patient_json.id,
    pid: row.patient_pid,
    reason: row.reason,
    startedAt: row.started_at,
    /** The signed text, to the letter. */
    note: row.note_json,
    encounter: row.encounter_id === null ? null : { id: row.encounter_id, uuid: row.encounter_uuid },
    noteId: row.note_id,
    tries: row.tries,
    /** When a write was sent whose outcome nobody knows yet. */
    unsettledSince: row.unsettled_since,
    problem: row.problem_json,
  }));
export type FilingOrder = z.output<typeof FilingRow>;

/** Due by time; those that wait for a sign-in are always due, because only asking can tell. Longest waiting first. */
export async function dueFilings(store: Store, now: number): Promise<FilingOrder[]> {
  const rows = await store.query(
    `SELECT f.*, v.clinician_name, v.patient_json, v.patient_pid, v.reason, v.started_at, s.note_json
      FROM filings f JOIN visits v ON v.id = f.visit_id JOIN signed_notes s ON s.visit_id = f.visit_id
      WHERE f.state = 'waiting' AND (f.next_try_at <= ? OR f.problem_json LIKE '%"code":"signed_out"%')
      ORDER BY f.next_try_at, f.visit_id LIMIT 100`,
    [now],
  );
  return rows.map((row) => FilingRow.parse(row));
}

/** When the next one falls due, or undefined when nothing waits. */
export async function nextDue(store: Store): Promise<number | undefined> {
  const [row] = await store.query("SELECT MIN(next_try_at) AS due FROM filings WHERE state = 'waiting'");
  return typeof row?.["due"] === "number" ? row["due"] : undefined;
}

/** What a crash or a full disk left half filed waits again. Only between rounds, when nobody is filing. */
export const takeUpStatement: Statement = {
  sql: "UPDATE filings SET state = 'waiting' WHERE state = 'filing'",
  params: [],
};

export function claimStatement(visitId: VisitId): Statement {
  return {
    sql: "UPDATE filings SET state = 'filing', tries = tries + 1 WHERE visit_id = ? AND state = 'waiting'",
    params: [visitId],
    expectRows: 1,
  };
}

/** Before a write is sent: from now on its outcome is unknown. */
export function unsettledStatement(visitId: VisitId, since: number | null): Statement {
  return { sql: "UPDATE filings SET unsettled_since = ? WHERE visit_id = ?", params: [since, visitId], expectRows: 1 };
}

export function encounterStatement(visitId: VisitId, encounter: { id: string; uuid: string | null }): Statement {
  return {
    sql: "UPDATE filings SET encounter_id = ?, encounter_uuid = ?, unsettled_since = NULL WHERE visit_id = ?",
    params: [encounter.id, encounter.uuid, visitId],
    expectRows: 1,
  };
}

export function noteStatement(visitId: VisitId, noteId: string): Statement {
  return {
    sql: "UPDATE filings SET note_id = ?, unsettled_since = NULL WHERE visit_id = ?",
    params: [noteId, visitId],
    expectRows: 1,
  };
}

/** Filed and verified: the filing and the visit together. */
export function verifiedStatements(visitId: VisitId, now: number): Statement[] {
  return [
    {
      sql: "UPDATE filings SET state = 'verified', verified_at = ?, problem_json = NULL WHERE visit_id = ? AND state = 'filing'",
      params: [now, visitId],
      expectRows: 1,
    },
    { sql: "UPDATE visits SET state = 'filed' WHERE id = ? AND state = 'signed'", params: [visitId] },
    settleVisitStatement(visitId, now),
  ];
}

export function putOffStatement(visitId: VisitId, why: Problem, nextTryAt: number): Statement {
  return {
    sql: "UPDATE filings SET state = 'waiting', problem_json = ?, next_try_at = ? WHERE visit_id = ? AND state IN ('waiting', 'filing')",
    params: [JSON.stringify(why), nextTryAt, visitId],
    expectRows: 1,
  };
}

/** Trying again by itself would not help: a person must act, then ask for another try. */
export function failedStatement(visitId: VisitId, why: Problem): Statement {
  return {
    sql: "UPDATE filings SET state = 'failed', problem_json = ? WHERE visit_id = ? AND state IN ('waiting', 'filing')",
    params: [JSON.stringify(why), visitId],
    expectRows: 1,
  };
}

/** A person asks for another try now. Verified filings and those under way are left alone. */
export function retryStatement(visitId: VisitId, now: number): Statement {
  return {
    sql: "UPDATE filings SET state = 'waiting', next_try_at = ? WHERE visit_id = ? AND state IN ('waiting', 'failed')",
    params: [now, visitId],
  };
}
