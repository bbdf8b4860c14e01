/**
 * Samples that no encoder has seen: 16 bit, one channel, 16 kHz. A stream is the bare samples, a packet 20 ms of them, so that it
 * can be read from any packet on. It leaves as WAV.
 */
import { concat } from "./bytes.ts";
import type { Packet, StreamFormat, StreamReader } from "./packet.ts";
import { wavRate } from "./resample.ts";
import { writeWav } from "./write-wav.ts";

export const packetMs = 20;
const packetSamples = (wavRate * packetMs) / 1000;
export const packetBytes = packetSamples * 2;
const samplesAt48kHz = 48 * packetMs;

export const wav: StreamFormat = {
  leavesAs: "audio/wav",
  createReader,
  writeChunk: (_head, packets) => writeWhole(packets),
  writeWhole: (_head, packets) => writeWhole(packets),
};

function writeWhole(packets: readonly Packet[]): Uint8Array<ArrayBuffer> {
  return writeWav(packets.map(({ bytes }) => bytes));
}

function createReader(startAt: number): StreamReader {
  let pending: Uint8Array = new Uint8Array();
  let at = startAt;
  /** Begins at the next packet when it is not at one. */
  const align = (): void => {
    const skip = Math.min(pending.length, (packetBytes - (at % packetBytes)) % packetBytes);
    pending = pending.subarray(skip);
    at += skip;
  };
  return {
    push(bytes) {
      pending = concat([pending, bytes]);
      align();
      const packets: Packet[] = [];
      for (; pending.length >= packetBytes; at += packetBytes) {
        const timeMs = (at / packetBytes) * packetMs;
        const place = { at, end: at + packetBytes, readFrom: at };
        packets.push({ bytes: pending.slice(0, packetBytes), samples: samplesAt48kHz, timeMs, ...place });
        pending = pending.subarray(packetBytes);
      }
      return packets;
    },
    jump(from) {
      [pending, at] = [new Uint8Array(), from];
    },
    head: () => new Uint8Array(),
  };
}
