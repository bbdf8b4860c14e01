/** The steps that end a visit (drain.ts), or that mend what the clinic server has lost: each safe to repeat. Needed only with network. */
import { problem, toProblem } from "#model/problem.ts";
import type { DrainParts, EndingStep, OutboxTombstone, OutboxVisit } from "./drain.ts";
import { createEndingRequests, type EndingRequests } from "./ending-requests.ts";

type Parts = Pick<DrainParts, "journal" | "clock"> & { requests: EndingRequests };

function withRequests({ journal, wire, clock }: DrainParts): Parts {
  return { journal, clock, requests: createEndingRequests(wire, clock) };
}

/** Does one step; problems are thrown, nothing is half done. */
export async function takeEndingStep(drain: DrainParts, visit: OutboxVisit, step: EndingStep): Promise<void> {
  const parts = withRequests(drain);
  if (step === "discard") await discard(parts, visit);
  else if (step === "compare") await compare(parts, visit);
  else if (step === "finish") await finish(parts, visit);
  else await sendWhole(parts, visit);
}

async function discard({ journal, requests }: Parts, { visitId, discarded }: OutboxVisit): Promise<void> {
  if (discarded === null) return;
  await requests.discard(visitId, discarded);
  await journal.forget(visitId);
}

/** True when the clinic server lists every chunk for which we hold a receipt; what it does not list is to be sent again. */
async function compare({ journal, requests, clock }: Parts, visit: OutboxVisit): Promise<boolean> {
  const listed = new Map((await requests.receipts(visit.visitId)).map((receipt) => [receipt.sequence, receipt]));
  const conflict = visit.chunks.find((chunk) => (listed.get(chunk.sequence) ?? chunk).sha256 !== chunk.sha256);
  if (conflict) throw problem("chunk_conflict", { detail: `chunk ${conflict.sequence}` });
  const sequences = [...visit.receipts.keys()].filter((sequence) => !listed.has(sequence));
  if (sequences.length > 0) await journal.mark(visit.visitId, { mark: "lost", at: clock.now(), sequences });
  return sequences.length === 0;
}

/** A new attempt at the scribe empties the clinic server's list, so it is compared before every finish. */
async function finish(parts: Parts, visit: OutboxVisit): Promise<void> {
  if (!(await compare(parts, visit))) return;
  const { gaps, moments } = visit.marks;
  if (gaps.length + moments.length > 0) await parts.requests.marks(visit.visitId, visit.marks);
  await parts.requests.finish(visit.visitId, visit.chunks);
  await parts.journal.mark(visit.visitId, { mark: "finished", at: parts.clock.now() });
}

/** The end is declared first: the clinic server then knows what the file holds, or says that it has it already. */
async function sendWhole({ journal, requests, clock }: Parts, visit: OutboxVisit): Promise<void> {
  const { visitId, chunks, marks } = visit;
  if (marks.gaps.length + marks.moments.length > 0) await requests.marks(visitId, marks);
  const isWanted = await requests.finish(visitId, chunks).then(
    () => false,
    (thrown: unknown) => {
      if (toProblem(thrown).code === "whole_file_wanted") return true;
      throw thrown;
    },
  );
  const receipts = isWanted
    ? await requests.putWhole(visitId, await journal.whole(visitId))
    : await requests.receipts(visitId);
  for (const receipt of receipts) await journal.receive(visitId, receipt);
  await journal.mark(visitId, { mark: "finished", at: clock.now() });
}

/** Tells the clinic server that the audio is gone; nothing is left here afterwards. A visit it never heard of needs no receipt. */
export async function bury(parts: DrainParts, tombstone: OutboxTombstone): Promise<void> {
  const { journal, requests } = withRequests(parts);
  const { visitId, device, chunks, sizeBytes, durationMs, sha256, reason } = tombstone;
  const at = new Date(tombstone.at).toISOString();
  await requests.erased(visitId, { device, chunks, sizeBytes, durationMs, sha256, reason, at });
  await journal.forget(visitId);
}
