/** Where a visit stands after Stop, as five steps: from the two tallies that are true, never from a timer. */
import type { ProcessingStep } from "#model/visit.ts";
import type { VisitView } from "#protocol/bff.ts";
import type { Step, StepState } from "#ui/progress-steps.tsx";

/** What this device still knows of the visit; undefined when its audio lies elsewhere or is erased. */
export type LocalTally = { durableMs: number; chunksCut: number; chunksReceived: number; finished: boolean };

export type ProgressInput = { visit: VisitView | undefined; local: LocalTally | undefined };

type StepId = "saved" | "sent" | "transcribing" | "writing" | "checking";

const labels: Record<StepId, string> = {
  saved: "Saved",
  sent: "Sent",
  transcribing: "Transcribing",
  writing: "Writing note",
  checking: "Checking evidence",
};

/** The five steps in order, each done, now, next or failed. At most one is now or failed. */
export function stepsOf(input: ProgressInput): Step[] {
  const at = positionOf(input);
  const hasFailed = input.visit?.state === "failed";
  return (Object.keys(labels) as StepId[]).map((id, index) => {
    const note = noteOf(id, input);
    return { id, label: labels[id], state: stateAt(index, at, hasFailed), ...(note === undefined ? {} : { note }) };
  });
}

function stateAt(index: number, at: number, hasFailed: boolean): StepState {
  if (index < at) return "done";
  if (index > at) return "next";
  return hasFailed ? "failed" : "now";
}

const atStep: Record<ProcessingStep, number> = { receiving: 1, transcribing: 2, writing: 3, checking: 4, done: 5 };

/** The index of the step that runs now; 5 when all are done. */
function positionOf({ visit, local }: ProgressInput): number {
  if (local !== undefined && !local.finished) return 0;
  if (visit === undefined) return 1;
  if (visit.declared === null) return 1;
  return atStep[visit.step ?? "receiving"];
}

function noteOf(id: StepId, input: ProgressInput): string | undefined {
  if (id === "saved") return savedNote(input);
  return id === "sent" ? sentNote(input) : undefined;
}

function savedNote({ visit, local }: ProgressInput): string | undefined {
  const ms = local?.durableMs ?? visit?.declared?.durationMs;
  return ms === undefined ? undefined : `${minutesAndSeconds(ms)} recorded`;
}

function sentNote({ visit, local }: ProgressInput): string | undefined {
  return visit?.wholeFile === true ? wholeNote(visit) : piecesNote({ visit, local });
}

function wholeNote({ received }: VisitView): string {
  return received.chunks > 0 ? "Received by the scribe in one piece" : "Being sent in one piece";
}

function piecesNote({ visit, local }: ProgressInput): string | undefined {
  const total = visit?.declared?.chunks ?? local?.chunksCut;
  if (total === undefined) return undefined;
  const received = Math.max(visit?.received.chunks ?? 0, local?.chunksReceived ?? 0);
  return `${Math.min(received, total)} of ${total} pieces received by the scribe`;
}

function minutesAndSeconds(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export const slowAfterMs = 120_000;
export const stuckAfterMs = 600_000;

/** Is it slower than it should be? Measured from the last change that the clinic server saw. */
export function paceOf(visit: VisitView, nowMs: number): "normal" | "slow" | "stuck" {
  if (visit.declared === null || visit.step === "done" || visit.state !== "processing") return "normal";
  const silentMs = nowMs - Date.parse(visit.updatedAt);
  if (silentMs >= stuckAfterMs) return "stuck";
  return silentMs >= slowAfterMs ? "slow" : "normal";
}
