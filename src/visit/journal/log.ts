/**
 * An append-only file of sealed records. In: a kind and plain bytes. Out: the same, in order, after any crash. A record is written
 * and flushed before `append` resolves, so a crash costs at most the record that was being written: its torn rest is wiped, and
 * nothing else is ever dropped. A damaged record in the middle is skipped, and counted. The file is longer than its records:
 * they are written into space reserved in advance (space.ts).
 */
import { problem, type Problem } from "#model/problem.ts";
import { findRecord, openRecord, sealRecord, wipe, type LogRecord, type OpenedRecord, type Vessel } from "./frame.ts";
import { createRoom, type SpacePlan } from "./space.ts";
import { createTurns } from "./turns.ts";
import { openRecords } from "./walk.ts";

export type Log = {
  /** Durable when it resolves, with its offset. Calls may overlap; they are written in the order of the calls. */
  append(kind: number, plain: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Every record from the start; call once, before the first append. Returns how many places were damaged. */
  replay(visit: (record: LogRecord) => Promise<void> | undefined): Promise<number>;
  /** There is at most the torn beginning of a first record. */
  isBlank(): boolean;
  /** The records from this offset through that one, without those that are damaged. */
  walk(range: { first: number; last: number }, visit: (record: LogRecord) => void): Promise<void>;
  /** Drops everything after the record at this offset, for good. */
  keepThrough(offset: number): Promise<void>;
  /** From here on there is always space ahead of the records, unless the disk is full. */
  keepSpace(): void;
  /** Gives back the space ahead of the records, all but this much. */
  trim(roomBytes: number): Promise<void>;
  /** Bytes of records. */
  size(): number;
  close(): Promise<void>;
};

export type LogParts = {
  vessel: Vessel;
  plan: SpacePlan;
  /** No more space can be taken; null: it can again. Records go on into what is left. */
  onShort(problem: Problem | null): void;
};

/** Where the next record goes. */
type Tail = { end: number; position: number };

export function createLog({ vessel, plan, onShort }: LogParts): Log {
  const { file } = vessel;
  const inTurn = createTurns();
  const tail: Tail = { end: 0, position: 0 };
  const room = createRoom(file, plan, onShort);
  return {
    append: (kind, plain) =>
      inTurn(async () => {
        const record = await sealRecord(vessel, { kind, position: tail.position, plain });
        const offset = tail.end;
        file.write(offset, record);
        file.flush();
        pass(tail, { end: offset + record.length, position: tail.position });
        room.used(tail.end);
        return offset;
      }),
    replay: (visit) => inTurn(() => replay(vessel, tail, visit)),
    isBlank: () => tail.end === 0 && findRecord(file, 1) === undefined,
    walk: (range, visit) => walk(vessel, range, visit),
    keepThrough: (offset) =>
      inTurn(async () => {
        const record = await openRecord(vessel, offset);
        if (record === undefined) throw problem("storage_unavailable", { detail: "damaged record" });
        pass(tail, record);
        room.keep(false);
        file.truncate(tail.end);
        file.flush();
      }),
    keepSpace: () => {
      room.keep(true);
      room.used(tail.end);
    },
    trim: (roomBytes) =>
      inTurn(async () => {
        room.keep(false);
        if (file.size() > tail.end + roomBytes) file.truncate(tail.end + roomBytes);
        file.flush();
      }),
    size: () => tail.end,
    close: () => inTurn(async () => file.close()),
  };
}

function pass(tail: Tail, record: Pick<OpenedRecord, "end" | "position">): void {
  [tail.end, tail.position] = [record.end, record.position + 1];
}

async function replay(vessel: Vessel, tail: Tail, visit: Parameters<Log["replay"]>[0]): Promise<number> {
  let damaged = 0;
  for await (const record of openRecords(vessel, { from: tail.end, position: tail.position })) {
    if (record.offset !== tail.end || record.position !== tail.position) damaged += 1;
    await visit(record);
    pass(tail, record);
  }
  if (tail.end === 0) return damaged; // nothing of it can be read: it may be another key's
  if (wipe(vessel.file, tail.end)) vessel.file.flush();
  return damaged;
}

/** Records that were read once do not change, so this needs no turn. */
async function walk(
  vessel: Vessel,
  { first, last }: { first: number; last: number },
  visit: (record: LogRecord) => void,
): Promise<void> {
  for await (const record of openRecords(vessel, { from: first, last })) {
    if (record.offset > last) return;
    visit(record);
  }
}
