/** Makes the WAV file that stands for what a microphone hears: a quiet lead-in, then a spoken visit or a made sound. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const rate = 16_000;

export type Heard = {
  /** Name of a visit in e2e/audio, or a sound. */
  sound: { visit: string } | { noise: "white" | "silence"; seconds: number };
  /** Quiet room before the first word, so that nothing is said during the microphone check. */
  leadInSeconds: number;
  /** Skip this much of the visit: after a restart the file would begin again. */
  skipSeconds?: number;
};

/** Writes the file and returns its path and how long it sounds. */
export function makeMicrophone(path: string, heard: Heard): { path: string; seconds: number } {
  const body = "visit" in heard.sound ? visitSamples(heard.sound.visit, heard.skipSeconds ?? 0) : noise(heard.sound);
  const lead = roomTone(heard.leadInSeconds * rate);
  const samples = new Int16Array(lead.length + body.length);
  samples.set(lead);
  samples.set(body, lead.length);
  writeFileSync(path, wav(samples));
  return { path, seconds: samples.length / rate };
}

function visitSamples(name: string, skipSeconds: number): Int16Array {
  const file = readFileSync(join(import.meta.dirname, "audio", `${name}.wav`));
  const start = file.indexOf("data", 0, "latin1") + 8;
  const bytes = file.subarray(start + Math.round(skipSeconds * rate) * 2);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
}

function noise({ noise: kind, seconds }: { noise: "white" | "silence"; seconds: number }): Int16Array {
  const samples = new Int16Array(seconds * rate);
  if (kind === "white") for (const index of samples.keys()) samples[index] = (random() - 0.5) * 12_000;
  return samples;
}

/** A quiet room is not digital zero: that would be a dead microphone. */
function roomTone(length: number): Int16Array {
  return Int16Array.from({ length: Math.round(length) }, () => (random() - 0.5) * 12);
}

let state = 1;
function random(): number {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}

function wav(samples: Int16Array): Uint8Array {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, new Uint8Array(samples.buffer)]);
}
