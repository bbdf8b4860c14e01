/**
 * What the proof's microphone hears: a known sound in which every 100 ms are unlike any other. In: a place in samples at 48 kHz.
 * Out: the sound from there. Speech (so that the codec works as in a visit), two tones that change every 100 ms, and noise that
 * never repeats.
 */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

export const sampleRate = 48_000;
export const samplesPerMs = 48;

const slotSamples = 4800;
/** The recorded speech has a value every 3 samples. */
const speechSamples = 3;
const speechFiles = ["chest-pain", "knee-pain", "cough"];
/** Noise changes its value 4000 times a second: the codec keeps what is below 2 kHz best. */
const noiseSamples = 12;
const gain = { speech: 0.35, tone: 0.07, noise: 0.16 };

let speech: Int16Array | undefined;

/** The sound `from..from + count`; the same place always sounds the same. */
export function signal(from: number, count: number): Float32Array<ArrayBuffer> {
  speech ??= readSpeech();
  const out = new Float32Array(count);
  for (let slot = Math.floor(from / slotSamples); slot * slotSamples < from + count; slot += 1)
    addTones(out, from, slot);
  addNoise(out, from);
  for (let index = 0; index < count; index += 1) {
    out[index] = (out[index] ?? 0) + gain.speech * speechAt(speech, from + index);
  }
  return out;
}

function addTones(out: Float32Array, from: number, slot: number): void {
  const start = Math.max(from, slot * slotSamples);
  const end = Math.min(from + out.length, (slot + 1) * slotSamples);
  const low = ((300 + 1200 * chance(slot, 1)) * 2 * Math.PI) / sampleRate;
  const high = ((1500 + 1900 * chance(slot, 2)) * 2 * Math.PI) / sampleRate;
  for (let at = start; at < end; at += 1) {
    out[at - from] = gain.tone * (Math.sin(low * at) + Math.sin(high * at));
  }
}

function speechAt(samples: Int16Array, at: number): number {
  const index = Math.floor(at / speechSamples);
  const left = samples[index % samples.length] ?? 0;
  const right = samples[(index + 1) % samples.length] ?? 0;
  return (left + (right - left) * (at / speechSamples - index)) / 32_768;
}

function addNoise(out: Float32Array, from: number): void {
  const first = Math.floor(from / noiseSamples);
  for (let index = first; index * noiseSamples < from + out.length; index += 1) {
    const left = chance(index, 3);
    const rise = (chance(index + 1, 3) - left) / noiseSamples;
    const start = index * noiseSamples;
    const end = Math.min(from + out.length, start + noiseSamples);
    for (let at = Math.max(from, start); at < end; at += 1) {
      out[at - from] = (out[at - from] ?? 0) + gain.noise * ((left + rise * (at - start)) * 2 - 1);
    }
  }
}

/** Evenly spread over 0..1 by place and kind alone. */
function chance(place: number, kind: number): number {
  let mixed = Math.imul(place ^ Math.imul(kind, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x27d4eb2f);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

function readSpeech(): Int16Array {
  const files = speechFiles.map((name) => {
    const file = readFileSync(join(import.meta.dirname, "..", "audio", `${name}.wav`));
    return file.subarray(file.indexOf("data", 0, "latin1") + 8);
  });
  const bytes = Buffer.concat(files.map((file) => file.subarray(0, file.length & ~1)));
  return new Int16Array(new Uint8Array(bytes).buffer);
}

/** Writes the sound from `fromSeconds` on as a WAV file (48 kHz, mono, 16 bit) and returns its path. */
export function writeSignal(path: string, { fromSeconds, seconds }: { fromSeconds: number; seconds: number }): string {
  const file = openSync(path, "w");
  writeSync(file, wavHeader(seconds * sampleRate * 2));
  for (let second = 0; second < seconds; second += 1) {
    const samples = signal((fromSeconds + second) * sampleRate, sampleRate);
    writeSync(file, new Uint8Array(toInt16(samples).buffer));
  }
  closeSync(file);
  return path;
}

function toInt16(samples: Float32Array): Int16Array<ArrayBuffer> {
  return Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767))));
}

function wavHeader(bytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}
