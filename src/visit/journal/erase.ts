/** The end of a visit's audio on this device. Crash-safe at every write: what was begun is finished at the next start. */
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import type { Disk } from "./disk.ts";
import type { Keys } from "./keys.ts";
import { figuresOf } from "./figures.ts";
import type { Shelf } from "./journal.ts";
import { keepReceipt } from "./receipts.ts";
import { removeVisit } from "./remove.ts";
import { putTombstone, removeTombstone, type Tombstone } from "./tombstones.ts";
import type { VisitJournal } from "./visit-journal.ts";

type EraseParts = { disk: Disk; keys: Keys };

/** A visit that is not held is erased already. */
export async function erase(shelf: Shelf, visitId: VisitId, reason: Tombstone["reason"]): Promise<void> {
  const found = shelf.visits.get(visitId);
  if (found) {
    shelf.tombstones.set(visitId, await eraseVisit(shelf, found, reason));
    shelf.visits.delete(visitId);
  }
  shelf.onChange(visitId);
}

/** Nothing is left of the visit, but for a deletion receipt. */
export async function forget(shelf: Shelf, visitId: VisitId): Promise<void> {
  await keepReceipt(shelf, visitId);
  const found = shelf.visits.get(visitId);
  shelf.visits.delete(visitId);
  await found?.closeFile();
  if (found) await removeVisit(shelf, visitId);
  if (shelf.tombstones.delete(visitId)) await removeTombstone(shelf.disk, visitId);
  shelf.onChange(visitId);
}

/** Tombstone, then log, then key: once the first is whole, the visit counts as erased. */
async function eraseVisit(
  parts: EraseParts & { clock: Clock },
  journal: VisitJournal,
  reason: Tombstone["reason"],
): Promise<Tombstone> {
  const { header, chunks } = journal.state();
  const { visitId, clinicianId, startedAt } = header.header;
  const tombstone: Tombstone = {
    visitId,
    clinicianId,
    device: header.create.device,
    ...(await figuresOf(journal.state())),
    sizeBytes: chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0),
    startedAt,
    at: parts.clock.now(),
    reason,
  };
  await putTombstone(parts.disk, tombstone).catch(async (thrown: unknown) => {
    if (toProblem(thrown).code !== "storage_full") throw thrown;
    await journal.trim();
    await putTombstone(parts.disk, tombstone);
  });
  await journal.closeFile();
  await removeVisit(parts, visitId);
  return tombstone;
}
