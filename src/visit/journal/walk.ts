/** Records in a file, several at a time. In: a file and where to begin. Out: what is genuine in it, in order. */
import { headBytes, openRecord, openSealed, readHead } from "./frame.ts";
import type { Head, OpenedRecord, Vessel } from "./frame.ts";

/** `position`: none older than this one is wanted. `last`: where the last wanted one stands. */
type Range = { from: number; position?: number; last?: number };

/**
 * The genuine records from `from` on, each newer than the one before it; what is damaged is stepped over. Several are opened at
 * a time, because the browser's cipher answers late, and not slowly.
 */
export async function* openRecords(vessel: Vessel, range: Range): AsyncGenerator<OpenedRecord, void> {
  const { last = Number.POSITIVE_INFINITY } = range;
  let { position = 0 } = range;
  for (let at: number | undefined = range.from; at !== undefined && at <= last;) {
    let next: number | undefined = at;
    for (const record of await Promise.all(openAhead(vessel, at, last))) {
      const isGenuine: boolean = record !== undefined && record.position >= position;
      if (record === undefined || !isGenuine) {
        next = (await import("./find-record.ts")).findRecord(vessel.file, next + 1);
        break;
      }
      [next, position] = [record.end, record.position + 1];
      yield record;
    }
    at = next;
  }
}

/** About fifty fragments. */
const aheadBytes = 65_536;

/** What stands in a row from here on, being opened; at least one. */
function openAhead(vessel: Vessel, from: number, last: number): Promise<OpenedRecord | undefined>[] {
  const window = vessel.file.read(from, aheadBytes);
  const opening: Promise<OpenedRecord | undefined>[] = [];
  for (let at = 0; from + at <= last;) {
    const head = readHead(window.subarray(at, at + headBytes), at);
    if (head === undefined || head.end > window.length) break;
    opening.push(openSealed(vessel, placed(head, from), window.slice(head.body, head.end)));
    at = head.end;
  }
  return opening.length > 0 ? opening : [openRecord(vessel, from)];
}

function placed(head: Head, by: number): Head {
  return { ...head, offset: head.offset + by, body: head.body + by, end: head.end + by };
}
