/**
 * The next thing a visit needs from the clinic server, and doing it. One step at a time, in order, each safe to repeat. The steps
 * that a running recording does not need are in ending.ts.
 */
import type { Chunk, Receipt } from "#model/chunk.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import type { ErasureReceipt, VisitMarks } from "#protocol/bff-audio.ts";
import type { VisitCreate } from "#protocol/bff.ts";
import type { Requests } from "./requests.ts";
import type { Wire } from "./wire.ts";

export type OutboxVisit = {
  visitId: VisitId;
  clinicianId: string;
  create: VisitCreate;
  /** By sequence, without gaps. Recordings of one visit may be in different formats. */
  chunks: readonly (Chunk & { mimeType: string })[];
  receipts: ReadonlyMap<number, Receipt>;
  registered: boolean;
  /** No more chunks will come. */
  closed: boolean;
  finished: boolean;
  discarded: "discarded" | "withdrawn" | null;
  marks: VisitMarks;
  durableMs: number;
};

/** What is left of a visit whose audio was erased, until the clinic server knows. `at` is clock ms. */
export type OutboxTombstone = Omit<ErasureReceipt, "at"> & { visitId: VisitId; clinicianId: string; at: number };

export type OutboxMark =
  | { mark: "registered" | "finished"; at: number }
  | { mark: "lost"; at: number; sequences: number[] };

/** What the outbox reads from the journal and writes into it; each write is durable when it resolves. */
export type OutboxJournal = {
  /** Oldest first. */
  toSend(): readonly OutboxVisit[];
  chunk(visitId: VisitId, sequence: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The whole visit as one standalone recording. `formats_differ` when it cannot be one. */
  whole(visitId: VisitId): Promise<{ mimeType: string; bytes: Uint8Array<ArrayBuffer> }>;
  receive(visitId: VisitId, receipt: Receipt): Promise<void>;
  mark(visitId: VisitId, mark: OutboxMark): Promise<void>;
  /** Makes smaller chunks of one that was not received; the sequences count on without gaps. */
  split(visitId: VisitId, sequence: number): Promise<void>;
  tombstones(): readonly OutboxTombstone[];
  /** Removes all that is left of a visit. */
  forget(visitId: VisitId): Promise<void>;
};

export type DrainParts = { journal: OutboxJournal; requests: Requests; wire: Wire; clock: Clock };

export type EndingStep = "discard" | "compare" | "finish" | "whole";
export type Step = "register" | "send" | EndingStep | "rest";

/** `compare`: the receipts we hold are in doubt. `whole`: the service takes the recording in one piece, after its end. */
export function nextStep(visit: OutboxVisit, { compare, whole }: { compare: boolean; whole: boolean }): Step {
  if (visit.discarded !== null) return "discard";
  if (!visit.registered) return "register";
  if (compare) return "compare";
  if (firstUnsent(visit) !== undefined) return whole ? atItsEnd(visit) : "send";
  return visit.closed && !visit.finished && visit.chunks.length > 0 ? "finish" : "rest";
}

function atItsEnd({ closed }: OutboxVisit): Step {
  return closed ? "whole" : "rest";
}

/** Does one step; problems are thrown, nothing is half done. */
export async function takeStep(parts: DrainParts, visit: OutboxVisit, step: Step): Promise<void> {
  const { journal, requests, clock } = parts;
  const { visitId } = visit;
  if (step === "rest") return;
  if (step === "register") {
    await requests.register(visitId, visit.create);
    await journal.mark(visitId, { mark: "registered", at: clock.now() });
  } else if (step === "send") await sendChunk(parts, visit);
  else await (await import("./ending.ts")).takeEndingStep(parts, visit, step);
}

function firstUnsent(visit: OutboxVisit): OutboxVisit["chunks"][number] | undefined {
  return visit.chunks.find((chunk) => !visit.receipts.has(chunk.sequence));
}

/** A chunk that somebody on the way finds too large goes in smaller ones. */
async function sendChunk({ journal, requests }: DrainParts, visit: OutboxVisit): Promise<void> {
  const { visitId } = visit;
  const chunk = firstUnsent(visit);
  if (chunk === undefined) return;
  const { mimeType } = chunk;
  const bytes = await journal.chunk(visitId, chunk.sequence);
  try {
    await journal.receive(visitId, await requests.putChunk(visitId, chunk, { mimeType, bytes }));
  } catch (thrown) {
    if (toProblem(thrown).code !== "too_large") throw thrown;
    await journal.split(visitId, chunk.sequence).catch(() => {
      throw thrown;
    });
  }
}
