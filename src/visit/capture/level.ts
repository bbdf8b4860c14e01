import type { Amplitude } from "./tap-sound.ts";

/** In dBFS, -120 for digital silence. `clipped` is the share of samples at full scale, `atMs` when it was, on the audio clock. */
export type Level = { rms: number; peak: number; clipped: number; atMs: number };

/** Digital silence: no microphone that works gives this. */
export const silence = -120;

export function toDecibels(amplitude: number): number {
  return Math.max(silence, 20 * Math.log10(amplitude));
}

/** What a tap reports, as a level. */
export function levelOf({ rms, peak, clipped, atMs }: Amplitude): Level {
  return { rms: toDecibels(rms), peak: toDecibels(peak), clipped, atMs };
}
