import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, addMonths, datesBetween, weekdayOf } from "./calendar-date.ts";
import { searchDays, windowOf } from "./follow-up-window.ts";

test("two weeks from a Friday: due that Friday, three days before to seven days after", () => {
  expect(windowOf({ count: 2, unit: "week" }, "2026-11-20")).toEqual({
    due: "2026-12-04",
    from: "2026-12-01",
    to: "2026-12-11",
  });
});

test("a due date on a weekend moves to the Monday after", () => {
  expect(windowOf({ count: 2, unit: "week" }, "2026-11-21").due).toBe("2026-12-07");
  expect(windowOf({ count: 1, unit: "day" }, "2026-11-21").due).toBe("2026-11-23");
});

test("a month from the 31st is the last day of a shorter month", () => {
  expect(addMonths("2027-01-31", 1)).toBe("2027-02-28");
  expect(addMonths("2028-01-31", 1)).toBe("2028-02-29");
  expect(addMonths("2026-11-30", 3)).toBe("2027-02-28");
  expect(addMonths("2026-12-15", 12)).toBe("2027-12-15");
});

test("the window never begins before the day of asking", () => {
  expect(windowOf({ count: 1, unit: "day" }, "2026-11-23").from).toBe("2026-11-23");
});

test("days are counted alike across both clock changes", () => {
  expect(windowOf({ count: 7, unit: "day" }, "2027-03-10").due).toBe("2027-03-17");
  expect(windowOf({ count: 1, unit: "week" }, "2026-10-28").due).toBe("2026-11-04");
});

test("a window that is over is searched from today", () => {
  const window = { due: "2026-11-04", from: "2026-11-02", to: "2026-11-11" };
  expect(searchDays(window, "2026-11-21")).toEqual({ from: "2026-11-21", to: "2026-12-01" });
  expect(searchDays(window, "2026-11-03")).toEqual({ from: "2026-11-03", to: "2026-11-11" });
  expect(searchDays(window, "2026-10-01")).toEqual({ from: "2026-11-02", to: "2026-11-11" });
});

test("the due date is a working day inside its window, whatever was asked", () => {
  const asked = fc.integer({ min: 0, max: 4000 }).map((days) => addDays("2024-01-01", days));
  const interval = fc.record({
    count: fc.integer({ min: 1, max: 365 }),
    unit: fc.constantFrom("day" as const, "week" as const, "month" as const),
  });
  fc.assert(
    fc.property(interval, asked, (interval, askedOn) => {
      const window = windowOf(interval, askedOn);
      expect(["saturday", "sunday"]).not.toContain(weekdayOf(window.due));
      expect(window.due > askedOn).toBe(true);
      expect(window.from >= askedOn && window.from <= window.due).toBe(true);
      expect(datesBetween(window.due, window.to)).toHaveLength(8);
    }),
  );
});
