/** Reads visits as the browser sees them: one query for the visit, what the scribe holds of it and where filing stands. */
import { z } from "zod";
import type { Row, Store } from "#bff/store/store.ts";
import type { UserId, VisitId } from "#model/id.ts";
import { Problem, problem } from "#model/problem.ts";
import { DeviceReport, EraseReason } from "#protocol/bff-audio.ts";
import type { VisitView } from "#protocol/bff.ts";
import type { FilingView } from "#protocol/bff-filing.ts";
import type { Retention } from "./keep-audio-until.ts";
import { keepAudioUntil } from "./keep-audio-until.ts";
import { isCounted } from "./receipts.ts";
import type { Declared } from "./visit-record.ts";
import { isoOf, jsonText, toVisitRecord } from "./visit-record.ts";

export type VisitReader = {
  /** Throws `not_found`. */
  view(visitId: VisitId): Promise<VisitView>;
  /** This clinician's visits, newest first, at most 200. */
  listOf(clinicianId: UserId): Promise<VisitView[]>;
};

/** Receipts count while their job may still end in a note: those of the newest job of each part, unless it is lost. */
const counted = `FROM receipts r JOIN scribe_jobs j ON ${isCounted} WHERE r.visit_id = v.id`;
const select = `
SELECT v.*, e.erased_at, e.device AS erased_device, e.reason AS erased_reason,
  (SELECT json_group_array(json_object('kind', d.kind, 'state', d.state, 'documentId', d.document_id,
      'verifiedAt', d.verified_at, 'problem', json(d.problem_json)))
    FROM documents d WHERE d.visit_id = v.id
      AND d.addenda = (SELECT MAX(n.addenda) FROM documents n WHERE n.visit_id = v.id AND n.kind = d.kind)) AS documents_json,
  f.state AS filing_state, f.encounter_id, f.note_id, f.verified_at, f.problem_json AS filing_problem_json,
  (SELECT COUNT(*) ${counted}) AS received_chunks,
  (SELECT COALESCE(SUM(r.duration_ms), 0) ${counted}) AS received_ms,
  (SELECT COALESCE(MAX(p.part), 1) FROM scribe_jobs p WHERE p.visit_id = v.id AND p.state <> 'moved') AS part
FROM visits v
LEFT JOIN filings f ON f.visit_id = v.id
LEFT JOIN audio_erasures e ON e.visit_id = v.id
  AND e.erased_at = (SELECT MAX(n.erased_at) FROM audio_erasures n WHERE n.visit_id = v.id)`;

export type ReaderParts = { store: Store; config: Retention };

export function createVisitReader({ store, config }: ReaderParts): VisitReader {
  const toView = (row: Row): VisitView => viewOf(row, config);
  return {
    view: async (visitId) => {
      const [row] = await store.query(`${select} WHERE v.id = ?`, [visitId]);
      if (row === undefined) throw problem("not_found", { field: "visitId" });
      return toView(row);
    },
    listOf: async (clinicianId) => {
      const newest = `${select} WHERE v.clinician_id = ? ORDER BY v.started_at DESC, v.id LIMIT 200`;
      return (await store.query(newest, [clinicianId])).map(toView);
    },
  };
}

const Joined = z.object({
  filing_state: z.enum(["waiting", "filing", "verified", "failed"]).nullable(),
  encounter_id: z.string().nullable(),
  note_id: z.string().nullable(),
  verified_at: z.number().nullable(),
  filing_problem_json: jsonText(Problem).nullable(),
  documents_json: jsonText(
    z.array(
      z.object({
        kind: z.enum(["note", "summary"]),
        state: z.enum(["waiting", "filing", "verified", "failed"]),
        documentId: z.string().nullable(),
        verifiedAt: z.number().nullable(),
        problem: Problem.nullable(),
      }),
    ),
  ),
  received_chunks: z.number(),
  received_ms: z.number(),
  part: z.number(),
  device_report_json: jsonText(DeviceReport).nullable(),
  erased_at: z.number().nullable(),
  erased_device: z.string().nullable(),
  erased_reason: EraseReason.nullable(),
});

function viewOf(row: Row, retention: Retention): VisitView {
  const visit = toVisitRecord(row);
  const joined = Joined.parse(row);
  const keptUntil = keepAudioUntil(visit, joined.received_chunks, retention);
  return {
    id: visit.id,
    state: visit.state,
    patient: visit.patient,
    appointmentId: visit.appointmentId,
    reason: visit.reason,
    clinician: visit.clinician,
    startedAt: isoOf(visit.startedAt),
    updatedAt: isoOf(visit.updatedAt),
    device: visit.device,
    received: { chunks: joined.received_chunks, durationMs: joined.received_ms },
    part: joined.part,
    service: visit.service,
    wholeFile: visit.isWholeFile,
    onDevice: joined.device_report_json,
    audioErased: toErased(joined),
    audioKeptUntil: keptUntil === null ? null : isoOf(keptUntil),
    declared: visit.declared && totalOf(visit.declared),
    step: visit.step,
    problem: visit.problem,
    signedAt: visit.signedAt === null ? null : isoOf(visit.signedAt),
    filing: toFiling(joined),
  };
}

function toErased(joined: z.infer<typeof Joined>): VisitView["audioErased"] {
  const { erased_at: at, erased_device: device, erased_reason: reason } = joined;
  return at === null || device === null || reason === null ? null : { at: isoOf(at), device, reason };
}

function toFiling(joined: z.infer<typeof Joined>): FilingView | null {
  if (joined.filing_state === null) return null;
  const documents = joined.documents_json.map((one) => ({
    ...one,
    verifiedAt: one.verifiedAt === null ? null : isoOf(one.verifiedAt),
  }));
  return {
    state: joined.filing_state,
    encounter: joined.encounter_id,
    noteId: joined.note_id,
    verifiedAt: joined.verified_at === null ? null : isoOf(joined.verified_at),
    problem: joined.filing_problem_json,
    ...(documents.length > 0 && { documents }),
  };
}

function totalOf(declared: Declared): { chunks: number; durationMs: number } {
  return { chunks: declared.length, durationMs: declared.reduce((sum, chunk) => sum + chunk.durationMs, 0) };
}
