/**
 * Disk space taken before it is needed. A file of real zeros is written into in place, so a disk that fills up during a visit does
 * not matter to it (a sparse file reserves nothing; the browser's own estimate is no promise). In: a plan. Out: files of that size.
 */
import { toProblem, type Problem } from "#model/problem.ts";
import type { DiskFile } from "./disk.ts";

/**
 * A visit gets `reservedBytes`, on a fuller disk what there is, and no visit begins with less than `leastBytes`. There `restBytes`
 * are left free: the visit's key and the browser itself have to write too. When less than `lowBytes` is left of it, `growBytes` more are taken.
 */
export type SpacePlan = {
  reservedBytes: number;
  leastBytes: number;
  restBytes: number;
  growBytes: number;
  lowBytes: number;
};

const megabyte = 1_048_576;

/** At 32 kbit/s with framing two hours need 29 MB, five minutes 1.2 MB. */
export const plainPlan: SpacePlan = {
  reservedBytes: 48 * megabyte,
  leastBytes: 2 * megabyte,
  restBytes: 4 * megabyte,
  growBytes: 16 * megabyte,
  lowBytes: 4 * megabyte,
};

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
