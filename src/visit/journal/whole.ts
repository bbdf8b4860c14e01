/** A whole visit as files that play, made from the stream that the log holds. */
import { problem } from "#model/problem.ts";
import type { Log } from "./log.ts";
import type { StreamFormat } from "./packet.ts";
import { lengthOf, type RecordingState } from "./recording-state.ts";
import { decodeRecord } from "./read-record.ts";
import { apply, createVisitState, type VisitState } from "./visit-state.ts";

export type WholeFile = { mimeType: StreamFormat["leavesAs"]; bytes: Uint8Array<ArrayBuffer>; durationMs: number };

/**
 * Every recording, one after the other: in one file, or, where the format changes, in one file for each run of the same format, in
 * order. All of it is in memory once. `not_found` when nothing was recorded.
 */
export async function readWhole(log: Log, { header, headerOffset }: VisitState): Promise<WholeFile[]> {
  const all = createVisitState(header, headerOffset);
  await log.walk({ first: headerOffset, last: log.size() - 1 }, ({ kind, plain, offset }) => {
    const record = decodeRecord(kind, plain);
    if (record.type === "recording" || record.type === "fragment") apply(all, { record, offset });
  });
  const sounding = all.recordings.filter((recording) => recording.waiting.length > 0);
  if (sounding.length === 0) throw problem("not_found");
  const runs: Run[] = [];
  for (const recording of sounding) {
    const run = runs.at(-1);
    if (run !== undefined && isAlike(run[0], recording)) run.push(recording);
    else runs.push([recording]);
  }
  return runs.map(fileOf);
}

type Run = [RecordingState, ...RecordingState[]];

/** AAC has one description for a whole file; Opus packets describe themselves. */
function isAlike(first: RecordingState, next: RecordingState): boolean {
  const { leavesAs } = first.format;
  if (leavesAs !== next.format.leavesAs) return false;
  return leavesAs !== "audio/mp4" || String(first.reader.head()) === String(next.reader.head());
}

function fileOf(run: Run): WholeFile {
  const [{ format, reader }] = run;
  const head = reader.head();
  if (head === undefined) throw problem("recorder_unsupported", { detail: "no stream head" });
  const packets = run.flatMap((recording) => recording.waiting);
  return { mimeType: format.leavesAs, bytes: format.writeWhole(head, packets), durationMs: lengthOf(packets) };
}
