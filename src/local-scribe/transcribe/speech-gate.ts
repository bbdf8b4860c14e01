/**
 * Stands between the decoder and the speech engine. In: the session's samples. Out: the same number of samples, unchanged wherever
 * there is speech within reach, zeros elsewhere, because engines invent words in noise and none in zeros.
 *
 * Speech is told from noise by how its level moves: over a second, spoken syllables spread the level of 20 ms frames by 10 dB and
 * more, steady noise and hum by less than 2 dB (speech-gate.test.ts measures both). What passes can still hold a slam or a cough,
 * so the gate also remembers where there was a voice: words without one near them are not to be trusted.
 */
import { createFrameReader, floorDb, frameMs, frameSamples } from "./speech-frames.ts";

const windowFrames = 48;
const hopFrames = 12;
/** dB between the 10th and the 90th percentile of a window. */
const leastSpreadDb = 4;
/** Sound this far around a lively window passes untouched, so that no onset, quiet ending or pause in a talk is cut. */
const reachFrames = 75;

export type SpeechEvidence = {
  durationMs: number;
  /** Frames that are voiced and inside a lively window. */
  speechMs: number;
  /** Frames above the floor: silence has none, noise has many. */
  soundMs: number;
};

export type SpeechGate = {
  /** Takes samples, gives those that are decided: up to 2.5 s behind. */
  push(samples: Int16Array): Int16Array;
  /** Gives the rest. */
  end(): Int16Array;
  evidence(): SpeechEvidence;
  /** Is there a voice between two moments of the session? */
  hasVoice(fromMs: number, toMs: number): boolean;
};

export function createSpeechGate(): SpeechGate {
  const levels: number[] = [];
  const voiced: boolean[] = [];
  const lively: boolean[] = [];
  const passes: boolean[] = [];
  const reader = createFrameReader();
  let held = new Int16Array(0);
  let total = 0;
  let judged = 0;
  let released = 0;

  function readFrames(): void {
    for (;;) {
      const at = (levels.length - released) * frameSamples;
      if (at + frameSamples > held.length) return;
      const frame = reader.read(held.subarray(at, at + frameSamples));
      levels.push(frame.level);
      voiced.push(frame.voiced);
    }
  }

  function judge(end: number): void {
    if (spread(levels.slice(judged, end)) >= leastSpreadDb) {
      for (let at = judged; at < end; at++) lively[at] = true;
      for (let at = Math.max(0, judged - reachFrames); at < end + reachFrames; at++) passes[at] = true;
    }
    judged += hopFrames;
  }

  function release(until: number): Int16Array {
    const count = Math.max(0, until - released);
    const out = held.slice(0, count * frameSamples);
    for (let at = 0; at < count; at++) {
      if (!passes[released + at]) out.fill(0, at * frameSamples, (at + 1) * frameSamples);
    }
    held = held.slice(out.length);
    released += count;
    return out;
  }

  return {
    push(samples) {
      total += samples.length;
      held = join(held, samples);
      readFrames();
      while (judged + windowFrames <= levels.length) judge(judged + windowFrames);
      return release(judged - reachFrames);
    },
    end() {
      if (judged < levels.length) judge(levels.length);
      const whole = release(levels.length);
      return join(whole, passes[released] ? held : new Int16Array(held.length));
    },
    evidence: () => ({
      durationMs: (total / frameSamples) * frameMs,
      speechMs: frameMs * voiced.filter((isVoiced, at) => isVoiced && lively[at]).length,
      soundMs: frameMs * levels.filter((level) => level > floorDb + 6).length,
    }),
    hasVoice: (fromMs, toMs) => voiced.slice(Math.floor(fromMs / frameMs), Math.ceil(toMs / frameMs)).includes(true),
  };
}

function spread(levels: number[]): number {
  const sorted = levels.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  return at(0.9) - at(0.1);
}

function join(first: Int16Array, second: Int16Array): Int16Array<ArrayBuffer> {
  const whole = new Int16Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
