/** The end of a visit's audio on this device. Crash-safe at every write: what was begun is finished at the next start. */
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { toProblem } from "#model/problem.ts";
import type { Disk } from "./disk.ts";
import type { Keys } from "./keys.ts";
import { figuresOf } from "./figures.ts";
import { boxName, logName } from "./log-names.ts";
import { putTombstone, type Tombstone } from "./tombstones.ts";
import type { VisitJournal } from "./visit-journal.ts";

type EraseParts = { disk: Disk; keys: Keys };

/** Tombstone, then log, then key: once the first is whole, the visit counts as erased. */
export async function eraseVisit(
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

/**
 * Sound, then key: a key without a log harms nobody, a log without its key would stay for good. A black box that cannot be closed
 * (black-box.ts) is empty; the next start removes it.
 */
export async function removeVisit({ disk, keys }: EraseParts, visitId: VisitId): Promise<void> {
  await removeFile(disk, boxName(visitId)).catch(() => undefined);
  await removeFile(disk, logName(visitId));
  await keys.remove(visitId);
}

/** A file that is not there is removed already. */
export async function removeFile(disk: Disk, name: string): Promise<void> {
  if ((await disk.names()).includes(name)) await disk.remove(name);
}
