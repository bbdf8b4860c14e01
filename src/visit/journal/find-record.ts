/** Where records may stand in a file that is damaged or longer than its records. Not needed to record: a script of its own. */
import { indexOfBytes } from "./bytes.ts";
import type { DiskFile } from "./disk.ts";
import { magic } from "./frame.ts";

/** The first place at `from` or after it that looks like a record's start. */
export function findRecord(file: DiskFile, from: number): number | undefined {
  for (let at = from; at < file.size(); at += windowBytes) {
    const window = file.read(at, windowBytes + magic.length - 1);
    const found = indexOfBytes(window, magic);
    if (found >= 0) return at + found;
    if (isZero(window) && isUnused(file, at + windowBytes)) return undefined;
  }
  return undefined;
}

export const windowBytes = 262_144;
const probe = { bytes: 16_384, everyBytes: 1_048_576 };

/** Reserved space is zeros to the end of the file: it is looked at in places, and not read through. */
export function isUnused(file: DiskFile, from: number): boolean {
  const size = file.size();
  for (let at = from; at < size; at += probe.everyBytes) if (!isZero(file.read(at, probe.bytes))) return false;
  return size <= from || isZero(file.read(Math.max(from, size - probe.bytes), probe.bytes));
}

export function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] !== 0) return false;
  return true;
}
