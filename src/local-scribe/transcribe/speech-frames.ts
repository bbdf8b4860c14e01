import { samplesPerMs } from "#local-scribe/decode/pcm.ts";

/** What the gate looks at: one frame of 20 ms. */
export const frameMs = 20;
export const frameSamples = frameMs * samplesPerMs;

export type Frame = {
  /** RMS after pre-emphasis, dBFS, never below the floor. */
  level: number;
  /** The frame repeats itself at a speaking pitch. */
  voiced: boolean;
};

/** Below this nothing counts: the noise of a quiet converter would otherwise look as lively as speech. */
export const floorDb = -72;
const floorPower = 10 ** (floorDb / 10);
/** Pitches of 70 to 400 Hz, as lags of a signal at 4 kHz. */
const [shortestLag, longestLag] = [10, 57];
const voicedCorrelation = 0.6;
const slowSamples = 160;

/** Reads frames one after another; each looks back at the 20 ms before it. */
export type FrameReader = { read(samples: Int16Array): Frame };

/**
 * Pre-emphasis flattens pink and brown noise and takes the weight out of mains hum; what is left of a steady noise has a steady level.
 * The pitch is looked for in the same signal averaged down to 4 kHz, over 40 ms.
 */
export function createFrameReader(): FrameReader {
  let last = 0;
  const slow = new Float64Array(slowSamples);
  const emphasised = new Float64Array(frameSamples);

  return {
    read(samples) {
      let power = 0;
      samples.forEach((value, at) => {
        const now = value / 32_768;
        const high = now - 0.97 * last;
        last = now;
        emphasised[at] = high;
        power += high * high;
      });
      slow.copyWithin(0, frameSamples / 4);
      for (let from = 0; from < frameSamples; from += 4) {
        const four = emphasised.subarray(from, from + 4).reduce((sum, value) => sum + value, 0);
        slow[slowSamples - (frameSamples - from) / 4] = four / 4;
      }
      const level = 10 * Math.log10(power / frameSamples + floorPower);
      return { level, voiced: level > floorDb + 6 && pitchStrength(slow) >= voicedCorrelation };
    },
  };
}

/** The best normalised autocorrelation over the lags of a speaking pitch, 0..1. */
function pitchStrength(signal: Float64Array): number {
  let best = 0;
  const length = signal.length - longestLag;
  for (let lag = shortestLag; lag <= longestLag; lag++) {
    let [cross, here, there] = [0, 1e-12, 1e-12];
    for (let at = 0; at < length; at++) {
      const a = signal[at] ?? 0;
      const b = signal[at + lag] ?? 0;
      cross += a * b;
      here += a * a;
      there += b * b;
    }
    best = Math.max(best, cross / Math.sqrt(here * there));
  }
  return best;
}
