import { samplesPerMs } from "#local-scribe/decode/pcm.ts";

/** What the gate looks at: one frame of 20 ms. */
export const frameMs = 20;
export const frameSamples = frameMs * samplesPerMs;

export type Frame = {
  /** RMS in the band of the vowels, dBFS, never below the floor. */
  level: number;
  /** The frame repeats itself at a speaking pitch. */
  voiced: boolean;
};

/** Below this nothing counts: the last bit of a converter would otherwise look as lively as speech. */
const floorDb = -90;
const floorPower = 10 ** (floorDb / 10);
/** Pitches of 70 to 400 Hz, as lags of a signal at 4 kHz. */
const [shortestLag, longestLag] = [10, 57];
const voicedCorrelation = 0.6;
const bandSamples = 160;

/** Reads frames one after another; each looks back at the 20 ms before it. */
export type FrameReader = { read(samples: Int16Array): Frame };

/**
 * The difference of neighbouring samples flattens pink and brown noise and takes the weight out of mains hum; its average over four samples
 * keeps the band of the vowels. Level and pitch are both read from that, over 40 ms at 4 kHz: of a steady noise a steady level is left.
 */
export function createFrameReader(): FrameReader {
  let last = 0;
  const band = new Float64Array(bandSamples);

  return {
    read(samples) {
      band.copyWithin(0, frameSamples / 4);
      for (let at = 0; at < frameSamples; at += 4) {
        const four = samples[at + 3] ?? 0;
        band[bandSamples - (frameSamples - at) / 4] = (four - last) / 4 / 32_768;
        last = four;
      }
      const power = band.reduce((sum, value) => sum + value * value, 0) / bandSamples;
      const level = 10 * Math.log10(power + floorPower);
      return { level, voiced: level > floorDb + 6 && pitchStrength(band) >= voicedCorrelation };
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
