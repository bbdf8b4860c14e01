import { expect, test } from "vitest";
import { type Cuttable, packetsToCut } from "./cut.ts";
import { samplesToMs } from "./opus.ts";

/** Packets of 60 ms; every fifth second is quiet. */
const packets = (seconds: number, levelsKnown: boolean): Cuttable[] =>
  Array.from({ length: Math.round(seconds / 0.06) }, (_, place) => {
    const isQuiet = Math.floor(place * 0.06) % 5 === 4;
    return { samples: 2880, level: levelsKnown ? (isQuiet ? -60 : -20) : null };
  });

/** As the journal cuts while a recording grows, and then ends. */
function lengthsOf(all: readonly Cuttable[], limitMs?: number): number[] {
  const lengths: number[] = [];
  let waiting: Cuttable[] = [];
  const cut = (ended: boolean): void => {
    for (let count = packetsToCut(waiting, ended, limitMs); count > 0; count = packetsToCut(waiting, ended, limitMs)) {
      lengths.push(samplesToMs(waiting.slice(0, count).reduce((sum, packet) => sum + packet.samples, 0)));
      waiting = waiting.slice(count);
    }
  };
  for (const packet of all) {
    waiting.push(packet);
    cut(false);
  }
  cut(true);
  return lengths;
}

test.each([undefined, 19_000, 9000, 4000, 1000])(
  "a limit of %s ms holds for every chunk, and nothing is lost",
  (limitMs) => {
    for (const levelsKnown of [true, false]) {
      for (const seconds of [1, 18.96, 61, 120]) {
        const lengths = lengthsOf(packets(seconds, levelsKnown), limitMs);
        const longest = Math.max(...lengths);
        expect(longest).toBeLessThanOrEqual(limitMs ?? 19_200);
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBeCloseTo(Math.round(seconds / 0.06) * 60);
        if (seconds === 120) expect(lengths.length).toBeLessThan((120_000 / (limitMs ?? 19_200)) * 2.5);
      }
    }
  },
);

test("a cut falls into a pause, also where chunks are short", () => {
  // Quiet from 4 to 5, 9 to 10, 14 to 15 s.
  expect(lengthsOf(packets(40, true))[0]).toBeGreaterThan(14_000);
  expect(lengthsOf(packets(40, true))[0]).toBeLessThan(15_000);
  expect(lengthsOf(packets(40, true), 7000)[0]).toBeGreaterThan(4000);
  expect(lengthsOf(packets(40, true), 7000)[0]).toBeLessThan(5000);
});
