/** A visit's files and key, gone from the device. In: a name or a visit. Out: nothing of it is left; what is not there is gone already. */
import type { VisitId } from "#model/id.ts";
import type { Disk } from "./disk.ts";
import type { Keys } from "./keys.ts";
import { boxName, logName } from "./log-names.ts";
import { removeFile } from "./remove-file.ts";

/**
 * Sound, then key: a key without a log harms nobody, a log without its key would stay for good. A black box that cannot be closed
 * (black-box.ts) is empty; the next start removes it.
 */
export async function removeVisit({ disk, keys }: { disk: Disk; keys: Keys }, visitId: VisitId): Promise<void> {
  await removeFile(disk, boxName(visitId)).catch(() => undefined);
  await removeFile(disk, logName(visitId));
  await keys.remove(visitId);
}
