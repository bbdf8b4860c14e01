/** Sound for the black box: blocks of samples in, packets of 20 ms out, as Opus where the browser has an encoder, else as 16-bit samples. */
import type { Sound, Tapped } from "./black-box-records.ts";

/** What a tap gives: 20 ms or some more, one channel; the rate may change from one to the next. `at` is where it begins on the audio clock, `wall` when it was complete (ms). */
export type Block = { samples: Float32Array<ArrayBuffer>; sampleRate: number; at: number; wall: number };

export type SoundEncoder = {
  /** Of what it gives, whatever the rates of the blocks. */
  form: Omit<Tapped, "recording">;
  encode(block: Block): void;
  /** What it has not given yet is dropped. */
  close(): void;
};

export type EncoderParts = {
  /** `isLast`: nothing more comes of the blocks given so far. Not to be relied on: an encoder that converts keeps some back. */
  onSound(sound: Sound, isLast: boolean): void;
  /** It gives nothing any more. */
  onBroken(): void;
};

const bitsPerSecond = 32_000;
const packetMs = 20;
/** Opus works in it. */
const opusRate = 48_000;
/** Not one of Opus: a browser that takes it converts. */
const otherRate = 44_100;
/** A block that waits longer than this behind others is dropped: the box must never fill the memory. */
const mostWaiting = 250;

export async function openEncoder(parts: EncoderParts): Promise<SoundEncoder> {
  const config: AudioEncoderConfig & { opus: object } = {
    codec: "opus",
    sampleRate: otherRate,
    numberOfChannels: 1,
    bitrate: bitsPerSecond,
    opus: { frameDuration: packetMs * 1000, complexity: 0 },
  };
  const support = await globalThis.AudioEncoder?.isConfigSupported(config).catch(() => undefined);
  if (support?.supported === true) return openOpus(parts, config);
  return (await import("./black-box-samples.ts")).openPcm(parts); // most browsers have an encoder
}

/** Packets come with the time at which they begin on the audio clock; when they were complete is what the last block said of its own. */
function openOpus({ onSound, onBroken }: EncoderParts, config: AudioEncoderConfig): SoundEncoder {
  let [originAt, givenMs] = [0, 0];
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      const at = chunk.timestamp / 1000;
      // Of another rate, the conversion keeps up to a packet back.
      const slackMs = config.sampleRate === opusRate ? 1 : -packetMs;
      onSound({ at, wall: originAt + at + packetMs, bytes }, at + 2 * packetMs > givenMs + slackMs);
    },
    error: () => onBroken(),
  });
  encoder.configure(config);
  return {
    form: { codec: "opus", sampleRate: opusRate },
    encode: ({ samples: data, sampleRate, at, wall }) => {
      if (encoder.state !== "configured" || encoder.encodeQueueSize > mostWaiting) return;
      if (config.sampleRate !== sampleRate) {
        config.sampleRate = sampleRate;
        encoder.configure(config);
      }
      givenMs = at + (data.length * 1000) / sampleRate;
      originAt = wall - givenMs;
      const audio = new AudioData({
        format: "f32",
        sampleRate,
        numberOfFrames: data.length,
        numberOfChannels: 1,
        timestamp: Math.round(at * 1000),
        data,
      });
      encoder.encode(audio);
      audio.close();
    },
    close: () => {
      if (encoder.state !== "closed") encoder.close();
    },
  };
}
