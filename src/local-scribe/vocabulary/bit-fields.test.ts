import { expect, test } from "vitest";
import { bitsFor, readBits, writeBits } from "./bit-fields.ts";

test("numbers of any width come back from between their neighbours", () => {
  const view = new DataView(new ArrayBuffer(20));
  const fields = [
    [1, 1],
    [0, 3],
    [72_547, 17],
    [65_535, 16],
    [(1 << 25) - 1, 25],
    [0, 7],
    [1_669_625, 21],
  ] as const;
  const starts = fields.map((_, nth) => fields.slice(0, nth).reduce((sum, [, width]) => sum + width, 5));
  fields.forEach(([value], nth) => writeBits(view, starts[nth] ?? 0, value));
  expect(fields.map(([, width], nth) => readBits(view, starts[nth] ?? 0, width))).toEqual(
    fields.map(([value]) => value),
  );
  expect(readBits(view, 0, 5)).toBe(0);
});

test("as many bits as the largest number needs", () => {
  expect([0, 1, 2, 255, 256, 131_071, 131_072].map(bitsFor)).toEqual([0, 1, 2, 8, 9, 17, 18]);
});
