import { expect, test } from "vitest";
import { addDays, datesBetween, weekdayOf } from "#model/calendar-date.ts";
import { lastSeededDay, providerIds, rowsForDays, rowsForToday } from "./seed-calendar.ts";
import type { SeedRow } from "./seed-calendar.ts";

const todays = ["2026-12-08", "2026-12-12", "2027-03-14", "2026-11-01", "2026-12-31"];
const isVisit = (row: SeedRow): boolean => row.pid !== null && row.status !== "x";
const overlap = (one: SeedRow, other: SeedRow): boolean =>
  one.date === other.date &&
  one.startMinute < other.startMinute + other.minutes &&
  other.startMinute < one.startMinute + one.minutes;

test.each(todays)("on %s both clinicians have patients between 8:00 and 16:30, and Ada Quill is one", (today) => {
  const rows = rowsForToday(today, []);
  for (const providerId of providerIds) {
    const visits = rows.filter((row) => isVisit(row) && row.providerId === providerId);
    expect(visits.length).toBeGreaterThanOrEqual(5);
    expect(visits.every((row) => row.startMinute >= 480 && row.startMinute <= 990)).toBe(true);
  }
  expect(rows.find((row) => row.pid === 1)?.title).toBe("Chest pain");
});

test("a day filled weeks ago still gets today's patients when it becomes today, even on vacation", () => {
  for (const date of datesBetween("2026-12-01", "2027-01-31")) {
    const before = rowsForDays(date, date);
    const added = rowsForToday(date, before);
    for (const providerId of providerIds) {
      const visits = [...before, ...added].filter((row) => isVisit(row) && row.providerId === providerId);
      expect(visits.length).toBeGreaterThanOrEqual(5);
    }
    expect([...before, ...added].some((row) => isVisit(row) && row.pid === 1 && row.providerId === 5)).toBe(true);
  }
});

test("eight weeks are part full: no weekend, no clash, neither empty nor full", () => {
  const rows = rowsForDays("2026-12-09", lastSeededDay("2026-12-08"));
  expect(rows.some((row) => ["saturday", "sunday"].includes(weekdayOf(row.date)))).toBe(false);
  for (const providerId of providerIds) {
    const own = rows.filter((row) => row.providerId === providerId);
    for (const [index, row] of own.entries()) {
      expect(own.slice(index + 1).filter((other) => isVisit(row) && overlap(row, other))).toEqual([]);
    }
    const days = new Set(own.map((row) => row.date)).size;
    const takenShare = own.reduce((sum, row) => sum + row.minutes, 0) / (days * 540);
    expect(takenShare).toBeGreaterThan(0.35);
    expect(takenShare).toBeLessThan(0.85);
  }
  const titles = new Set(rows.filter((row) => row.pid === null).map((row) => row.title));
  expect(titles).toEqual(new Set(["Lunch", "Out Of Office", "Vacation"]));
});

test("the same dates give the same rows", () => {
  expect(rowsForDays("2026-12-09", addDays("2026-12-09", 20))).toEqual(
    rowsForDays("2026-12-09", addDays("2026-12-09", 20)),
  );
});
