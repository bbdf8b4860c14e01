import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readWav } from "#local-scribe/decode/wav.ts";
import { createFrameReader, frameSamples } from "./speech-frames.ts";
import { createSpeechGate } from "./speech-gate.ts";
import { leastSpreadDb, levelSpread } from "./speech-timeline.ts";

const rate = 16_000;
const seconds = 20;

/** The same noise on every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function toSamples(length: number, at: (index: number) => number): Int16Array {
  return Int16Array.from({ length }, (_, index) => Math.max(-32_768, Math.min(32_767, Math.round(at(index) * 32_767))));
}

function white(gain: number): Int16Array {
  const random = createRandom(1);
  return toSamples(rate * seconds, () => gain * random());
}

/** Three leaky integrators at different speeds make 1/f within a decibel over the speech band. */
function pink(gain: number): Int16Array {
  const random = createRandom(2);
  const state = [0, 0, 0];
  return toSamples(rate * seconds, () => {
    const input = random();
    state[0] = 0.997 * state[0]! + 0.029 * input;
    state[1] = 0.963 * state[1]! + 0.0326 * input;
    state[2] = 0.57 * state[2]! + 0.1538 * input;
    return gain * (state[0] + state[1] + state[2] + 0.0555 * input) * 4;
  });
}

function brown(gain: number): Int16Array {
  const random = createRandom(3);
  let level = 0;
  return toSamples(rate * seconds, () => {
    level = 0.998 * level + 0.05 * random();
    return gain * level;
  });
}

function hum(base: number, gain: number): Int16Array {
  const tone = (index: number, times: number) => Math.sin((2 * Math.PI * base * times * index) / rate) / times;
  return toSamples(
    rate * seconds,
    (index) => gain * (tone(index, 1) + tone(index, 2) + tone(index, 3) + tone(index, 6)),
  );
}

function visit(name: string): Int16Array {
  return readWav(readFileSync(`e2e/audio/${name}.wav`));
}

function passThrough(samples: Int16Array, pieceLength: number) {
  const gate = createSpeechGate();
  const parts: Int16Array[] = [];
  for (let at = 0; at < samples.length; at += pieceLength)
    parts.push(gate.push(samples.subarray(at, at + pieceLength)));
  parts.push(gate.end());
  return {
    gate,
    passed: Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength))),
  };
}

function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** The level spreads of all windows of a second, from small to large. */
function spreads(samples: Int16Array): number[] {
  const reader = createFrameReader();
  const levels: number[] = [];
  for (let at = 0; at + frameSamples <= samples.length; at += frameSamples) {
    levels.push(reader.read(samples.subarray(at, at + frameSamples)).level);
  }
  const windows: number[] = [];
  for (let at = 0; at + 48 <= levels.length; at += 12) windows.push(levelSpread(levels.slice(at, at + 48)));
  return windows.sort((a, b) => a - b);
}

const noises: [string, Int16Array][] = [
  ["white, loud", white(0.5)],
  ["white, faint", white(0.01)],
  ["pink, loud", pink(0.1)],
  ["pink, faint", pink(0.003)],
  ["brown, loud", brown(0.5)],
  ["brown, faint", brown(0.02)],
  ["hum of 50 Hz", hum(50, 0.3)],
  ["hum of 60 Hz", hum(60, 0.05)],
  ["silence", new Int16Array(rate * seconds)],
];

test.each(noises)("%s does not pass, and holds no speech", (_name, samples) => {
  const { gate, passed } = passThrough(samples, rate);
  expect(passed.length).toBe(samples.byteLength);
  expect(passed.every((byte) => byte === 0)).toBe(true);
  expect(gate.evidence()).toMatchObject({ durationMs: seconds * 1000, speechMs: 0 });
});

test("silence has no sound, noise has nothing else", () => {
  expect(passThrough(new Int16Array(rate * 5), rate).gate.evidence().soundMs).toBe(0);
  expect(passThrough(white(0.1), rate).gate.evidence().soundMs).toBe(seconds * 1000);
});

test.each(["chest-pain", "knee-pain"])("the %s visit passes to the last bit", (name) => {
  const samples = visit(name);
  const { gate, passed } = passThrough(samples, 4001);
  expect(passed.equals(bytesOf(samples))).toBe(true);
  const { speechMs, durationMs } = gate.evidence();
  expect(speechMs / durationMs).toBeGreaterThan(0.4);
});

function decibels(samples: Int16Array): number {
  return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

test.each(["chest-pain", "knee-pain"])("the %s visit passes over a noise of 6 dB less", (name) => {
  const [speech, noise] = [visit(name), pink(0.035)];
  expect(decibels(speech) - decibels(noise)).toBeLessThan(7.5);
  const samples = speech.map((sample, at) => sample + noise[at % noise.length]!);
  const { gate, passed } = passThrough(samples, rate);
  expect(passed.equals(bytesOf(samples))).toBe(true);
  expect(gate.evidence().speechMs).toBeGreaterThan(8000);
});

test.each([0.3, 0.03])("the visit passes from a microphone that hears %d of it", (gain) => {
  const samples = visit("chest-pain").map((sample) => Math.round(sample * gain));
  const { gate, passed } = passThrough(samples, rate);
  expect(passed.equals(bytesOf(samples))).toBe(true);
  expect(gate.evidence().speechMs).toBeGreaterThan(20_000);
});

test("noise around a visit is taken out, the visit stays", () => {
  const noise = pink(0.05);
  const speech = visit("knee-pain");
  const samples = new Int16Array(noise.length * 2 + speech.length);
  samples.set(noise);
  samples.set(speech, noise.length);
  samples.set(noise, noise.length + speech.length);
  const { passed, gate } = passThrough(samples, rate);
  const [from, to] = [noise.length * 2, (noise.length + speech.length) * 2];
  expect(passed.subarray(from, to).equals(bytesOf(speech))).toBe(true);
  expect(passed.subarray(0, from - 2 * rate * 3).every((byte) => byte === 0)).toBe(true);
  expect(passed.subarray(to + 2 * rate * 3).every((byte) => byte === 0)).toBe(true);
  expect(gate.hasVoice(0, 15_000)).toBe(false);
  expect(gate.hasVoice(20_000, 24_000)).toBe(true);
});

test("what passes does not depend on how the samples came in", () => {
  const speech = visit("knee-pain");
  const noise = white(0.05);
  const samples = Int16Array.from([...noise, ...speech, ...noise]);
  const once = passThrough(samples, samples.length).passed;
  expect(passThrough(samples, 777).passed.equals(once)).toBe(true);
});

test("the threshold lies far from both sides", () => {
  for (const [, samples] of noises) expect(spreads(samples).at(-1)).toBeLessThan(leastSpreadDb / 2);
  for (const windows of ["chest-pain", "knee-pain"].map(visit).map(spreads)) {
    expect(windows[Math.floor(windows.length * 0.2)]).toBeGreaterThan(2 * leastSpreadDb);
  }
});
