import type { Turn } from "#model/transcript.ts";
import type { SpeechEvidence } from "./speech-timeline.ts";

export type SpeechFault = { code: "audio_too_short" | "audio_quality_poor"; message: string };

const leastAudioMs = 1000;
const leastSpeechMs = 400;
const leastClearWords = 3;

/** Is there enough to write a note from? Undefined when there is; otherwise why not. */
export function judgeSpeech(evidence: SpeechEvidence, turns: Turn[]): SpeechFault | undefined {
  const words = turns.flatMap((turn) => turn.words);
  const clear = words.filter((word) => !word.unclear).length;
  if (evidence.durationMs < leastAudioMs) return tooShort("There is less than a second of audio");
  if (evidence.speechMs < leastSpeechMs) {
    return evidence.soundMs < leastAudioMs
      ? tooShort("The audio is silent")
      : poor("There is sound but no speech in it");
  }
  if (clear >= leastClearWords) return undefined;
  return words.length >= leastClearWords ? poor("No words could be made out") : tooShort("There are too few words");
}

function tooShort(message: string): SpeechFault {
  return { code: "audio_too_short", message };
}

function poor(message: string): SpeechFault {
  return { code: "audio_quality_poor", message };
}
