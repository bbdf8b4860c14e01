/** For a browser without an Opus encoder in workers: blocks of samples in, the same as 16-bit samples at 16 kHz out, whatever the rate. */
import type { EncoderParts, SoundEncoder } from "./black-box-encoder.ts";
import { createResampler, wavRate, type Resampler } from "./resample.ts";

export function openPcm({ onSound }: EncoderParts): SoundEncoder {
  let rate: number | undefined;
  let resampler: Resampler | undefined;
  return {
    form: { codec: "pcm16", sampleRate: wavRate },
    encode: ({ samples, sampleRate, at, wall }) => {
      if (rate !== sampleRate) [rate, resampler] = [sampleRate, createResampler(sampleRate)];
      if (resampler) onSound({ at, wall, bytes: new Uint8Array(resampler.push(samples).buffer) }, true);
    },
    close: () => undefined,
  };
}
