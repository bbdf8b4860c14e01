/** The port to a speech engine. One run hears one session from its first sample to its last, as the audio arrives. */
import type { Word } from "#model/transcript.ts";

/** One stretch of speech as the engine gave it out; times are ms of the session. */
export type Heard = { startMs: number | null; endMs: number | null; words: Word[] };

export type SpeechRun = {
  /** Takes 16 kHz mono samples in order; resolves when there is room for more. Rejects with `processing_failed`. */
  write(samples: Int16Array): Promise<void>;
  /** No more samples; resolves when everything heard was given out. Rejects with `processing_failed`. */
  finish(): Promise<void>;
  /** Gives up at once and frees everything; safe at any time. */
  close(): void;
};

export type SpeechEngine = {
  /** Shown to people as the origin of the words. */
  name: string;
  open(onHeard: (heard: Heard) => void): SpeechRun;
};
