/**
 * The black box on the disk: sealed records as in the log, but without a flush for each (what a killed process has written is
 * safe), and written over from the start again and again. In: records; black-box-read.ts finds them again. Writing over takes no new space, and a crash between two writes leaves one whole generation readable: positions
 * only grow, so what is left of the one before is known by its smaller numbers.
 */
import { encodeBoxRecords, type BoxRecord } from "./black-box-records.ts";
import { concat } from "./bytes.ts";
import { sealRecord, type Vessel } from "./frame.ts";

export type BoxFile = {
  /** Bytes of the records since the last new beginning. */
  size(): number;
  append(records: readonly BoxRecord[]): Promise<void>;
  /** These are the box from now on, and durable. */
  beginAnew(records: readonly BoxRecord[]): Promise<void>;
  /** As `beginAnew`; of what was there before nothing stays on the disk. */
  replaceAll(records: readonly BoxRecord[]): Promise<void>;
  flush(): void;
  close(): void;
};

/** Calls must not overlap. */
export function createBoxFile(vessel: Vessel): BoxFile {
  const { file } = vessel;
  let end = 0;
  let position = 0;

  async function write(at: number, records: readonly BoxRecord[]): Promise<void> {
    const first = position;
    const sealed = await Promise.all(
      encodeBoxRecords(records).map((record, index) => sealRecord(vessel, { ...record, position: first + index })),
    );
    const bytes = concat(sealed);
    file.write(at, bytes);
    [end, position] = [at + bytes.length, first + sealed.length];
  }

  return {
    size: () => end,
    append: (records) => write(end, records),
    beginAnew: async (records) => {
      await write(0, records);
      file.flush();
    },
    replaceAll: async (records) => {
      await write(0, records);
      file.truncate(end);
      file.flush();
    },
    flush: () => file.flush(),
    close: () => file.close(),
  };
}
