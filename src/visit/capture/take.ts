/** What the capture needs of a journal: a place for each recording, and for the reasons why there is none. */
import type { GapReason, MicrophoneSettings } from "#model/recording.ts";

/** `levels` are dBFS since the fragment before. */
export type Fragment = { bytes: ArrayBuffer; capturedAt: number; levels: number[] };

export type Take = {
  /** A recording begins; another may still run. Answers with its number. */
  begin(start: { mimeType: string; settings: MicrophoneSettings }): Promise<number>;
  /** Answers when the fragment is durable; `packets` are those completed by it. */
  fragment(recording: number, fragment: Fragment): Promise<{ packets: number }>;
  /** After its last fragment. */
  end(recording: number): Promise<void>;
  /** Why nothing is recorded. `endedAt` null opens the gap; the same reason with an end closes it. */
  gap(gap: { reason: GapReason; startedAt: number; endedAt: number | null }): void;
  /** `port` gives blocks of this recording's sound, past the page: `{samples, sampleRate, at, wall}`. */
  blackBox?(recording: number, port: MessagePort): void;
};
