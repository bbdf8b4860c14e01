/** A journal in memory, for tests: it counts packets as the real one does. */
import type { ProblemError } from "#model/problem.ts";
import type { MicrophoneSettings } from "#model/recording.ts";
import { createWebmReader } from "#visit/journal/read-webm.ts";
import type { Fragment, Take } from "./take.ts";

type StoredRecording = {
  mimeType: string;
  settings: MicrophoneSettings;
  fragments: Fragment[];
  packets: number;
  ended: boolean;
};

export type TestTake = Take & {
  recordings: StoredRecording[];
  gaps: Parameters<Take["gap"]>[0][];
  blackBoxes: MessagePort[];
  /** What was called, with the recording's number. */
  order: string[];
  /** Thrown instead of an answer while it is set. */
  refusal: ProblemError | undefined;
  storedBytes(): number;
};

export function createTestTake(): TestTake {
  const readers: ReturnType<typeof createWebmReader>[] = [];
  const take: TestTake = {
    recordings: [],
    gaps: [],
    blackBoxes: [],
    order: [],
    refusal: undefined,
    storedBytes: () =>
      take.recordings.flatMap(({ fragments }) => fragments).reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
    async begin(start) {
      if (take.refusal) throw take.refusal;
      readers.push(createWebmReader());
      take.order.push(`begin ${take.recordings.length}`);
      return take.recordings.push({ ...start, fragments: [], packets: 0, ended: false }) - 1;
    },
    async fragment(recording, fragment) {
      if (take.refusal) throw take.refusal;
      const stored = take.recordings[recording]!;
      take.order.push(`fragment ${recording}`);
      stored.fragments.push(fragment);
      const packets = readers[recording]!.push(new Uint8Array(fragment.bytes)).length;
      stored.packets += packets;
      return { packets };
    },
    async end(recording) {
      take.order.push(`end ${recording}`);
      take.recordings[recording]!.ended = true;
    },
    gap: (gap) => void take.gaps.push(gap),
    blackBox: (_recording, port) => void take.blackBoxes.push(port),
  };
  return take;
}
