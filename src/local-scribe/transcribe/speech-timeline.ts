/**
 * Judges, frame by frame, where a session holds speech. Speech is told from noise by how its level moves: over a second, spoken syllables
 * spread the level of 20 ms frames by 10 dB and more, steady noise and hum by less than 2 dB (speech-gate.test.ts measures both).
 */
import { type Frame, frameMs } from "./speech-frames.ts";

const windowFrames = 48;
const hopFrames = 12;
/** dB between the 10th and the 90th percentile of a window. */
export const leastSpreadDb = 4;
/** Sound this far around a lively window passes untouched, so that no onset, quiet ending or pause in a talk is cut. */
const reachFrames = 75;

const audibleDb = -66;

export type SpeechEvidence = {
  durationMs: number;
  /** Frames that are voiced and inside a lively window. */
  speechMs: number;
  /** Frames that anybody would hear: silence has none, noise has many. */
  soundMs: number;
};

export type SpeechTimeline = {
  add(frame: Frame): void;
  /** No more frames follow: judges the rest. */
  end(): void;
  frames(): number;
  /** Frames before this one are decided: nothing to come can change whether they pass. */
  decided(): number;
  passes(frame: number): boolean;
  evidence(): SpeechEvidence;
  hasVoice(fromMs: number, toMs: number): boolean;
};

export function createSpeechTimeline(): SpeechTimeline {
  const levels: number[] = [];
  const voiced: boolean[] = [];
  const lively: boolean[] = [];
  const open: boolean[] = [];
  let judged = 0;

  function judge(end: number): void {
    if (levelSpread(levels.slice(judged, end)) >= leastSpreadDb) {
      for (let at = judged; at < end; at++) lively[at] = true;
      for (let at = Math.max(0, judged - reachFrames); at < end + reachFrames; at++) open[at] = true;
    }
    judged += hopFrames;
  }

  return {
    add(frame) {
      levels.push(frame.level);
      voiced.push(frame.voiced);
      if (judged + windowFrames <= levels.length) judge(levels.length);
    },
    end() {
      if (judged < levels.length) judge(levels.length);
    },
    frames: () => levels.length,
    decided: () => Math.max(0, judged - reachFrames),
    passes: (frame) => open[frame] ?? false,
    evidence: () => ({
      durationMs: levels.length * frameMs,
      speechMs: frameMs * voiced.filter((isVoiced, at) => isVoiced && lively[at]).length,
      soundMs: frameMs * levels.filter((level) => level > audibleDb).length,
    }),
    hasVoice: (fromMs, toMs) => voiced.slice(Math.floor(fromMs / frameMs), Math.ceil(toMs / frameMs)).includes(true),
  };
}

/** dB between the 10th and the 90th percentile. */
export function levelSpread(levels: number[]): number {
  const sorted = levels.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  return at(0.9) - at(0.1);
}
