/** What a black box without an encoder kept, as a stream of samples that scribes take (wav.ts). */
import type { PlacedSound } from "./black-box-merge.ts";
import { concat } from "./bytes.ts";
import { createResampler, wavRate } from "./resample.ts";
import { packetBytes } from "./wav.ts";

/** The next bytes of a recording's stream; `capturedAt` is when the last of them was heard. */
export type Piece = { from: number; bytes: Uint8Array<ArrayBuffer>; capturedAt: number };

/** `sampleRate` is the box's. The last packet is filled up with silence. A piece is about one chunk's sound. */
export function piecesOfPcm(sounds: readonly PlacedSound[], sampleRate: number, piecePackets: number): Piece[] {
  const resampler = createResampler(sampleRate);
  const pieces: Piece[] = [];
  let settled: Uint8Array[] = [];
  let [settledBytes, takenMs, from] = [0, 0, 0];
  const settle = (bytes: Uint8Array): void => {
    settled.push(bytes);
    settledBytes += bytes.length;
  };
  for (const [index, { bytes, endsAt }] of sounds.entries()) {
    const samples = samplesOf(bytes);
    const isLast = index === sounds.length - 1;
    takenMs += (samples.length * 1000) / sampleRate;
    settle(new Uint8Array(resampler.push(samples).buffer));
    if (isLast) settle(new Uint8Array(resampler.end().buffer));
    if (isLast) settle(new Uint8Array((packetBytes - (settledBytes % packetBytes)) % packetBytes));
    const size = settledBytes - (settledBytes % packetBytes);
    if (!isLast && size < piecePackets * packetBytes) continue;
    const aheadMs = ((from + size) * 500) / wavRate - takenMs;
    const all = concat(settled);
    pieces.push({ from, bytes: all.slice(0, size), capturedAt: endsAt + aheadMs });
    [settled, settledBytes, from] = [[all.slice(size)], all.length - size, from + size];
  }
  return pieces;
}

function samplesOf(pcm16: Uint8Array): Float32Array {
  const view = new DataView(pcm16.buffer, pcm16.byteOffset, pcm16.byteLength);
  const samples = new Float32Array(view.byteLength >> 1);
  for (let index = 0; index < samples.length; index += 1) samples[index] = view.getInt16(index * 2, true) / 32_767;
  return samples;
}
