import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createResampler } from "./resample.ts";

const tone = (rate: number, hertz: number, length: number) =>
  Float32Array.from({ length }, (_, index) => Math.sin((2 * Math.PI * hertz * index) / rate) / 2);

function resampled(rate: number, pieces: readonly Float32Array[]): number[] {
  const resampler = createResampler(rate);
  return [...pieces.flatMap((piece) => [...resampler.push(piece)]), ...resampler.end()];
}

/** Decibels of a full-scale-half tone over what differs from it, edges left out. */
function likeness(given: readonly number[], hertz: number): number {
  const wanted = tone(16_000, hertz, given.length);
  let [signal, error] = [0, 1e-9];
  for (let at = 400; at < given.length - 400; at += 1) {
    const right = wanted[at]! * 32_767;
    [signal, error] = [signal + right ** 2, error + (given[at]! - right) ** 2];
  }
  return 10 * Math.log10(signal / error);
}

test.each([48_000, 44_100, 96_000, 16_000, 8000])("%i Hz: what is heard stays as it is, sample by sample", (rate) => {
  for (const hertz of [100, 1000, Math.min(6500, rate * 0.4)]) {
    const given = resampled(rate, [tone(rate, hertz, rate)]);
    expect(given).toHaveLength(16_000);
    expect(likeness(given, hertz)).toBeGreaterThan(75);
  }
});

test.each([9500, 12_000, 20_000])("%i Hz does not fold back into what is heard", (hertz) => {
  const given = resampled(48_000, [tone(48_000, hertz, 48_000)]).slice(400, -400);
  expect(Math.max(...given.map(Math.abs))).toBeLessThan(16_384 / 10 ** (70 / 20));
});

test.each([48_000, 44_100])("%i Hz: where the sound is cut into pieces makes no difference", (rate) => {
  const sound = tone(rate, 440, 5000);
  const whole = resampled(rate, [sound]);
  const border = fc.integer({ min: 0, max: sound.length });
  fc.assert(
    fc.property(fc.array(border, { maxLength: 20 }), (borders) => {
      const at = [0, ...borders.toSorted((a, b) => a - b), sound.length];
      const pieces = at.slice(1).map((end, index) => sound.subarray(at[index], end));
      expect(resampled(rate, pieces)).toEqual(whole);
    }),
    { numRuns: 30 },
  );
});

test("too loud is cut off, not turned over; no sound is no sound", () => {
  const loud = Float32Array.from({ length: 4800 }, (_, index) => (index % 480 < 240 ? 1.2 : -1.2));
  const given = resampled(48_000, [loud]);
  expect([Math.max(...given), Math.min(...given)]).toEqual([32_767, -32_768]);
  expect(resampled(48_000, [])).toEqual([]);
});
