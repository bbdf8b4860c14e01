/** Sound for the black box: blocks of samples in, packets of 20 ms out, as Opus where the browser has an encoder, else as 16-bit samples. */
import type { Sound, Tapped } from "./black-box-records.ts";

/** What the audio thread gives: about 20 ms, one channel. `at` is where it begins on the audio clock, `wall` when it was complete (ms). */
export type Block = { samples: Float32Array<ArrayBuffer>; at: number; wall: number };

export type SoundEncoder = {
  codec: Tapped["codec"];
  encode(block: Block): void;
  /** What it has not given yet is dropped. */
  close(): void;
};

export type EncoderParts = {
  sampleRate: number;
  onSound(sound: Sound): void;
  /** It gives nothing any more. */
  onBroken(): void;
};

const bitsPerSecond = 32_000;
const packetMs = 20;
/** A block that waits longer than this behind others is dropped: the box must never fill the memory. */
const mostWaiting = 250;

export async function openEncoder(parts: EncoderParts): Promise<SoundEncoder> {
  const config: AudioEncoderConfig & { opus: object } = {
    codec: "opus",
    sampleRate: parts.sampleRate,
    numberOfChannels: 1,
    bitrate: bitsPerSecond,
    opus: { frameDuration: packetMs * 1000, complexity: 5 },
  };
  const support = await globalThis.AudioEncoder?.isConfigSupported(config).catch(() => undefined);
  if (support?.supported === true) return openOpus(parts, config);
  return (await import("./black-box-samples.ts")).openPcm(parts); // most browsers have an encoder
}

function openOpus({ sampleRate, onSound, onBroken }: EncoderParts, config: AudioEncoderConfig): SoundEncoder {
  const clock = createPacketClock(sampleRate);
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      onSound({ ...clock.nextPacket(), bytes });
    },
    error: () => onBroken(),
  });
  encoder.configure(config);
  return {
    codec: "opus",
    encode: (block) => {
      if (encoder.state !== "configured" || encoder.encodeQueueSize > mostWaiting) return;
      const { samples: data, at } = block;
      const format = { format: "f32", sampleRate, numberOfFrames: data.length, numberOfChannels: 1 } as const;
      const audio = new AudioData({ ...format, timestamp: Math.round(at * 1000), data });
      clock.tookBlock(block);
      encoder.encode(audio);
      audio.close();
    },
    close: () => {
      if (encoder.state !== "closed") encoder.close();
    },
  };
}

/** Packets come in the order of the blocks, but not always one for one: how much sound went in tells which time is a packet's. */
function createPacketClock(sampleRate: number): {
  tookBlock(block: Block): void;
  nextPacket(): { at: number; wall: number };
} {
  const blocks: { endMs: number; endAt: number; wall: number }[] = [];
  let takenMs = 0;
  let givenMs = 0;
  return {
    tookBlock: ({ samples, at, wall }) => {
      const lengthMs = (samples.length * 1000) / sampleRate;
      takenMs += lengthMs;
      blocks.push({ endMs: takenMs, endAt: at + lengthMs, wall });
    },
    nextPacket: () => {
      givenMs += packetMs;
      while (blocks.length > 1 && (blocks[0]?.endMs ?? givenMs) < givenMs - 0.01) blocks.shift();
      const { endMs, endAt, wall } = blocks[0] ?? { endMs: givenMs, endAt: givenMs, wall: 0 };
      return { at: endAt - (endMs - givenMs) - packetMs, wall };
    },
  };
}
