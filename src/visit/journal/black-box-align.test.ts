import { expect, test } from "vitest";
import { alignRate, findEnd } from "./black-box-align.ts";

/** Noise that never repeats, made smooth as speech is; the same for the same seed. */
function sound(samples: number, seed: number): Float32Array {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  };
  let last = 0;
  return Float32Array.from({ length: samples }, () => (last = 0.8 * last + 0.2 * next()));
}

const spoken = sound(4 * alignRate, 1);
const ms = (time: number) => (time * alignRate) / 1000;

/** Rather twice than not at all. */
const margin = ms(5);

test("the place where the journal's sound ends is found, 5 ms early", () => {
  const box = spoken.subarray(ms(1000), ms(3500));
  for (const endMs of [1450, 2001, 2345.5, 3500]) {
    expect(findEnd(spoken.subarray(ms(700), ms(endMs)), box)).toBe(ms(endMs) - ms(1000) - margin);
  }
});

test("two encodings of it differ, and are still the same sound", () => {
  const noise = sound(spoken.length, 2);
  const box = spoken.map((sample, index) => 0.6 * sample + 0.15 * (noise[index] ?? 0)).subarray(ms(1000), ms(3500));
  expect(findEnd(spoken.subarray(0, ms(2345.5)), box)).toBe(ms(2345.5) - ms(1000) - margin);
});

test("where the tap stumbled in the last moment, the sound before it tells: a little twice, nothing left out", () => {
  const stumbled = new Float32Array([...spoken.subarray(ms(1000), ms(2250)), ...spoken.subarray(ms(2260), ms(3500))]);
  const end = findEnd(spoken.subarray(0, ms(2345.5)), stumbled)!;
  expect(end).toBeLessThanOrEqual(ms(1335.5));
  expect(end).toBeGreaterThanOrEqual(ms(1295.5));
});

test("what cannot be told is not told: silence, a hum, another sound, too little of it, a box that ends before", () => {
  const box = spoken.subarray(ms(1000), ms(3500));
  const hum = Float32Array.from({ length: 4 * alignRate }, (_, index) =>
    Math.sin((index * 2 * Math.PI * 100) / alignRate),
  );
  expect(findEnd(new Float32Array(alignRate), box)).toBeUndefined();
  expect(findEnd(new Float32Array(alignRate), new Float32Array(2 * alignRate))).toBeUndefined();
  expect(findEnd(hum.subarray(0, ms(2000)), hum.subarray(ms(1000)))).toBeUndefined();
  expect(findEnd(sound(alignRate, 3), box)).toBeUndefined();
  expect(findEnd(spoken.subarray(ms(1850), ms(2000)), box)).toBeUndefined();
  expect(findEnd(spoken.subarray(0, ms(2000)), box.subarray(0, ms(700)))).toBeUndefined();
  expect(findEnd(spoken.subarray(0, ms(2000)), new Float32Array(10))).toBeUndefined();
});
