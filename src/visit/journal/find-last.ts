/** The newest record of one kind, without reading the file from its start. */
import type { DiskFile } from "./disk.ts";
import { isZero } from "./find-record.ts";
import { headBytes, magic, openRecord, readHead, type OpenedRecord, type Vessel } from "./frame.ts";

const nearBytes = 1_048_576;
const probeBytes = 16_384;

/** The last genuine record of this kind, if it stands near the end of what is written. */
export async function findLast(vessel: Vessel, kind: number): Promise<OpenedRecord | undefined> {
  const end = writtenEnd(vessel.file);
  const from = Math.max(0, end - nearBytes);
  const bytes = vessel.file.read(from, end - from);
  for (let at = bytes.length; at > 0;) {
    at = bytes.lastIndexOf(magic[0] ?? 0, at - 1);
    if (at < 0 || readHead(bytes.subarray(at, at + headBytes), at)?.kind !== kind) continue;
    const record = await openRecord(vessel, from + at);
    if (record) return record;
  }
  return undefined;
}

/** Behind it stand zeros; found by halving. */
function writtenEnd(file: DiskFile): number {
  let [used, unused] = [0, file.size()];
  while (unused - used > probeBytes) {
    const middle = Math.floor((used + unused) / 2);
    if (isZero(file.read(middle, probeBytes))) unused = middle;
    else used = middle;
  }
  return Math.min(file.size(), used + 2 * probeBytes);
}
