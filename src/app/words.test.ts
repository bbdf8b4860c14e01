import { expect, test } from "vitest";
import { ageAt, ageWords, agoWords, dateWords, durationSpoken, durationWords, shiftDate, sizeWords } from "./words.ts";

test("durations read like a stopwatch and are spoken in words", () => {
  expect(durationWords(0)).toBe("0:00");
  expect(durationWords(754_999)).toBe("12:34");
  expect(durationWords(3_723_000)).toBe("1:02:03");
  expect(durationSpoken(61_000)).toBe("1 minute 1 second");
  expect(durationSpoken(0)).toBe("0 seconds");
});

test("age counts birthdays, not years", () => {
  expect(ageAt("1957-03-09", "2026-03-08")).toBe(68);
  expect(ageAt("1957-03-09", "2026-03-09")).toBe(69);
});

test("dates move over month and year ends and never by a zone", () => {
  expect(shiftDate("2026-12-31", 1)).toBe("2027-01-01");
  expect(shiftDate("2026-03-01", -1)).toBe("2026-02-28");
  expect(dateWords("2026-11-21")).toBe("Sat, 21 Nov 2026");
});

test("what was is told in the coarsest unit that says something", () => {
  expect(agoWords(59_000)).toBe("just now");
  expect(agoWords(61_000)).toBe("1 min ago");
  expect(agoWords(3 * 3_600_000)).toBe("3 h ago");
  expect(agoWords(49 * 3_600_000)).toBe("2 days ago");
});

test("the age of a number is told to the second, without flicker while it is new", () => {
  expect(ageWords(1900)).toBe("now");
  expect(ageWords(4200)).toBe("0:04 ago");
  expect(ageWords(200_000)).toBe("3:20 ago");
});

test("sizes are told in the unit in which they have few digits", () => {
  expect(sizeWords(0)).toBe("0 kB");
  expect(sizeWords(58_131)).toBe("59 kB");
  expect(sizeWords(4_240_000)).toBe("4.2 MB");
  expect(sizeWords(48_000_000)).toBe("48 MB");
  expect(sizeWords(1_310_000_000)).toBe("1.3 GB");
});
