import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, datesBetween, weekdayOf } from "#model/calendar-date.ts";
import { alternativesTo, freeTimes, isWithinRules } from "./availability.ts";
import type { AvailabilityQuestion } from "./availability.ts";
import type { BookingRules } from "./booking-rules.ts";
import type { CalendarRow } from "./calendar.ts";
import { minuteOf } from "./wall-clock.ts";

const newYork = "America/New_York";
const day = { from: 8 * 60, to: 17 * 60 };
const rules: BookingRules = {
  durationMinutes: 30,
  bufferMinutes: 10,
  gridMinutes: 15,
  minimumNoticeHours: 24,
  maximumDaysAhead: 60,
  unknownEndMinutes: 60,
  hours: {
    days: { monday: [day], tuesday: [day], wednesday: [day], thursday: [day], friday: [day] },
    breaks: [{ from: 12 * 60, to: 13 * 60 }],
  },
  clinicians: {},
};

/** Monday 23 November 2026, asked on the Friday before at 9:00. */
const monday: AvailabilityQuestion = {
  days: { from: "2026-11-23", to: "2026-11-23" },
  nowMs: Date.parse("2026-11-20T14:00:00Z"),
  timeZone: newYork,
  clinicianId: "dr-lee",
  patientId: "ana",
  calendar: [],
  rules,
};

function row(from: string, to: string, more: Partial<CalendarRow> = {}): CalendarRow {
  return {
    eid: "1",
    uuid: null,
    date: "2026-11-23",
    from: minuteOf(from) ?? 0,
    to: minuteOf(to) ?? 0,
    kind: "appointment",
    free: false,
    patientId: "ben",
    clinicianId: "dr-lee",
    row: null,
    ...more,
  };
}

const starts = (question: AvailabilityQuestion) => freeTimes(question).map((time) => time.startTime);

test("an empty Monday: every quarter of an hour that ends before lunch or before five", () => {
  const times = starts(monday);
  expect(times.slice(0, 2)).toEqual(["08:00", "08:15"]);
  expect(times).toContain("11:30");
  expect(times).not.toContain("11:45");
  expect(times).toContain("13:00");
  expect(times.at(-1)).toBe("16:30");
  expect(times).toHaveLength(15 + 15);
});

test("ten minutes stay free on both sides of an appointment", () => {
  const times = starts({ ...monday, calendar: [row("09:00", "09:30")] });
  expect(times.slice(0, 4)).toEqual(["08:00", "08:15", "09:45", "10:00"]);
});

test("cancelled and missed appointments leave their time free", () => {
  expect(starts({ ...monday, calendar: [row("09:00", "09:30", { free: true })] })).toContain("09:00");
});

test("another clinician's appointment matters only when it is this patient's", () => {
  const other = row("09:00", "09:30", { clinicianId: "dr-ray" });
  expect(starts({ ...monday, calendar: [other] })).toContain("09:00");
  const times = starts({ ...monday, calendar: [{ ...other, patientId: "ana" }] });
  expect(times).not.toContain("09:15");
  expect(times).toContain("09:30");
});

test("lunch, reserved time and vacation block without a buffer; a closed clinic blocks everybody", () => {
  const block = { kind: "block" as const, patientId: null };
  const times = starts({ ...monday, calendar: [row("10:00", "11:00", block)] });
  expect(times).toContain("09:30");
  expect(times).not.toContain("09:45");
  expect(times).toContain("11:00");
  expect(starts({ ...monday, calendar: [row("00:00", "00:00", block)] })).toEqual([]);
  const closed = { kind: "closed" as const, patientId: null, clinicianId: null };
  expect(starts({ ...monday, calendar: [row("00:00", "24:00", closed)] })).toEqual([]);
});

test("Out of Office lasts until the next In Office, or for the rest of the day", () => {
  const out = row("10:00", "10:00", { kind: "out_of_office", patientId: null });
  expect(starts({ ...monday, calendar: [out] }).at(-1)).toBe("09:30");
  const back = row("15:00", "15:00", { kind: "in_office", patientId: null });
  expect(starts({ ...monday, calendar: [out, back] })).toContain("15:00");
  expect(starts({ ...monday, calendar: [out, back] })).not.toContain("14:45");
});

test("an appointment without an end is taken to last an hour", () => {
  const times = starts({ ...monday, calendar: [row("09:00", "09:00")] });
  expect(times).not.toContain("10:00");
  expect(times).toContain("10:15");
});

test("twenty-four hours of notice are real hours, also when the clocks change in between", () => {
  const everyDay: BookingRules = { ...rules, hours: { days: { sunday: [day] }, breaks: [] } };
  const question = { ...monday, rules: everyDay, days: { from: "2027-03-14", to: "2027-03-14" } };
  // Saturday 9:00 EST plus 24 hours is Sunday 10:00 EDT.
  expect(starts({ ...question, nowMs: Date.parse("2027-03-13T14:00:00Z") })[0]).toBe("10:00");
  const autumn = { ...question, days: { from: "2026-11-01", to: "2026-11-01" } };
  // Saturday 10:00 EDT plus 24 hours is Sunday 9:00 EST.
  expect(starts({ ...autumn, nowMs: Date.parse("2026-10-31T14:00:00Z") })[0]).toBe("09:00");
});

test("a time that the clocks skip, repeat or cut is never offered", () => {
  const night: BookingRules = { ...rules, hours: { days: { sunday: [{ from: 0, to: 5 * 60 }] }, breaks: [] } };
  const spring = starts({
    ...monday,
    rules: night,
    days: { from: "2027-03-14", to: "2027-03-14" },
    nowMs: Date.parse("2027-03-01T12:00:00Z"),
  });
  expect(spring).toContain("01:15");
  expect(spring.filter((time) => time > "01:30" && time < "03:00")).toEqual([]);
  expect(spring).toContain("03:00");
  const autumn = starts({
    ...monday,
    rules: night,
    days: { from: "2026-11-01", to: "2026-11-01" },
    nowMs: Date.parse("2026-10-20T12:00:00Z"),
  });
  expect(autumn).toContain("00:15");
  expect(autumn.filter((time) => time > "00:30" && time < "02:00")).toEqual([]);
  expect(autumn).toContain("02:00");
});

test("nothing is offered more than sixty days ahead", () => {
  const question = { ...monday, days: { from: "2027-01-18", to: "2027-01-25" } };
  expect(new Set(freeTimes(question).map((time) => time.date))).toEqual(new Set(["2027-01-18", "2027-01-19"]));
});

test("rules and clashes are told apart", () => {
  const question = { ...monday, calendar: [row("09:00", "09:30")] };
  expect(isWithinRules({ date: "2026-11-23", startTime: "09:00" }, question)).toBe(true);
  expect(isWithinRules({ date: "2026-11-23", startTime: "12:00" }, question)).toBe(false);
  expect(isWithinRules({ date: "2026-11-23", startTime: "09:05" }, question)).toBe(false);
  expect(isWithinRules({ date: "2026-11-24", startTime: "09:00" }, question)).toBe(false);
});

test("alternatives are the next three times, or those before when none are left", () => {
  const times = freeTimes(monday);
  const next = alternativesTo({ date: "2026-11-23", startTime: "09:00" }, times).map((time) => time.startTime);
  expect(next).toEqual(["09:15", "09:30", "09:45"]);
  const last = alternativesTo({ date: "2026-11-23", startTime: "16:15" }, times).map((time) => time.startTime);
  expect(last).toEqual(["15:45", "16:00", "16:30"]);
});

/**
 * The oracle walks through the minutes of real time, one by one, and asks the platform's own calendar what the clock on the
 * wall shows. It shares nothing with the function under test but the rules' numbers.
 */
function oracle(question: AvailabilityQuestion): string[] {
  const { rules, timeZone, nowMs } = question;
  const seen = minutesOnTheWall(timeZone, question.days);
  const lastDate = addDays(wallOf(timeZone).format(nowMs).slice(0, 10), rules.maximumDaysAhead);
  return datesBetween(question.days.from, question.days.to)
    .filter((date) => date <= lastDate)
    .flatMap((date) => oracleDay(date, question, seen));
}

const wallOf = (timeZone: string) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });

/** Which instants the clock on the wall shows as "YYYY-MM-DD HH:MM"; walked through once for each place. */
const walked = new Map<string, Map<string, number[]>>();
function minutesOnTheWall(timeZone: string, days: { from: string; to: string }): Map<string, number[]> {
  const key = `${timeZone} ${days.from} ${days.to}`;
  const known = walked.get(key);
  if (known) return known;
  const seen = new Map<string, number[]>();
  const wall = wallOf(timeZone);
  const firstMs = Date.parse(`${days.from}T00:00:00Z`) - 86_400_000;
  const lastMs = Date.parse(`${days.to}T00:00:00Z`) + 2 * 86_400_000;
  for (let ms = firstMs; ms < lastMs; ms += 60_000) {
    const text = wall.format(ms);
    seen.set(text, [...(seen.get(text) ?? []), ms]);
  }
  walked.set(key, seen);
  return seen;
}

function oracleDay(date: string, question: AvailabilityQuestion, seen: Map<string, number[]>): string[] {
  const { rules } = question;
  const hours = rules.clinicians[question.clinicianId] ?? rules.hours;
  const open = Array.from({ length: 24 * 60 }, () => false);
  const set = (from: number, to: number, value: boolean) => {
    for (let minute = Math.max(0, from); minute < Math.min(to, 24 * 60); minute += 1) open[minute] = value;
  };
  for (const shift of hours.days[weekdayOf(date)] ?? []) set(shift.from, shift.to, true);
  for (const pause of hours.breaks) set(pause.from, pause.to, false);
  for (const row of question.calendar.filter((row) => row.date === date && !row.free)) {
    const mine = row.clinicianId === question.clinicianId;
    if (row.kind === "appointment" && mine) set(row.from - rules.bufferMinutes, row.to + rules.bufferMinutes, false);
    if (row.kind === "appointment" && row.patientId === question.patientId) set(row.from, row.to, false);
    if (row.kind === "block" && mine) set(row.from, row.to, false);
    if (row.kind === "closed") set(row.from, row.to, false);
  }
  const found: string[] = [];
  for (let start = 0; start + rules.durationMinutes <= 24 * 60; start += rules.gridMinutes) {
    const minutes = Array.from({ length: rules.durationMinutes }, (_, index) => start + index);
    const text = (minute: number) =>
      `${date} ${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    const instants = minutes.map((minute) => seen.get(text(minute)) ?? []);
    const once = instants.every((of) => of.length === 1);
    const steady = instants.every((of, index) => (of[0] ?? 0) === (instants[0]?.[0] ?? 0) + index * 60_000);
    const noticed = (instants[0]?.[0] ?? 0) >= question.nowMs + rules.minimumNoticeHours * 3_600_000;
    if (minutes.every((minute) => open[minute]) && once && steady && noticed) found.push(text(start));
  }
  return found;
}

const minutes = fc.integer({ min: 0, max: 96 }).map((quarter) => quarter * 15);
const span = fc.tuple(minutes, minutes).filter(([one, other]) => one !== other);
const spans = fc
  .array(span, { maxLength: 2 })
  .map((list) => list.map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) })))
  .filter((list) => !(list[0] && list[1] && list[0].from < list[1].to && list[1].from < list[0].to));

/** Days around a clock change of a zone, or far from any. */
const places = [
  { timeZone: newYork, from: "2026-10-31" },
  { timeZone: newYork, from: "2027-03-13" },
  { timeZone: "Europe/Berlin", from: "2027-03-27" },
  { timeZone: "Australia/Lord_Howe", from: "2027-04-03" },
  { timeZone: "America/Santiago", from: "2026-09-05" },
  { timeZone: "Asia/Kolkata", from: "2026-12-31" },
];

const questions: fc.Arbitrary<AvailabilityQuestion> = fc
  .record({
    place: fc.constantFrom(...places),
    noticeFrom: fc.integer({ min: -4 * 1440, max: 2 * 1440 }),
    hours: spans,
    breaks: spans,
    durationMinutes: fc.constantFrom(10, 15, 30, 45, 60),
    gridMinutes: fc.constantFrom(5, 15, 20, 30),
    bufferMinutes: fc.constantFrom(0, 5, 10),
    rows: fc.array(
      fc.record({
        offset: fc.integer({ min: 0, max: 2 }),
        times: span,
        kind: fc.constantFrom("appointment" as const, "block" as const, "closed" as const),
        free: fc.boolean(),
        patientId: fc.constantFrom("ana", "ben"),
        clinicianId: fc.constantFrom("dr-lee", "dr-ray", null),
      }),
      { maxLength: 8 },
    ),
  })
  .map(({ place, rows, noticeFrom, hours, breaks, ...numbers }) => ({
    days: { from: place.from, to: addDays(place.from, 2) },
    nowMs: Date.parse(`${place.from}T12:00:00Z`) + noticeFrom * 60_000,
    timeZone: place.timeZone,
    clinicianId: "dr-lee",
    patientId: "ana",
    calendar: rows.map(({ offset, times, kind, ...more }) =>
      row("00:00", "00:00", {
        ...more,
        kind,
        patientId: kind === "appointment" ? more.patientId : null,
        date: addDays(place.from, offset),
        from: Math.min(...times),
        to: Math.max(...times),
      }),
    ),
    rules: {
      ...rules,
      ...numbers,
      hours: { days: Object.fromEntries(weekdaysOf(place.from).map((weekday) => [weekday, hours])), breaks },
    },
  }));

function weekdaysOf(from: string): string[] {
  return datesBetween(from, addDays(from, 2)).map(weekdayOf);
}

const patienceMs = 30_000;

test(
  "free times are those that a walk through the minutes finds, on ordinary days and when the clocks change",
  { timeout: patienceMs },
  () => {
    let offered = 0;
    fc.assert(
      fc.property(questions, (question) => {
        const found = freeTimes(question).map((time) => `${time.date} ${time.startTime}`);
        offered += found.length;
        expect(found).toEqual(oracle(question));
      }),
      { numRuns: 150 },
    );
    // The comparison means nothing if nothing is ever free.
    expect(offered).toBeGreaterThan(300);
  },
);
