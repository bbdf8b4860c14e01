/** The queue of documents in the store: ordered when a note or an addendum is filed, each step of one a durable change. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { isDue, type Place } from "#bff/openemr/queue-rows.ts";
import type { Statement, Store } from "#bff/store/store.ts";
import { jsonText } from "#bff/visits/visit-record.ts";
import { UserId, VisitId } from "#model/id.ts";
import { Note } from "#model/note.ts";
import { Patient } from "#model/patient.ts";
import { Problem } from "#model/problem.ts";

export const DocumentKind = z.enum(["note", "summary"]);
export type DocumentKind = z.infer<typeof DocumentKind>;

/** Times are clock ms. */
const OrderRow = z
  .object({
    id: z.string(),
    visit_id: VisitId,
    kind: DocumentKind,
    addenda: z.number().int(),
    clinician_id: UserId,
    clinician_name: z.string(),
    patient_json: jsonText(Patient),
    patient_pid: z.string(),
    reason: z.string(),
    started_at: z.number(),
    note_json: jsonText(Note),
    signed_at: z.number(),
    drafted_with: z.string(),
    encounter_id: z.string(),
    name: z.string(),
    body: z.instanceof(Uint8Array).nullable(),
    category: z.string().nullable(),
    tries: z.number().int(),
    unsettled_since: z.number().nullable(),
    written_at: z.number().nullable(),
    problem_json: jsonText(Problem).nullable(),
  })
  .transform((row) => ({
    id: row.id,
    visitId: row.visit_id,
    kind: row.kind,
    addenda: row.addenda,
    clinician: { id: row.clinician_id, name: row.clinician_name },
    patient: row.patient_json,
    pid: row.patient_pid,
    reason: row.reason,
    startedAt: row.started_at,
    note: row.note_json,
    signedAt: row.signed_at,
    draftedWith: row.drafted_with,
    encounterId: row.encounter_id,
    name: row.name,
    /** As it was made, so that every try sends the same. */
    body: row.body,
    /** Where it was sent. */
    category: row.category,
    tries: row.tries,
    /** When an upload was sent whose outcome nobody knows yet. */
    unsettledSince: row.unsettled_since,
    /** When OpenEMR answered an upload. */
    writtenAt: row.written_at,
    problem: row.problem_json,
  }));
export type DocumentOrder = z.output<typeof OrderRow>;

/** With what was just filed, in the same transaction: one of each kind with the addenda that are filed by now. */
export function orderStatements(
  kinds: readonly DocumentKind[],
  { visitId, clinicianId, now }: { visitId: VisitId; clinicianId: UserId; now: number },
): Statement[] {
  return kinds.map((kind) => {
    const id = randomUUID();
    return {
      sql: `INSERT INTO documents (id, visit_id, kind, addenda, clinician_id, name, state, next_try_at)
        SELECT ?, CAST(? AS TEXT), ?, (SELECT COUNT(*) FROM addenda a WHERE a.visit_id = ? AND a.state = 'verified'), ?, ?, 'waiting', CAST(? AS INTEGER)
        WHERE true ON CONFLICT (visit_id, kind, addenda) DO NOTHING`,
      params: [id, visitId, kind, visitId, clinicianId, `chartside-${kind}-${id}.pdf`, now],
    };
  });
}

/** Longest waiting first. */
export async function dueDocuments(store: Store, now: number): Promise<DocumentOrder[]> {
  const rows = await store.query(
    `SELECT d.*, v.clinician_name, v.patient_json, v.patient_pid, v.reason, v.started_at, s.note_json, s.signed_at, s.drafted_with,
        f.encounter_id
      FROM documents d JOIN visits v ON v.id = d.visit_id JOIN signed_notes s ON s.visit_id = d.visit_id
        JOIN filings f ON f.visit_id = d.visit_id
      WHERE ${isDue("d")}
      ORDER BY d.next_try_at, d.id LIMIT 20`,
    [now],
  );
  return rows.map((row) => OrderRow.parse(row));
}

export async function nextDocumentDue(store: Store): Promise<number | undefined> {
  const [row] = await store.query("SELECT MIN(next_try_at) AS due FROM documents WHERE state = 'waiting'");
  return typeof row?.["due"] === "number" ? row["due"] : undefined;
}

const AddendumText = z
  .object({ note_json: jsonText(Note), signed_at: z.number() })
  .transform((row) => ({ text: row.note_json.subjective, signedAt: row.signed_at }));

/** The first so many filed ones, oldest first. */
export async function addendaIn(store: Store, { visitId, addenda }: Pick<DocumentOrder, "visitId" | "addenda">) {
  const sql = `SELECT note_json, signed_at FROM addenda WHERE visit_id = ? AND state = 'verified'
    ORDER BY verified_at, signed_at, id LIMIT ?`;
  return (await store.query(sql, [visitId, addenda])).map((row) => AddendumText.parse(row));
}

export async function followUpSentences(store: Store, visitId: VisitId): Promise<string[]> {
  const rows = await store.query("SELECT sentence FROM follow_ups WHERE visit_id = ? ORDER BY window_from, id", [
    visitId,
  ]);
  return rows.map((row) => z.string().parse(row["sentence"]));
}

type Key = Pick<DocumentOrder, "id">;

export function placeOf({ id }: Key): Place {
  return { table: "documents", column: "id", id };
}

export function madeStatement({ id }: Key, { bytes, sha3 }: { bytes: Uint8Array; sha3: string }): Statement {
  return { sql: "UPDATE documents SET body = ?, sha3 = ? WHERE id = ?", params: [bytes, sha3, id], expectRows: 1 };
}

/** Before an upload is sent: from now on its outcome is unknown. */
export function sendingStatement({ id }: Key, { category, now }: { category: string; now: number }): Statement {
  const sql = "UPDATE documents SET unsettled_since = ?, category = ? WHERE id = ?";
  return { sql, params: [now, category, id], expectRows: 1 };
}

/** OpenEMR answered, whatever it said: the next look shows the whole truth. */
export function answeredStatement({ id }: Key, writtenAt: number | null): Statement {
  const sql = "UPDATE documents SET unsettled_since = NULL, written_at = ? WHERE id = ?";
  return { sql, params: [writtenAt, id], expectRows: 1 };
}

/** Its bytes are OpenEMR's to keep now. */
export function inChartStatement({ id }: Key, { documentId, now }: { documentId: string; now: number }): Statement {
  const sql = `UPDATE documents SET state = 'verified', verified_at = ?, document_id = ?, body = NULL, problem_json = NULL,
    unsettled_since = NULL WHERE id = ? AND state = 'filing'`;
  return { sql, params: [now, documentId, id], expectRows: 1 };
}

/** A person asks for another try, and has seen to what was in the way: an upload that no list shows may be sent again. */
export function againStatement(visitId: VisitId, now: number): Statement {
  const sql = `UPDATE documents SET state = 'waiting', next_try_at = ?, written_at = NULL
    WHERE visit_id = ? AND state IN ('waiting', 'failed')`;
  return { sql, params: [now, visitId] };
}
