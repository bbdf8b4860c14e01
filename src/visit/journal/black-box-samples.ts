/** For a browser without an Opus encoder in workers: blocks of samples in, the same as 16-bit samples out. */
import type { EncoderParts, SoundEncoder } from "./black-box-encoder.ts";

export function openPcm({ onSound }: EncoderParts): SoundEncoder {
  return {
    codec: "pcm16",
    encode: ({ samples, at, wall }) => {
      const pcm = new DataView(new ArrayBuffer(samples.length * 2));
      for (const [index, sample] of samples.entries()) {
        pcm.setInt16(index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
      }
      onSound({ at, wall, bytes: new Uint8Array(pcm.buffer) }, true);
    },
    close: () => undefined,
  };
}
