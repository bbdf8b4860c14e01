import { OpusDecoder } from "opus-decoder";
import type { AudioFile } from "./audio-file.ts";
import { opusSamples } from "./opus-packet.ts";

/** Turns the files of one session, in order, into one stream of 16 kHz mono samples. */
export type SessionDecoder = {
  /** In pieces of a few seconds, so that a long file does not hold up the server. */
  decode(file: AudioFile): Iterable<Int16Array>;
  close(): void;
};

const packetsAtOnce = 100;
const samplesAtOnce = 80_000;

/**
 * One Opus decoder for the whole session: a chunk is a cut through one packet stream, and a fresh decoder would damage the first
 * 40 ms of each. Every packet gives exactly the samples its header announces, so that times stay true; a broken one gives zeros.
 * The pre-skip counts once, at the very start.
 */
export async function createSessionDecoder(): Promise<SessionDecoder> {
  const opus = new OpusDecoder({
    sampleRate: 16_000,
    channels: 1,
    streamCount: 1,
    coupledStreamCount: 0,
    channelMappingTable: [0],
  });
  await opus.ready;
  let started = false;

  function decodePacket(packet: Uint8Array): Int16Array {
    const samples = new Int16Array(opusSamples(packet) / 3);
    const decoded = opus.decodeFrame(packet).channelData[0];
    decoded?.subarray(0, samples.length).forEach((value, at) => {
      samples[at] = Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767)));
    });
    return samples;
  }

  return {
    *decode(file) {
      let skip = !started && file.kind === "opus" ? Math.floor(file.preSkip / 3) : 0;
      started = true;
      if (file.kind === "pcm") {
        for (let at = 0; at < file.samples.length; at += samplesAtOnce)
          yield file.samples.subarray(at, at + samplesAtOnce);
        return;
      }
      for (let at = 0; at < file.packets.length; at += packetsAtOnce) {
        const samples = join(file.packets.slice(at, at + packetsAtOnce).map(decodePacket));
        yield samples.subarray(skip);
        skip = Math.max(0, skip - samples.length);
      }
    },
    close: () => opus.free(),
  };
}

function join(parts: Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
