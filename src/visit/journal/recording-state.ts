/** What is known about one recording: one run of a recorder, its stream as far as it is on the disk. */
import type { KnownGap } from "./gaps.ts";
import { samplesToMs } from "./opus.ts";
import type { Packet, StreamFormat, StreamReader } from "./packet.ts";
import { formatOf } from "./read-stream.ts";
import type { StoredFragment } from "./records.ts";

export type WaitingPacket = Packet & { level: number | null };

/** Where a fragment stands: in the log, and in its recording's stream. */
export type FragmentPlace = { offset: number; from: number; to: number };

export type RecordingState = {
  mimeType: string;
  format: StreamFormat;
  reader: StreamReader;
  /** Bytes of stream stored so far. */
  streamBytes: number;
  durationMs: number;
  /** Packets that no chunk holds yet, and the fragments they stand in: never more than one chunk's. */
  waiting: WaitingPacket[];
  places: FragmentPlace[];
  ended: boolean;
  /** Its recorder went away without ending it. */
  interrupted: boolean;
  /** It is what the black box held beyond that recording. */
  recovers: number | null;
  /** Wall clock of its first and last sound, null before any (sound-times.ts). */
  firstSoundAt: number | null;
  lastSoundAt: number | null;
  /** The last fragments: when they came, and when the recorder's clock began according to that. */
  arrivals: { capturedAt: number; originAt: number }[];
  /** What the recorder's clock says of the first sound; from when on no fragment tells more of it. */
  beginsMs: number | null;
  settledAt: number | null;
  /** When the next packet begins if nothing is missing, by the recorder's clock. */
  nextMs: number | null;
  /** A record of it was damaged, and no packet has come since. */
  isTorn: boolean;
  /** The time before it is accounted for; the gap that it was, if it was one. */
  isMeasured: boolean;
  gapBefore: KnownGap | undefined;
};

/** `recorder_unsupported` when nothing here can read this kind of stream. */
export function createRecordingState(mimeType: string): RecordingState {
  const format = formatOf(mimeType);
  return {
    mimeType,
    format,
    reader: format.createReader(0),
    streamBytes: 0,
    durationMs: 0,
    waiting: [],
    places: [],
    ended: false,
    interrupted: false,
    recovers: null,
    firstSoundAt: null,
    lastSoundAt: null,
    arrivals: [],
    beginsMs: null,
    settledAt: null,
    nextMs: null,
    isTorn: false,
    isMeasured: false,
    gapBefore: undefined,
  };
}

/** The packets that this fragment completes. */
export function takeFragment(recording: RecordingState, fragment: StoredFragment, offset: number): Packet[] {
  const to = fragment.from + fragment.bytes.length;
  if (fragment.from !== recording.streamBytes) {
    recording.reader.jump(fragment.from);
    recording.isTorn = true;
  }
  recording.places.push({ offset, from: fragment.from, to });
  recording.streamBytes = to;
  return recording.reader.push(fragment.bytes);
}

/** Forgets what has become a chunk: `to` is the end of its last packet. */
export function dropCut(recording: RecordingState, to: number): void {
  recording.waiting = recording.waiting.filter((packet) => packet.at >= to);
  const needed = Math.min(to, recording.waiting[0]?.readFrom ?? to);
  recording.places = recording.places.filter((place) => place.to > needed);
}

/** How much the recorder's clock went on without sound before this packet. */
export function silenceBefore(recording: RecordingState, packet: Packet): number {
  const missingMs = packet.timeMs === null || recording.nextMs === null ? 0 : packet.timeMs - recording.nextMs;
  if (packet.timeMs !== null) recording.nextMs = packet.timeMs + samplesToMs(packet.samples);
  else if (recording.nextMs !== null) recording.nextMs += samplesToMs(packet.samples);
  return missingMs;
}

export function lengthOf(packets: readonly Packet[]): number {
  return samplesToMs(packets.reduce((sum, packet) => sum + packet.samples, 0));
}
