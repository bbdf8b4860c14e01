/**
 * An append-only file of sealed records. In: a kind and plain bytes. Out: the same, in order, after any crash. A record is written
 * and flushed before `append` resolves, so a crash costs at most the record that was being written; replay.ts
 * finds the others again. The file is longer than its records:
 * they are written into space reserved in advance (space.ts).
 */
import { problem, type Problem } from "#model/problem.ts";
import { openRecord, sealRecord, type LogRecord, type Vessel } from "./frame.ts";
import { createRoom, type SpacePlan } from "./space.ts";
import { createTurns } from "./turns.ts";
import { openRecords } from "./walk.ts";

export type Log = {
  /** Durable when it resolves, with its offset. Calls may overlap; they are written in the order of the calls. */
  append(kind: number, plain: Uint8Array<ArrayBuffer>): Promise<number>;
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
  /** Behind the records that are there (replay.ts). */
  tail: Tail;
};

/** Where the next record goes. */
export type Tail = { end: number; position: number };

export const noRecords: Tail = { end: 0, position: 0 };

export function createLog({ vessel, plan, onShort, tail: found }: LogParts): Log {
  const { file } = vessel;
  const inTurn = createTurns();
  let tail = found;
  const room = createRoom(file, plan, onShort);
  return {
    append: (kind, plain) =>
      inTurn(async () => {
        const record = await sealRecord(vessel, { kind, position: tail.position, plain });
        const offset = tail.end;
        file.write(offset, record);
        file.flush();
        tail = behind({ end: offset + record.length, position: tail.position });
        room.used(tail.end);
        return offset;
      }),
    walk: (range, visit) => walk(vessel, range, visit),
    keepThrough: (offset) =>
      inTurn(async () => {
        const record = await openRecord(vessel, offset);
        if (record === undefined) throw problem("storage_unavailable", { detail: "damaged record" });
        tail = behind(record);
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

export function behind({ end, position }: Tail): Tail {
  return { end, position: position + 1 };
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
