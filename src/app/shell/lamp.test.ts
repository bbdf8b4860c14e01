import { expect, test } from "vitest";
import { isLampDim } from "./lamp.ts";

test("the light changes with every second on the disk, and stands still when none gets there", () => {
  expect([0, 1, 2, 3, 3, 3, 4].map(isLampDim)).toEqual([false, true, false, true, true, true, false]);
});
