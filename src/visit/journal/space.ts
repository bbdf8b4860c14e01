/**
 * Disk space taken before it is needed. A file of real zeros is written into in place, so a disk that fills up during a visit does
 * not matter to it (a sparse file reserves nothing; the browser's own estimate is no promise). In: a plan. Out: files of that size.
 */
import { toProblem, type Problem } from "#model/problem.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { isZero } from "./frame.ts";

/** `lowBytes`: when less is left, `growBytes` more are taken. */
export type SpacePlan = { reservedBytes: number; growBytes: number; lowBytes: number };

const megabyte = 1_048_576;

/** Two hours at 32 kbit/s with framing need 29 MB. */
export const plainPlan: SpacePlan = {
  reservedBytes: 48 * megabyte,
  growBytes: 16 * megabyte,
  lowBytes: 4 * megabyte,
};

/** The file that waits for the next visit. */
const spareName = "spare";
const strayEnding = ".stray";

/** Has the space for a visit ready when it resolves. `storage_full` leaves nothing behind. */
export async function reserveSpare(disk: Disk, { reservedBytes }: SpacePlan): Promise<void> {
  await putAsideUsed(disk);
  const file = await disk.open(spareName);
  try {
    fillWithZeros(file, reservedBytes);
    file.flush();
    file.close();
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

/** The files that should hold no records. */
export async function sparesOn(disk: Disk): Promise<string[]> {
  return (await disk.names()).filter((name) => name === spareName || name.endsWith(strayEnding));
}

/** A new file of reserved space. Where the disk cannot rename, the spare makes room for it. */
export async function takeSpace(disk: Disk, name: string, plan: SpacePlan): Promise<DiskFile> {
  await reserveSpare(disk, plan);
  if (!(await disk.move(spareName, name))) await disk.remove(spareName);
  const file = await disk.open(name);
  try {
    fillWithZeros(file, plan.reservedBytes);
    return file;
  } catch (thrown) {
    file.close();
    await disk.remove(name);
    throw thrown;
  }
}

const stepBytes = 4 * megabyte;

/** Makes the file this long, in steps, so that a disk that fills up gives what it has. */
export function fillWithZeros(file: DiskFile, size: number): void {
  const zeros = new Uint8Array(Math.max(0, Math.min(stepBytes, size - file.size())));
  for (let at = file.size(); at < size; at = file.size()) file.write(at, zeros.subarray(0, size - at));
}

/** Space ahead of what is written, taken before it is needed. */
export type Room = {
  /** Whether it is wanted from now on. */
  keep(isWanted: boolean): void;
  /** The file is written up to here. */
  used(end: number): void;
};

/** `onShort` hears when the disk gives no more, and null when it does again. */
export function createRoom(file: DiskFile, plan: SpacePlan, onShort: (problem: Problem | null) => void): Room {
  const tryAgainBytes = plan.lowBytes / 16;
  let isWanted = false;
  let isShort = false;
  let triedAt = 0;
  return {
    keep: (wanted) => {
      isWanted = wanted;
    },
    used: (end) => {
      const isLow = file.size() - end < plan.lowBytes;
      if (!isWanted || !isLow || (isShort && end - triedAt < tryAgainBytes)) return;
      const refused = takeMore(file, plan.growBytes);
      triedAt = end;
      if (isShort !== (refused !== null)) onShort(refused);
      isShort = refused !== null;
    },
  };
}

function takeMore(file: DiskFile, bytes: number): Problem | null {
  try {
    fillWithZeros(file, file.size() + bytes);
    file.flush();
    return null;
  } catch (thrown) {
    return toProblem(thrown);
  }
}
