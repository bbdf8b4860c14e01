/** The bytes of chunks, made from the stream that the log holds. */
import { problem } from "#model/problem.ts";
import type { Log } from "./log.ts";
import type { Packet } from "./packet.ts";
import { lengthOf, type RecordingState } from "./recording-state.ts";
import { decodeFragment, type Cut } from "./records.ts";
import type { CutChunk, VisitState } from "./visit-state.ts";

type Slice = { recording: RecordingState; packets: readonly Packet[]; isFirst: boolean };

/** One self-contained file. The same packets give the same bytes, today and after a restart. */
function sliceBytes({ recording, packets, isFirst }: Slice): Uint8Array<ArrayBuffer> {
  const head = recording.reader.head();
  if (head === undefined) throw problem("recorder_unsupported", { detail: "no stream head" });
  return recording.format.writeChunk(head, packets, isFirst);
}

/** Cuts the first `count` waiting packets of a recording. */
export async function cutChunk(state: VisitState, number: number, count: number): Promise<Cut> {
  const packets = recordingOf(state, number).waiting.slice(0, count);
  const isFirst = !state.chunks.some((chunk) => chunk.recording === number);
  return toCut(state, { number, packets, isFirst, sequence: state.chunks.length });
}

type NewCut = { number: number; packets: readonly Packet[]; isFirst: boolean; sequence: number };

export async function toCut(state: VisitState, { number, packets, isFirst, sequence }: NewCut): Promise<Cut> {
  const bytes = sliceBytes({ recording: recordingOf(state, number), packets, isFirst });
  const { at: from = 0, readFrom = from } = packets[0] ?? {};
  return {
    sequence,
    sha256: await sha256(bytes),
    sizeBytes: bytes.length,
    durationMs: lengthOf(packets),
    recording: number,
    from,
    to: packets.at(-1)?.end ?? 0,
    ...(readFrom !== from && { readFrom }),
  };
}

/** A cut chunk's bytes again, checked against its hash. `storage_unavailable` when the disk gives something else. */
export async function readChunk(log: Log, state: VisitState, chunk: CutChunk): Promise<Uint8Array<ArrayBuffer>> {
  const recording = recordingOf(state, chunk.recording);
  const packets = await packetsOf(log, state, chunk);
  const bytes = sliceBytes({ recording, packets, isFirst: isFirst(state, chunk) });
  if ((await sha256(bytes)) !== chunk.sha256) {
    throw problem("storage_unavailable", { detail: `chunk ${chunk.sequence}` });
  }
  return bytes;
}

export function isFirst(state: VisitState, chunk: CutChunk): boolean {
  return state.chunks.find((candidate) => candidate.recording === chunk.recording)?.from === chunk.from;
}

/** The packets of a chunk; what is missing on the disk is stepped over, as it was in replay. */
export async function packetsOf(log: Log, state: VisitState, chunk: CutChunk): Promise<Packet[]> {
  const { span, recording: number, from, to, readFrom = from } = chunk;
  if (span === null) return [];
  const reader = recordingOf(state, number).format.createReader(readFrom);
  const packets: Packet[] = [];
  let at = readFrom;
  await log.walk(span, ({ kind, plain }) => {
    const fragment = decodeFragment(kind, plain);
    if (fragment === undefined || (fragment.recording ?? number) !== number) return;
    const start = Math.max(0, readFrom - fragment.from);
    if (fragment.from > at) reader.jump(fragment.from);
    packets.push(...reader.push(fragment.bytes.subarray(start)));
    at = fragment.from + fragment.bytes.length;
  });
  return packets.filter((packet) => packet.at >= from && packet.end <= to);
}

function recordingOf(state: VisitState, number: number): RecordingState {
  const recording = state.recordings[number];
  if (recording === undefined) throw problem("not_found", { detail: `recording ${number}` });
  return recording;
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
