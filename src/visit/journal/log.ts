/**
 * An append-only file of sealed records. In: a kind and plain bytes. Out: the same, in order, after any crash. A record is written
 * and flushed before `append` resolves, so a crash costs at most the record that was being written: its torn rest is cut off, and
 * nothing else is ever dropped. A damaged record in the middle is skipped, and counted. A file longer than its records (space
 * reserved in advance) reads the same.
 */
import { problem } from "#model/problem.ts";
import { findRecord, openRecord, sealRecord, type LogRecord, type OpenedRecord, type Vessel } from "./frame.ts";
import { createTurns } from "./turns.ts";

export type Log = {
  /** Durable when it resolves, with its offset. Calls may overlap; they are written in the order of the calls. */
  append(kind: number, plain: Uint8Array<ArrayBuffer>): Promise<number>;
  /** The record at an offset that `append` or `replay` gave. */
  readAt(offset: number): Promise<LogRecord>;
  /** Every record from the start; call once, before the first append. Returns how many places were damaged. */
  replay(visit: (record: LogRecord) => void): Promise<number>;
  /** Drops everything after the record at this offset, for good. */
  keepThrough(offset: number): Promise<void>;
  close(): Promise<void>;
};

export function createLog(vessel: Vessel): Log {
  const { file } = vessel;
  const inTurn = createTurns();
  let end = 0;
  let position = 0;

  function passed(record: OpenedRecord): void {
    [end, position] = [record.end, record.position + 1];
  }

  /** The next genuine record that is not older than the last one. */
  async function openNext(): Promise<OpenedRecord | undefined> {
    for (let at: number | undefined = end; at !== undefined; at = findRecord(file, at + 1)) {
      const record = await openRecord(vessel, at);
      if (record !== undefined && record.position >= position) return record;
    }
    return undefined;
  }

  return {
    append: (kind, plain) =>
      inTurn(async () => {
        const record = await sealRecord(vessel, { kind, position, plain });
        const offset = end;
        file.write(offset, record);
        file.flush();
        [end, position] = [offset + record.length, position + 1];
        return offset;
      }),
    readAt: (offset) => inTurn(() => openAt(vessel, offset)),
    replay: (visit) =>
      inTurn(async () => {
        let damaged = 0;
        for (let next = await openNext(); next !== undefined; next = await openNext()) {
          if (next.offset !== end || next.position !== position) damaged += 1;
          visit(next);
          passed(next);
        }
        file.truncate(end);
        return damaged;
      }),
    keepThrough: (offset) =>
      inTurn(async () => {
        passed(await openAt(vessel, offset));
        file.truncate(end);
        file.flush();
      }),
    close: () => inTurn(async () => file.close()),
  };
}

async function openAt(vessel: Vessel, offset: number): Promise<OpenedRecord> {
  const record = await openRecord(vessel, offset);
  if (record === undefined) throw problem("storage_unavailable", { detail: "damaged record" });
  return record;
}
