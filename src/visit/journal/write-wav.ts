/** WAV around 16-bit samples of one channel at 16 kHz (RIFF; Microsoft's "Multimedia Programming Interface" 1.0, 1991). */
import { concat } from "./bytes.ts";
import { wavRate } from "./resample.ts";

const headBytes = 44;

/** `samples`: little-endian, in pieces. */
export function writeWav(samples: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = samples.reduce((sum, { length }) => sum + length, 0);
  const head = new DataView(new ArrayBuffer(headBytes));
  const text = (at: number, letters: string): void => {
    for (const [index, byte] of new TextEncoder().encode(letters).entries()) head.setUint8(at + index, byte);
  };
  text(0, "RIFF");
  head.setUint32(4, headBytes - 8 + size, true);
  text(8, "WAVEfmt ");
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true);
  head.setUint16(22, 1, true);
  head.setUint32(24, wavRate, true);
  head.setUint32(28, wavRate * 2, true);
  head.setUint16(32, 2, true);
  head.setUint16(34, 16, true);
  text(36, "data");
  head.setUint32(40, size, true);
  return concat([new Uint8Array(head.buffer), ...samples]);
}
