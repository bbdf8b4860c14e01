/** WAV as this server makes it: 16 kHz, mono, 16 bit. */

export const sampleRate = 16_000;

export const wavHeadBytes = 44;

/** RIFF, one `fmt ` chunk of plain PCM, and the head of one `data` chunk of so many bytes. */
export function wavHead(dataBytes: number): Uint8Array {
  const bytes = new Uint8Array(wavHeadBytes);
  const view = new DataView(bytes.buffer);
  const word = (at: number, text: string): void => {
    for (let n = 0; n < text.length; n += 1) view.setUint8(at + n, text.charCodeAt(n));
  };
  word(0, "RIFF");
  view.setUint32(4, wavHeadBytes - 8 + dataBytes, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, dataBytes, true);
  return bytes;
}

/** Samples between -1 and 1 as 16 bit, little endian. */
export function pcmOf(parts: readonly Float32Array[]): Uint8Array {
  const samples = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(samples * 2);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    for (const value of part) {
      view.setInt16(at, Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767))), true);
      at += 2;
    }
  }
  return bytes;
}
