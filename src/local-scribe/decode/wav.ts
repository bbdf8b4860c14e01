import { Refusal } from "#local-scribe/refusal.ts";
import { samplesPerMs } from "./pcm.ts";

/** The samples of a WAV file that is 16 kHz, mono, 16-bit PCM; `invalid_audio_format` for every other. */
export function readWav(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 12;
  let wanted = false;
  while (at + 8 <= bytes.length) {
    const id = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = Math.min(view.getUint32(at + 4, true), bytes.length - at - 8);
    if (id === "fmt ") wanted = isWanted(view, at + 8, size);
    if (id === "data" && wanted) return samplesAt(bytes, at + 8, size);
    at += 8 + size + (size % 2);
  }
  throw new Refusal("invalid_audio_format", "WAV must be 16 kHz, mono, 16-bit PCM");
}

function isWanted(view: DataView, at: number, size: number): boolean {
  if (size < 16) return false;
  const [format, channels, rate, bits] = [
    view.getUint16(at, true),
    view.getUint16(at + 2, true),
    view.getUint32(at + 4, true),
    view.getUint16(at + 14, true),
  ];
  return format === 1 && channels === 1 && rate === samplesPerMs * 1000 && bits === 16;
}

function samplesAt(bytes: Uint8Array, at: number, size: number): Int16Array {
  return new Int16Array(new Uint8Array(bytes.subarray(at, at + size - (size % 2))).buffer);
}

/** A WAV file around samples, for engines that want a file. */
export function writeWav(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(44 + samples.byteLength);
  const view = new DataView(bytes.buffer);
  const word = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  word(0, "RIFF");
  view.setUint32(4, 36 + samples.byteLength, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, samplesPerMs * 1000, true);
  view.setUint32(28, samplesPerMs * 2000, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, samples.byteLength, true);
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), 44);
  return bytes;
}
