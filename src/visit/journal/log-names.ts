/** Which files on the disk are what. */
import { isVisitId, type VisitId } from "#model/id.ts";
import type { Disk } from "./disk.ts";

const ending = ".log";
const boxEnding = ".box";
/** Of what is left of an erased visit (tombstones.ts). */
export const tombstoneEnding = ".erased";

export function logName(visitId: VisitId): string {
  return visitId + ending;
}

export function boxName(visitId: VisitId): string {
  return visitId + boxEnding;
}

export const logsOn = (disk: Disk): Promise<VisitId[]> => visitsOn(disk, ending);

export const boxesOn = (disk: Disk): Promise<VisitId[]> => visitsOn(disk, boxEnding);

async function visitsOn(disk: Disk, ending: string): Promise<VisitId[]> {
  const names = (await disk.names()).filter((name) => name.endsWith(ending));
  return names.map((name) => name.slice(0, -ending.length)).filter((name) => isVisitId(name));
}
