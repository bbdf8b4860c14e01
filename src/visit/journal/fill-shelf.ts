/** Everything that is on the disk, found again at the start. Not needed to record: a script of its own. */
import type { VisitId } from "#model/id.ts";
import type { Shelf } from "./journal.ts";
import { findStray, loadVisit, removeStrayBoxes } from "./load.ts";
import { logsOn } from "./log-names.ts";
import { removeVisit } from "./remove.ts";
import { readTombstones } from "./tombstones.ts";
import type { VisitJournal } from "./visit-journal.ts";

/** Puts what can be opened by now where it belongs. Resolves to the visits that were opened. */
export async function fillShelf(shelf: Shelf): Promise<VisitId[]> {
  await buryErased(shelf);
  await findStray(shelf);
  await removeStrayBoxes(shelf.disk);
  const opened: VisitId[] = [];
  const pages = await shelf.pages?.();
  for (const visitId of await logsOn(shelf.disk)) {
    if (shelf.visits.has(visitId)) continue;
    const isRecorded = (await pages?.isOpen(visitId)) === true;
    const loaded = await loadVisit(shelf, visitId, isRecorded);
    shelf.locked.delete(visitId);
    if (loaded.is === "locked") shelf.locked.set(visitId, loaded.bytesOnDevice);
    if (loaded.is !== "open") continue;
    shelf.visits.set(visitId, loaded.journal);
    if (isRecorded) pages?.watch(visitId, () => isOver(shelf.visits.get(visitId)));
    opened.push(visitId);
  }
  return opened;
}

/** A crash may have come between a tombstone and the end of its visit. */
async function buryErased(shelf: Shelf): Promise<void> {
  for (const tombstone of await readTombstones(shelf.disk)) {
    await removeVisit(shelf, tombstone.visitId);
    shelf.tombstones.set(tombstone.visitId, tombstone);
  }
}

/** Nothing is left to be recovered of it, or nothing of it is here. */
function isOver(journal: VisitJournal | undefined): boolean {
  return journal === undefined || journal.state().recordings.every(({ ended }) => ended);
}
