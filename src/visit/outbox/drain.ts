/** The next thing a visit needs from the clinic server, and doing it. One step at a time, in order, each safe to repeat. */
import type { Chunk, Receipt } from "#model/chunk.ts";
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { problem, toProblem } from "#model/problem.ts";
import type { ErasureReceipt, VisitMarks } from "#protocol/bff-audio.ts";
import type { VisitCreate } from "#protocol/bff.ts";
import type { Requests } from "./requests.ts";

export type OutboxVisit = {
  visitId: VisitId;
  clinicianId: string;
  create: VisitCreate;
  mimeType: string;
  /** By sequence, without gaps. */
  chunks: readonly Chunk[];
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
  /** The whole visit as one standalone recording. */
  whole(visitId: VisitId): Promise<Uint8Array<ArrayBuffer>>;
  receive(visitId: VisitId, receipt: Receipt): Promise<void>;
  mark(visitId: VisitId, mark: OutboxMark): Promise<void>;
  /** Makes smaller chunks of one that was not received; the sequences count on without gaps. */
  split(visitId: VisitId, sequence: number): Promise<void>;
  tombstones(): readonly OutboxTombstone[];
  /** Removes all that is left of a visit. */
  forget(visitId: VisitId): Promise<void>;
};

export type DrainParts = { journal: OutboxJournal; requests: Requests; clock: Clock };

export type Step = "discard" | "register" | "send" | "compare" | "finish" | "whole" | "rest";

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
  if (step === "discard" && visit.discarded !== null) {
    await requests.discard(visitId, visit.discarded);
    await journal.forget(visitId);
  } else if (step === "register") {
    await requests.register(visitId, visit.create);
    await journal.mark(visitId, { mark: "registered", at: clock.now() });
  } else if (step === "send") await sendChunk(parts, visit);
  else if (step === "compare") await compare(parts, visit);
  else if (step === "finish") await finish(parts, visit);
  else if (step === "whole") await sendWhole(parts, visit);
}

function firstUnsent(visit: OutboxVisit): Chunk | undefined {
  return visit.chunks.find((chunk) => !visit.receipts.has(chunk.sequence));
}

/** A chunk that somebody on the way finds too large goes in smaller ones. */
async function sendChunk({ journal, requests }: DrainParts, visit: OutboxVisit): Promise<void> {
  const { visitId, mimeType } = visit;
  const chunk = firstUnsent(visit);
  if (chunk === undefined) return;
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

/** True when the clinic server lists every chunk for which we hold a receipt; what it does not list is to be sent again. */
async function compare({ journal, requests, clock }: DrainParts, visit: OutboxVisit): Promise<boolean> {
  const listed = new Map((await requests.receipts(visit.visitId)).map((receipt) => [receipt.sequence, receipt]));
  const conflict = visit.chunks.find((chunk) => (listed.get(chunk.sequence) ?? chunk).sha256 !== chunk.sha256);
  if (conflict) throw problem("chunk_conflict", { detail: `chunk ${conflict.sequence}` });
  const sequences = [...visit.receipts.keys()].filter((sequence) => !listed.has(sequence));
  if (sequences.length > 0) await journal.mark(visit.visitId, { mark: "lost", at: clock.now(), sequences });
  return sequences.length === 0;
}

/** A new attempt at the scribe empties the clinic server's list, so it is compared before every finish. */
async function finish(parts: DrainParts, visit: OutboxVisit): Promise<void> {
  if (!(await compare(parts, visit))) return;
  const { gaps, moments } = visit.marks;
  if (gaps.length + moments.length > 0) await parts.requests.marks(visit.visitId, visit.marks);
  await parts.requests.finish(visit.visitId, visit.chunks);
  await parts.journal.mark(visit.visitId, { mark: "finished", at: parts.clock.now() });
}

/** The end is declared first: the clinic server then knows what the file holds, or says that it has it already. */
async function sendWhole({ journal, requests, clock }: DrainParts, visit: OutboxVisit): Promise<void> {
  const { visitId, mimeType, chunks, marks } = visit;
  if (marks.gaps.length + marks.moments.length > 0) await requests.marks(visitId, marks);
  const isWanted = await requests.finish(visitId, chunks).then(
    () => false,
    (thrown: unknown) => {
      if (toProblem(thrown).code === "whole_file_wanted") return true;
      throw thrown;
    },
  );
  const receipts = isWanted
    ? await requests.putWhole(visitId, { mimeType, bytes: await journal.whole(visitId) })
    : await requests.receipts(visitId);
  for (const receipt of receipts) await journal.receive(visitId, receipt);
  await journal.mark(visitId, { mark: "finished", at: clock.now() });
}

/** Tells the clinic server that the audio is gone; nothing is left here afterwards. A visit it never heard of needs no receipt. */
export async function bury({ journal, requests }: DrainParts, tombstone: OutboxTombstone): Promise<void> {
  const { visitId, device, chunks, sizeBytes, durationMs, sha256, reason } = tombstone;
  const at = new Date(tombstone.at).toISOString();
  await requests.erased(visitId, { device, chunks, sizeBytes, durationMs, sha256, reason, at });
  await journal.forget(visitId);
}
