import { expect, test } from "vitest";
import { longDay, shortDay, timeWords, weekOf } from "./day-words.ts";

test("dates keep their day whatever zone the machine is in", () => {
  expect(shortDay("2026-12-22")).toBe("Tue 22 Dec");
  expect(longDay("2027-03-14")).toBe("Sunday, 14 March 2027");
});

test.each([
  ["00:00", "12:00 am"],
  ["09:05", "9:05 am"],
  ["12:30", "12:30 pm"],
  ["16:45:00", "4:45 pm"],
])("%s is %s", (time, words) => {
  expect(timeWords(time)).toBe(words);
});

test("a week begins on Monday", () => {
  expect(weekOf("2026-12-20")).toBe("2026-12-14");
  expect(weekOf("2026-12-14")).toBe("2026-12-14");
});
