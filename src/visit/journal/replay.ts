/**
 * A log, read through after a crash. In: a file. Out: every record in it, in order, and where the next one goes. What a crash left
 * of the record that was being written is wiped, and nothing else is ever dropped; a damaged record in the middle is stepped over,
 * and counted. Not needed to record: a script of its own.
 */
import type { DiskFile } from "./disk.ts";
import { findRecord, isUnused, isZero, windowBytes } from "./find-record.ts";
import type { LogRecord, Vessel } from "./frame.ts";
import { behind, noRecords, type Tail } from "./log.ts";
import { openRecords } from "./walk.ts";

export type Replayed = {
  tail: Tail;
  /** How many places were damaged. */
  damaged: number;
  /** There is at most the torn beginning of a first record. */
  isBlank: boolean;
};

/** Before anything is written to the file. */
export async function replayRecords(
  vessel: Vessel,
  visit: (record: LogRecord) => Promise<void> | undefined,
): Promise<Replayed> {
  let damaged = 0;
  let tail = noRecords;
  for await (const record of openRecords(vessel, { from: 0 })) {
    if (record.offset !== tail.end || record.position !== tail.position) damaged += 1;
    await visit(record);
    tail = behind(record);
  }
  const { file } = vessel;
  // Of which nothing can be read, that may be another key's.
  if (tail.end === 0) return { tail, damaged, isBlank: findRecord(file, 1) === undefined };
  if (wipe(file, tail.end)) file.flush();
  return { tail, damaged, isBlank: false };
}

/** Overwrites what stands at `from` and after it, up to space that was never used. True when there was something. */
function wipe(file: DiskFile, from: number): boolean {
  let isWiped = false;
  for (let at = from; at < file.size(); at += windowBytes) {
    const window = file.read(at, windowBytes);
    const isClean = isZero(window);
    if (isClean && isUnused(file, at + windowBytes)) break;
    if (!isClean) file.write(at, window.fill(0));
    isWiped ||= !isClean;
  }
  return isWiped;
}
