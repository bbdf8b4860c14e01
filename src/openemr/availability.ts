/**
 * Free times of one clinician, out of configured hours and the rows of the calendar. A pure function: days, rules and rows
 * in, times out. OpenEMR has no such question, and shows weekly office hours only on their first day; so hours are ours.
 */
import { addDays, datesBetween, weekdayOf } from "#model/calendar-date.ts";
import { dateIn } from "#model/clock.ts";
import type { FreeTime } from "#protocol/bff-desk.ts";
import type { BookingRules, Span, WorkingHours } from "./booking-rules.ts";
import type { CalendarRow } from "./calendar.ts";
import type { Slot } from "./slots.ts";
import { startsOn, timeOf } from "./wall-clock.ts";

export type AvailabilityQuestion = {
  /** First and last date to look at, clinic dates. */
  days: { from: string; to: string };
  nowMs: number;
  timeZone: string;
  clinicianId: string;
  patientId: string;
  /** Every row of those days, of every clinician: the patient's own appointments are among them. */
  calendar: readonly CalendarRow[];
  rules: BookingRules;
  /** The clinic's own slots of those days, where the server has them: they take the place of the configured hours. */
  slots?: readonly Slot[];
};

/** The times at which this patient can see this clinician, in order. */
export function freeTimes(question: AvailabilityQuestion): FreeTime[] {
  const last = addDays(dateIn(question.timeZone, question.nowMs), question.rules.maximumDaysAhead);
  const to = question.days.to < last ? question.days.to : last;
  return datesBetween(question.days.from, to).flatMap((date) => freeTimesOf(date, question));
}

/** The same question about an empty calendar: is the time allowed at all, whoever else wants it? */
export function isWithinRules(time: Pick<FreeTime, "date" | "startTime">, question: AvailabilityQuestion): boolean {
  const slots = question.slots?.map((slot): Slot => ({ ...slot, status: "free" }));
  const allowed = freeTimes({ ...question, calendar: [], ...(slots && { slots }) });
  return allowed.some((free) => free.date === time.date && free.startTime === time.startTime);
}

/** The next times after the wanted one; when fewer are left, those nearest before it. */
export function alternativesTo(
  wanted: Pick<FreeTime, "date" | "startTime">,
  times: readonly FreeTime[],
  count = 3,
): FreeTime[] {
  const key = (time: Pick<FreeTime, "date" | "startTime">) => `${time.date} ${time.startTime}`;
  const later = times.filter((time) => key(time) > key(wanted)).slice(0, count);
  const missing = count - later.length;
  const earlier = times.filter((time) => key(time) < key(wanted));
  return [...(missing > 0 ? earlier.slice(-missing) : []), ...later];
}

/** Two stretches of time that share a minute. */
export function overlaps(one: Span, other: Span): boolean {
  return one.from < other.to && other.from < one.to;
}

/** The stretch that a row takes up, its unknown end guessed by the rules; for a clash check. */
export function spanOf(row: CalendarRow, rules: BookingRules): Span {
  if (row.to > row.from) return { from: row.from, to: row.to };
  const wholeDay = row.kind !== "appointment" && row.from === 0;
  return { from: row.from, to: wholeDay ? 24 * 60 : row.from + rules.unknownEndMinutes };
}

function freeTimesOf(date: string, question: AvailabilityQuestion): FreeTime[] {
  const { rules } = question;
  const hours = hoursOn(date, question);
  const shifts = joined(hours.shifts);
  if (shifts.length === 0) return [];
  const taken = [...hours.breaks, ...takenOn(date, question)];
  const startOf = startsOn(date, question.timeZone);
  return shifts
    .flatMap((shift) => candidates(shift, rules))
    .filter((span) => !taken.some((other) => overlaps(span, other)))
    .filter((span) => hasNotice(startOf(span), question))
    .map((span) => ({ date, startTime: timeOf(span.from), durationMinutes: rules.durationMinutes }));
}

/** The slots that are free, where there are slots; else the configured hours. */
function hoursOn(date: string, { rules, clinicianId, slots }: AvailabilityQuestion): Hours {
  if (slots !== undefined) {
    return { shifts: slots.filter((slot) => slot.date === date && slot.status === "free"), breaks: [] };
  }
  const hours: WorkingHours = rules.clinicians[clinicianId] ?? rules.hours;
  return { shifts: hours.days[weekdayOf(date)] ?? [], breaks: hours.breaks };
}

type Hours = { shifts: readonly Span[]; breaks: readonly Span[] };

/** Shifts in order, those that touch or overlap made one: an appointment may lie across the seam. */
function joined(shifts: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const shift of shifts.toSorted((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last && shift.from <= last.to) last.to = Math.max(last.to, shift.to);
    else result.push({ from: shift.from, to: shift.to });
  }
  return result;
}

function candidates(shift: Span, rules: BookingRules): Span[] {
  const spans: Span[] = [];
  const first = Math.ceil(shift.from / rules.gridMinutes) * rules.gridMinutes;
  for (let from = first; from + rules.durationMinutes <= shift.to; from += rules.gridMinutes) {
    spans.push({ from, to: from + rules.durationMinutes });
  }
  return spans;
}

function hasNotice(startMs: number | undefined, { nowMs, rules }: AvailabilityQuestion): boolean {
  return startMs !== undefined && startMs - nowMs >= rules.minimumNoticeHours * 3_600_000;
}

function takenOn(date: string, question: AvailabilityQuestion): Span[] {
  const rows = question.calendar.filter((row) => row.date === date && !row.free);
  return rows.flatMap((row) => takenBy(row, rows, question));
}

function takenBy(row: CalendarRow, ofDay: readonly CalendarRow[], question: AvailabilityQuestion): Span[] {
  if (row.kind === "in_office") return [];
  if (row.kind === "closed") return [spanOf(row, question.rules)];
  if (row.clinicianId !== question.clinicianId) {
    return row.patientId === question.patientId ? [spanOf(row, question.rules)] : [];
  }
  if (row.kind === "out_of_office") return [outOfOffice(row, ofDay)];
  if (row.kind === "block") return [spanOf(row, question.rules)];
  const span = spanOf(row, question.rules);
  const { bufferMinutes } = question.rules;
  return [{ from: span.from - bufferMinutes, to: span.to + bufferMinutes }];
}

/** Out of Office without an end is a point marker: out until the next In Office of the day, else until midnight (facts 4.2). */
function outOfOffice(row: CalendarRow, ofDay: readonly CalendarRow[]): Span {
  if (row.to > row.from) return { from: row.from, to: row.to };
  const back = ofDay
    .filter((other) => other.kind === "in_office" && other.clinicianId === row.clinicianId && other.from > row.from)
    .map((other) => other.from);
  return { from: row.from, to: Math.min(24 * 60, ...back) };
}
