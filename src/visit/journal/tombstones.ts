/**
 * What is left of a visit whose audio was erased, until the clinic server knows: counts and a reason, no names. In the clear, because
 * the visit's key is gone too. In: a tombstone. Out: the same after any crash, or none when it was not whole.
 */
import { isVisitId, type VisitId } from "#model/id.ts";
import { hasShape } from "#model/shape.ts";
import type { Disk } from "./disk.ts";
import { tombstoneEnding } from "./log-names.ts";

export type Tombstone = {
  visitId: VisitId;
  /** Whose visit it was, as the chart's user id; only this clinician sends the receipt. */
  clinicianId: string;
  /** The workstation's name. */
  device: string;
  chunks: number;
  sizeBytes: number;
  durationMs: number;
  /** Over the checksums of its chunks (`DeletionReceipt`); this and the next are not in tombstones of earlier versions. */
  sha256?: string | undefined;
  startedAt?: number | undefined;
  /** When it was erased (clock ms). */
  at: number;
  reason: "signed" | "retention";
};

const names = { visitId: "string", clinicianId: "string", device: "string", reason: "string" } as const;
const figures = { chunks: "number", sizeBytes: "number", durationMs: "number", at: "number" } as const;

function isTombstone(told: unknown): told is Tombstone {
  return hasShape(told, { ...names, ...figures }) && isVisitId(String(told["visitId"]));
}

export function tombstoneName(visitId: VisitId): string {
  return visitId + tombstoneEnding;
}

/** Durable when it resolves. */
export async function putTombstone(disk: Disk, tombstone: Tombstone): Promise<void> {
  const file = await disk.open(tombstoneName(tombstone.visitId));
  try {
    file.truncate(0);
    file.write(0, new TextEncoder().encode(JSON.stringify(tombstone)));
    file.flush();
  } finally {
    file.close();
  }
}

export function removeTombstone(disk: Disk, visitId: VisitId): Promise<void> {
  return disk.remove(tombstoneName(visitId));
}

/** Every whole tombstone; torn ones are removed: their visits are not erased yet. */
export async function readTombstones(disk: Disk): Promise<Tombstone[]> {
  const found: Tombstone[] = [];
  for (const name of await disk.names()) {
    if (!name.endsWith(tombstoneEnding)) continue;
    const tombstone = await readTombstone(disk, name);
    if (tombstone) found.push(tombstone);
    else await disk.remove(name);
  }
  return found;
}

async function readTombstone(disk: Disk, name: string): Promise<Tombstone | undefined> {
  const file = await disk.open(name);
  try {
    const text = new TextDecoder().decode(file.read(0, file.size()));
    const told = parsed(text);
    return isTombstone(told) ? told : undefined;
  } finally {
    file.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
