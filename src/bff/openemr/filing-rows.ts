/**
 * The queue of filings in the store: what is due, and each step of a filing as one durable change. A signed note has its row in
 * `filings`; an addendum is its own row in `addenda`, due once the note it belongs to is filed, in that note's encounter.
 */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import { jsonText } from "#bff/visits/visit-record.ts";
import { AddendumId, UserId, VisitId } from "#model/id.ts";
import { Note } from "#model/note.ts";
import { Patient } from "#model/patient.ts";
import { Problem } from "#model/problem.ts";
import { settleVisitStatement } from "./follow-up-rows.ts";
import { isDue, type Place } from "./queue-rows.ts";

/** A signed note on its way to the chart. Times are clock ms. */
const FilingRow = z
  .object({
    visit_id: VisitId,
    /** Null for the note itself. */
    addendum_id: AddendumId.nullable(),
    clinician_id: UserId,
    clinician_name: z.string(),
    patient_json: jsonText(Patient),
    patient_pid: z.string(),
    reason: z.string(),
    started_at: z.number(),
    launched_encounter: z.string().nullable(),
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
    addendumId: row.addendum_id,
    clinician: { id: row.clinician_id, name: row.clinician_name },
    patientId: row.patient_json.id,
    pid: row.patient_pid,
    reason: row.reason,
    startedAt: row.started_at,
    /** The encounter (uuid) that was open in OpenEMR when the visit began or was opened there. */
    launchedEncounter: row.launched_encounter,
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

/** What is filed: a visit's note, or one of its addenda. */
export type FilingKey = Pick<FilingOrder, "visitId" | "addendumId">;

export function placeOf({ visitId, addendumId }: FilingKey): Place {
  return addendumId === null
    ? { table: "filings", column: "visit_id", id: visitId }
    : { table: "addenda", column: "id", id: addendumId };
}

const columns = `f.encounter_id, f.encounter_uuid, v.clinician_name, v.patient_json, v.patient_pid, v.reason, v.started_at,
  COALESCE(v.launched_encounter, v.joined_encounter) AS launched_encounter`;

/** Longest waiting first. */
export async function dueFilings(store: Store, now: number): Promise<FilingOrder[]> {
  const notes = `SELECT f.visit_id AS visit_id, NULL AS addendum_id, f.clinician_id, ${columns}, s.note_json, f.note_id, f.tries,
      f.unsettled_since, f.problem_json, f.next_try_at AS next_try_at
    FROM filings f JOIN visits v ON v.id = f.visit_id JOIN signed_notes s ON s.visit_id = f.visit_id
    WHERE ${isDue("f")}`;
  const addenda = `SELECT a.visit_id, a.id AS addendum_id, a.signed_by AS clinician_id, ${columns}, a.note_json, a.note_id, a.tries,
      a.unsettled_since, a.problem_json, a.next_try_at
    FROM addenda a JOIN visits v ON v.id = a.visit_id JOIN filings f ON f.visit_id = a.visit_id AND f.state = 'verified'
    WHERE ${isDue("a")}`;
  const due = `${notes} UNION ALL ${addenda} ORDER BY next_try_at, visit_id LIMIT 100`;
  const rows = await store.query(due, [now, now]);
  return rows.map((row) => FilingRow.parse(row));
}

/** When the next one falls due, or undefined when nothing waits. */
export async function nextDue(store: Store): Promise<number | undefined> {
  const [row] = await store.query(`
    SELECT MIN(due) AS due FROM (
      SELECT MIN(next_try_at) AS due FROM filings WHERE state = 'waiting'
      UNION ALL
      SELECT MIN(a.next_try_at) FROM addenda a JOIN filings f ON f.visit_id = a.visit_id AND f.state = 'verified'
        WHERE a.state = 'waiting')`);
  return typeof row?.["due"] === "number" ? row["due"] : undefined;
}

/** Before a write is sent: from now on its outcome is unknown. */
export function unsettledStatement(key: FilingKey, since: number | null): Statement {
  const { table, column, id } = placeOf(key);
  return { sql: `UPDATE ${table} SET unsettled_since = ? WHERE ${column} = ?`, params: [since, id], expectRows: 1 };
}

/** Of the note itself: its addenda go into the same one. */
export function encounterStatement(visitId: VisitId, encounter: { id: string; uuid: string | null }): Statement {
  return {
    sql: "UPDATE filings SET encounter_id = ?, encounter_uuid = ?, unsettled_since = NULL WHERE visit_id = ?",
    params: [encounter.id, encounter.uuid, visitId],
    expectRows: 1,
  };
}

export function noteStatement(key: FilingKey, noteId: string): Statement {
  const { table, column, id } = placeOf(key);
  return {
    sql: `UPDATE ${table} SET note_id = ?, unsettled_since = NULL WHERE ${column} = ?`,
    params: [noteId, id],
    expectRows: 1,
  };
}

/** Filed and verified: the filing, and with a visit's note the visit itself. */
export function verifiedStatements(key: FilingKey, now: number): Statement[] {
  const { table, column, id } = placeOf(key);
  const verified = {
    sql: `UPDATE ${table} SET state = 'verified', verified_at = ?, problem_json = NULL WHERE ${column} = ? AND state = 'filing'`,
    params: [now, id],
    expectRows: 1,
  };
  if (key.addendumId !== null) return [verified];
  return [
    verified,
    { sql: "UPDATE visits SET state = 'filed' WHERE id = ? AND state = 'signed'", params: [key.visitId] },
    settleVisitStatement(key.visitId, now),
  ];
}

/** A person asks for another try of a visit's note and addenda now. What is verified or under way is left alone. */
export function retryStatements(visitId: VisitId, now: number): Statement[] {
  return ["filings", "addenda"].map((table) => ({
    sql: `UPDATE ${table} SET state = 'waiting', next_try_at = ? WHERE visit_id = ? AND state IN ('waiting', 'failed')`,
    params: [now, visitId],
  }));
}
