/** Space for the next visit, taken before it begins (space.ts). A recording that runs does not need this: a script of its own. */
import { toProblem } from "#model/problem.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { isZero } from "./find-record.ts";
import { fillWithZeros, type SpacePlan } from "./space.ts";

/** The file that waits for the next visit. */
const spareName = "spare";
const strayEnding = ".stray";

/** Has the space for a visit ready when it resolves: to how many bytes. `storage_full` leaves nothing behind. */
export async function reserveSpare(disk: Disk, plan: SpacePlan): Promise<number> {
  await putAsideUsed(disk);
  const file = await disk.open(spareName);
  try {
    fillAsPlanned(file, plan);
    file.flush();
    const reservedBytes = file.size();
    file.close();
    return reservedBytes;
  } catch (thrown) {
    file.close();
    await disk.remove(spareName);
    throw thrown;
  }
}

/** A spare with records in it is some visit's log that no key has opened (`findStray`, load.ts): it is kept beside. */
async function putAsideUsed(disk: Disk): Promise<void> {
  if (!(await disk.names()).includes(spareName)) return;
  const file = await disk.open(spareName);
  const isUsed = !isZero(file.read(0, 64));
  file.close();
  if (isUsed) await disk.move(spareName, crypto.randomUUID() + strayEnding);
}

/** A new file of reserved space. Where the disk cannot rename, the spare makes room for it. */
export async function takeSpace(disk: Disk, name: string, plan: SpacePlan): Promise<DiskFile> {
  await reserveSpare(disk, plan);
  const isMoved = await disk.move(spareName, name);
  if (!isMoved) await disk.remove(spareName);
  const file = await disk.open(name);
  try {
    if (!isMoved) fillAsPlanned(file, plan);
    return file;
  } catch (thrown) {
    file.close();
    await disk.remove(name);
    throw thrown;
  }
}

/** The whole plan, or what the disk gives without its rest; asking again on the same disk comes to the same size. */
function fillAsPlanned(file: DiskFile, { reservedBytes, leastBytes, restBytes }: SpacePlan): void {
  try {
    fillWithZeros(file, reservedBytes);
  } catch (thrown) {
    const keptBytes = file.size() - restBytes;
    if (toProblem(thrown).code !== "storage_full" || keptBytes < leastBytes) throw thrown;
    file.truncate(keptBytes);
  }
}

/** The files that should hold no records. */
export async function sparesOn(disk: Disk): Promise<string[]> {
  return (await disk.names()).filter((name) => name === spareName || name.endsWith(strayEnding));
}
