/** The worklist's queues, worked out from this clinician's visits and what this device holds. */
import type { HeldVisit } from "#model/recording.ts";
import type { VisitState } from "#model/visit.ts";
import type { VisitView, WorklistRow } from "#protocol/bff.ts";
import { isInTrouble } from "#app/clinical/elsewhere.ts";

export type QueueId = "today" | "attention" | "drafts" | "waiting";

export type Queues = { attention: VisitView[]; drafts: VisitView[]; waiting: HeldVisit[] };

const unsignedTooLongMs = 24 * 3_600_000;
const open = new Set<VisitState>(["draft_ready", "partly_ready", "in_review"]);

/** `waiting` holds what is on this device and not yet at the scribe, of this clinician alone. */
export function queuesOf(input: {
  visits: readonly VisitView[];
  held: readonly HeldVisit[];
  clinicianId: string;
  nowMs: number;
}): Queues {
  const { visits, held, clinicianId, nowMs } = input;
  const isOld = (visit: VisitView) => nowMs - Date.parse(visit.startedAt) > unsignedTooLongMs;
  return {
    attention: visits.filter(
      (visit) =>
        visit.state === "failed" ||
        visit.state === "recovered" ||
        visit.filing?.state === "failed" ||
        (visit.state === "processing" && isInTrouble(visit)) ||
        (open.has(visit.state) && isOld(visit)),
    ),
    drafts: visits.filter((visit) => open.has(visit.state)),
    waiting: held.filter((visit) => visit.clinicianId === clinicianId && !isAllSent(visit)),
  };
}

export function isAllSent(visit: HeldVisit): boolean {
  return visit.finished && visit.chunksCut > 0 && visit.chunksReceived >= visit.chunksCut;
}

/** State of a row; an appointment without a visit is `scheduled`. */
export function stateOf(row: WorklistRow): VisitState {
  return row.visit?.state ?? "scheduled";
}

export type RowFilter = { text: string; state: VisitState | "any" };

/** Rows that match, in the order of the day. */
export function filterRows(rows: readonly WorklistRow[], { text, state }: RowFilter): WorklistRow[] {
  const wanted = text.trim().toLowerCase();
  return rows
    .filter((row) => state === "any" || stateOf(row) === state)
    .filter((row) =>
      [row.patient.name, row.patient.recordNumber, row.reason].some((field) => field.toLowerCase().includes(wanted)),
    )
    .toSorted((a, b) => a.startTime.localeCompare(b.startTime));
}

export function rowId(row: WorklistRow): string {
  return row.appointmentId ?? row.visit?.id ?? row.patient.id;
}
