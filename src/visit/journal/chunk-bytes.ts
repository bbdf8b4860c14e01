/** The bytes of chunks and of whole visits, made from the stream that the log holds. */
import { Sha256 } from "#model/chunk.ts";
import { problem } from "#model/problem.ts";
import type { Log } from "./log.ts";
import { samplesToMs, withoutPreSkip } from "./opus.ts";
import { createWebmReader, type Packet } from "./read-webm.ts";
import { decodeRecord, type Cut } from "./records.ts";
import type { RecordingState, VisitState } from "./visit-state.ts";
import { writeWebm } from "./write-webm.ts";

type Slice = { recording: RecordingState; packets: readonly Packet[]; isFirst: boolean };

/** One self-contained WebM. The same packets give the same bytes, today and after a restart. */
function sliceBytes({ recording, packets, isFirst }: Slice): Uint8Array<ArrayBuffer> {
  const head = recording.reader.head();
  if (head === undefined) throw problem("recorder_unsupported", { detail: "no stream head" });
  return writeWebm(isFirst ? head : withoutPreSkip(head), packets);
}

/** Cuts the first `count` waiting packets of the visit's last recording. */
export async function cutChunk(state: VisitState, count: number): Promise<Cut> {
  const number = state.recordings.length - 1;
  const recording = recordingOf(state, number);
  const packets = recording.waiting.slice(0, count);
  const bytes = sliceBytes({ recording, packets, isFirst: !state.chunks.some((chunk) => chunk.recording === number) });
  return {
    sequence: state.chunks.length,
    sha256: await sha256(bytes),
    sizeBytes: bytes.length,
    durationMs: samplesToMs(packets.reduce((sum, packet) => sum + packet.samples, 0)),
    recording: number,
    from: packets[0]?.at ?? 0,
    to: packets.at(-1)?.end ?? 0,
  };
}

/** A cut chunk's bytes again, checked against its hash. `storage_unavailable` when the disk gives something else. */
export async function readChunk(log: Log, state: VisitState, cut: Cut): Promise<Uint8Array<ArrayBuffer>> {
  const recording = recordingOf(state, cut.recording);
  const packets = await readPackets(log, recording, cut);
  const isFirst = state.chunks.find((chunk) => chunk.recording === cut.recording) === cut;
  const bytes = sliceBytes({ recording, packets, isFirst });
  if ((await sha256(bytes)) !== cut.sha256) throw problem("storage_unavailable", { detail: `chunk ${cut.sequence}` });
  return bytes;
}

/** The whole visit as one file: every recording, one after the other. `not_found` when nothing was recorded. */
export async function readWhole(log: Log, state: VisitState): Promise<Uint8Array<ArrayBuffer>> {
  const head = state.recordings.map((recording) => recording.reader.head()).find((found) => found !== undefined);
  if (head === undefined) throw problem("not_found");
  const packets: Packet[] = [];
  for (const recording of state.recordings) {
    packets.push(...(await readPackets(log, recording, { from: 0, to: recording.streamBytes })));
  }
  return writeWebm(head, packets);
}

/** The packets in the bytes `from..to` of a recording's stream; what is missing on the disk is stepped over, as it was in replay. */
async function readPackets(
  log: Log,
  recording: RecordingState,
  range: { from: number; to: number },
): Promise<Packet[]> {
  const reader = createWebmReader(range.from);
  const packets: Packet[] = [];
  let at = range.from;
  for (const place of recording.fragments.filter((place) => place.to > range.from && place.from < range.to)) {
    const stored = await log.readAt(place.offset);
    const record = decodeRecord(stored.kind, stored.plain);
    if (record.type !== "fragment") throw problem("storage_unavailable", { detail: "not a fragment" });
    if (place.from > at) reader.jump(place.from);
    const start = Math.max(0, range.from - place.from);
    packets.push(...reader.push(record.fragment.bytes.subarray(start, range.to - place.from)));
    at = place.to;
  }
  return packets;
}

function recordingOf(state: VisitState, number: number): RecordingState {
  const recording = state.recordings[number];
  if (recording === undefined) throw problem("not_found", { detail: `recording ${number}` });
  return recording;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Sha256.parse(Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}
