/**
 * Deletion receipts: what this device can still say about audio that it erased, in the clear, because it names nobody. In: a receipt
 * of which the clinic server knows. Out: those of the last 90 days, at most 500, newest first, the same after any crash.
 */
import type { Clock } from "#model/clock.ts";
import { isVisitId, type VisitId } from "#model/id.ts";
import type { DeletionReceipt } from "#model/recording.ts";
import { hasShape } from "#model/shape.ts";
import type { Disk } from "./disk.ts";
import type { Tombstone } from "./tombstones.ts";
import type { VisitJournal } from "./visit-journal.ts";
import type { VisitState } from "./visit-state.ts";

const keptMs = 90 * 86_400_000;
const most = 500;
const ending = ".receipts";

/** What the journal holds; of visits that were erased or discarded the clinic server does not know yet. */
type Held = {
  disk: Disk;
  clock: Clock;
  tombstones: ReadonlyMap<VisitId, Tombstone>;
  visits: ReadonlyMap<VisitId, Pick<VisitJournal, "state">>;
};

export async function allReceipts(held: Held): Promise<DeletionReceipt[]> {
  return newest([...(await readReceipts(held.disk)), ...untold(held)], held.clock.now());
}

/** The clinic server knows of this visit's end. One that was not erased leaves no receipt. */
export async function keepReceipt(held: Held, visitId: VisitId): Promise<void> {
  const receipt = untold(held).find((one) => one.visitId === visitId);
  if (receipt) await putReceipt(held.disk, { ...receipt, isTold: true });
}

function untold({ tombstones, visits }: Held): DeletionReceipt[] {
  const states = [...visits.values()].map((journal) => journal.state());
  return [...tombstones.values(), ...states].flatMap((left) => receiptOf(left) ?? []);
}

function receiptOf(left: Tombstone | VisitState): DeletionReceipt | undefined {
  if (!("header" in left)) {
    const { visitId, chunks, durationMs, at, reason, sha256 = null, startedAt = null } = left;
    return { visitId, startedAt, chunks, durationMs, sha256, at, reason, isTold: false };
  }
  const { header, discarded, erased } = left;
  if (discarded === null || erased === null) return undefined;
  const { visitId, startedAt } = header.header;
  const was = erased.was ?? { chunks: 0, durationMs: 0, sha256: null };
  return { visitId, startedAt, ...was, at: erased.at, reason: discarded, isTold: false };
}

/**
 * Durable when it resolves. All of them are written anew into a file of its own before the one before goes: a crash leaves one of
 * the two, or both.
 */
export async function putReceipt(disk: Disk, receipt: DeletionReceipt): Promise<void> {
  const before = await filesOn(disk);
  const receipts = newest([receipt, ...(await readReceipts(disk))], receipt.at);
  const name = crypto.randomUUID() + ending;
  const file = await disk.open(name);
  try {
    file.write(0, new TextEncoder().encode(JSON.stringify(receipts)));
    file.flush();
    file.close();
  } catch (thrown) {
    file.close();
    await disk.remove(name);
    throw thrown;
  }
  for (const old of before) await disk.remove(old);
}

export async function readReceipts(disk: Disk): Promise<DeletionReceipt[]> {
  const found: DeletionReceipt[] = [];
  for (const name of await filesOn(disk)) found.push(...(await readFile(disk, name)));
  return found;
}

/** One for each visit, none that is older than is allowed. */
export function newest(receipts: readonly DeletionReceipt[], nowMs: number): DeletionReceipt[] {
  const byVisit = new Map(receipts.toReversed().map((receipt) => [receipt.visitId, receipt]));
  const young = [...byVisit.values()].filter(({ at }) => at > nowMs - keptMs);
  return young.sort((a, b) => b.at - a.at).slice(0, most);
}

async function filesOn(disk: Disk): Promise<string[]> {
  return (await disk.names()).filter((name) => name.endsWith(ending));
}

/** A torn file holds nothing: the one before it is still there. */
async function readFile(disk: Disk, name: string): Promise<DeletionReceipt[]> {
  const file = await disk.open(name);
  try {
    const told: unknown = JSON.parse(new TextDecoder().decode(file.read(0, file.size())));
    return Array.isArray(told) ? told.filter((one) => isReceipt(one)) : [];
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return [];
    throw thrown;
  } finally {
    file.close();
  }
}

function isReceipt(told: unknown): told is DeletionReceipt {
  const figures = { chunks: "number", durationMs: "number", at: "number" } as const;
  return hasShape(told, { visitId: "string", reason: "string", ...figures }) && isVisitId(String(told["visitId"]));
}
