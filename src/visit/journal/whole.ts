/** A whole visit as one file, made from the stream that the log holds. */
import { problem } from "#model/problem.ts";
import type { Log } from "./log.ts";
import { decodeRecord } from "./read-record.ts";
import { apply, createVisitState, type VisitState } from "./visit-state.ts";

/**
 * The whole visit as one file: every recording, one after the other. It is in memory once. `not_found` when nothing was recorded;
 * `recorder_unsupported` when its recordings are in different codecs.
 */
export async function readWhole(log: Log, { header, headerOffset }: VisitState): Promise<Uint8Array<ArrayBuffer>> {
  const all = createVisitState(header, headerOffset);
  await log.walk({ first: headerOffset, last: log.size() - 1 }, ({ kind, plain, offset }) => {
    const record = decodeRecord(kind, plain);
    if (record.type === "recording" || record.type === "fragment") apply(all, { record, offset });
  });
  const sounding = all.recordings.filter((recording) => recording.waiting.length > 0);
  const [first] = sounding;
  const head = first?.reader.head();
  if (first === undefined || head === undefined) throw problem("not_found");
  if (sounding.some((recording) => recording.format.codec !== first.format.codec)) {
    throw problem("recorder_unsupported", { detail: "recordings in different codecs" });
  }
  const packets = sounding.flatMap((recording) => recording.waiting);
  return first.format.writeWhole(head, packets);
}
