/**
 * Free times of a whole year, both clock changes in it, in several zones and with random calendars, against an oracle that
 * walks through the year minute by minute. It shares nothing with the function under test but the rules' numbers.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, datesBetween, weekdays } from "#model/calendar-date.ts";
import type { Weekday } from "#model/calendar-date.ts";
import { freeTimes } from "./availability.ts";
import type { AvailabilityQuestion } from "./availability.ts";
import type { Span } from "./booking-rules.ts";
import type { CalendarRow } from "./calendar.ts";

const year = { from: "2027-01-01", to: "2027-12-31" };
const zones = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"] as const;
const dates = datesBetween(year.from, year.to);
const minutesOfDay = 24 * 60;

/**
 * For every minute on the wall of the year: the minute of real time at which it is shown; -1 where the clocks skip it, -2
 * where they show it twice. Zones change at quarters of an hour, so the platform's calendar is asked once for each quarter.
 */
function wallOf(timeZone: string): Float64Array {
  const wall = new Float64Array(dates.length * minutesOfDay).fill(-1);
  const firstMs = Date.parse(`${year.from}T00:00:00Z`);
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  for (let ms = firstMs - 86_400_000; ms < firstMs + (dates.length + 1) * 86_400_000; ms += 900_000) {
    const start = (Date.parse(`${shown.format(ms).replace(" ", "T")}Z`) - firstMs) / 60_000;
    for (let minute = 0; minute < 15; minute += 1) {
      const place = start + minute;
      if (place < 0 || place >= wall.length) continue;
      wall[place] = wall[place] === -1 ? ms / 60_000 + minute : -2;
    }
  }
  return wall;
}

const walls = new Map(zones.map((zone) => [zone as string, wallOf(zone)]));

function oracle(question: AvailabilityQuestion): string[] {
  const wall = walls.get(question.timeZone) ?? new Float64Array();
  const { rules, nowMs } = question;
  const { durationMinutes, gridMinutes, minimumNoticeHours, maximumDaysAhead } = rules;
  const nowShown = wall.findIndex((minute) => minute === Math.floor(nowMs / 60_000));
  const lastDay = Math.floor(nowShown / minutesOfDay) + maximumDaysAhead;
  const found: string[] = [];
  for (const [day, date] of dates.entries()) {
    if (day > lastDay) break;
    const open = openMinutes(date, question);
    for (let start = 0; start + durationMinutes <= minutesOfDay; start += gridMinutes) {
      const first = wall[day * minutesOfDay + start] ?? -1;
      if (first < nowMs / 60_000 + minimumNoticeHours * 60) continue;
      let isFree = first >= 0;
      for (let minute = 0; isFree && minute < durationMinutes; minute += 1) {
        isFree = open[start + minute] === 1 && wall[day * minutesOfDay + start + minute] === first + minute;
      }
      if (isFree) found.push(`${date} ${timeText(start)}`);
    }
  }
  return found;
}

function openMinutes(date: string, { rules, calendar, clinicianId, patientId }: AvailabilityQuestion): Uint8Array {
  const open = new Uint8Array(minutesOfDay);
  const set = (from: number, to: number, value: 0 | 1): void => {
    open.fill(value, Math.max(0, from), Math.max(0, Math.min(to, minutesOfDay)));
  };
  const hours = rules.clinicians[clinicianId] ?? rules.hours;
  const weekday = weekdays[new Date(`${date}T12:00:00Z`).getUTCDay()] ?? "sunday";
  for (const { from, to } of hours.days[weekday] ?? []) set(from, to, 1);
  for (const { from, to } of hours.breaks) set(from, to, 0);
  const rows = calendar.filter((row) => row.date === date && !row.free);
  for (const row of rows) {
    const mine = row.clinicianId === clinicianId;
    const { bufferMinutes } = rules;
    if (row.kind === "closed") set(row.from, row.to, 0);
    else if (row.kind === "appointment" && mine) set(row.from - bufferMinutes, row.to + bufferMinutes, 0);
    else if (row.kind === "appointment" && row.patientId === patientId) set(row.from, row.to, 0);
    else if (row.kind === "block" && mine) set(row.from, row.to, 0);
    else if (row.kind === "out_of_office" && mine) {
      const returns = rows.filter(({ kind, from }) => kind === "in_office" && from > row.from);
      const back = Math.min(
        minutesOfDay,
        ...returns.filter((other) => other.clinicianId === clinicianId).map(({ from }) => from),
      );
      set(row.from, row.to > row.from ? row.to : back, 0);
    }
  }
  return open;
}

function timeText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

const quarter = fc.integer({ min: 0, max: 96 }).map((count) => count * 15);
const span: fc.Arbitrary<Span> = fc
  .tuple(quarter, quarter)
  .filter(([one, other]) => one !== other)
  .map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) }));
/** Working hours of a day: at night, too, because that is when the clocks change. */
const shifts = fc.oneof(
  fc.constant([{ from: 480, to: 1020 }]),
  fc.constant([{ from: 0, to: 1440 }]),
  fc.array(span, { maxLength: 2 }),
);
const week = fc.record(Object.fromEntries(weekdays.map((day) => [day, shifts])) as Record<Weekday, typeof shifts>);
const hours = fc.record({ days: week, breaks: fc.array(span, { maxLength: 1 }) });

const row = fc
  .record({
    day: fc.integer({ min: 0, max: dates.length - 1 }),
    from: fc.integer({ min: 0, max: minutesOfDay - 1 }),
    length: fc.constantFrom(10, 15, 20, 30, 45, 60, 240, 540),
    kind: fc.constantFrom("appointment", "appointment", "block", "out_of_office", "in_office", "closed" as const),
    isPoint: fc.boolean(),
    free: fc.boolean(),
    patientId: fc.constantFrom("ana", "ben"),
    clinicianId: fc.constantFrom("dr-lee", "dr-ray"),
  })
  .map(({ day, from, length, kind, isPoint, patientId, ...more }): CalendarRow => {
    const isMarker = kind === "in_office" || (kind === "out_of_office" && isPoint);
    const to = isMarker ? from : Math.min(minutesOfDay, from + length);
    const of = { eid: null, uuid: null, row: null, date: dates[day] ?? year.from };
    return { ...more, ...of, kind, from, to, patientId: kind === "appointment" ? patientId : null };
  });

const questions: fc.Arbitrary<AvailabilityQuestion> = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    // Somewhere in the first days of the year, so that the rest of it is asked for.
    nowMs: fc
      .integer({ min: 1, max: 5 * minutesOfDay })
      .map((minute) => Date.parse("2027-01-02T00:00:00Z") + minute * 60_000),
    calendar: fc.array(row, { minLength: 100, maxLength: 600 }),
    rules: fc.record({
      durationMinutes: fc.constantFrom(15, 30, 45, 60),
      bufferMinutes: fc.constantFrom(0, 5, 10),
      gridMinutes: fc.constantFrom(10, 15, 30),
      minimumNoticeHours: fc.constantFrom(0, 1, 24),
      maximumDaysAhead: fc.constantFrom(60, 366),
      unknownEndMinutes: fc.constant(60),
      hours,
      clinicians: fc.oneof(
        fc.constant({}),
        hours.map((own) => ({ "dr-lee": own })),
      ),
    }),
  })
  .map((made) => ({ ...made, days: year, clinicianId: "dr-lee", patientId: "ana" }));

const patienceMs = 120_000;

test("free times of a year are those that a walk through its minutes finds", { timeout: patienceMs }, () => {
  let offered = 0;
  const zonesSeen = new Set<string>();
  fc.assert(
    fc.property(questions, (question) => {
      const found = freeTimes(question).map(({ date, startTime }) => `${date} ${startTime}`);
      offered += found.length;
      zonesSeen.add(question.timeZone);
      expect(found.join("\n")).toBe(oracle(question).join("\n"));
    }),
    { numRuns: 32 },
  );
  // The comparison means nothing if nothing is ever free, or if a zone was left out.
  expect(offered).toBeGreaterThan(10_000);
  expect(zonesSeen.size).toBeGreaterThan(2);
});

test.each([
  ["America/New_York", 2],
  ["Europe/Berlin", 2],
  ["Australia/Lord_Howe", 2],
  ["Asia/Kolkata", 0],
] as const)("the year of %s holds %d clock changes, and the walk sees them", (zone, changes) => {
  const wall = walls.get(zone) ?? new Float64Array();
  const odd = new Set(
    [...wall.entries()]
      .filter(([, minute]) => minute < 0)
      .map(([place]) => addDays(year.from, Math.floor(place / minutesOfDay))),
  );
  expect(odd.size).toBe(changes);
});
