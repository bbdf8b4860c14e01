/** The end of a visit's audio on this device. Crash-safe at every write: what was begun is finished at the next start. */
import type { Clock } from "#model/clock.ts";
import { toProblem } from "#model/problem.ts";
import type { Disk } from "./disk.ts";
import type { Keys } from "./keys.ts";
import { figuresOf } from "./figures.ts";
import { removeVisit } from "./remove.ts";
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
