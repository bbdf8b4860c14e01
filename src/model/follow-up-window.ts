/** From "in 2 weeks" to dates: when a follow-up is due and on which days it may be booked (design: due date -3 / +7 days). */
import { addDays, addMonths, weekdayOf } from "./calendar-date.ts";
import type { Interval, Window } from "./follow-up.ts";

const daysBefore = 3;
const daysAfter = 7;

/** The booking window of an interval counted from the clinic's date. A due date on a weekend moves to the Monday after. */
export function windowOf(interval: Interval, askedOn: string): Window {
  const due = nextWorkingDay(dueDate(interval, askedOn));
  const from = addDays(due, -daysBefore);
  return { due, from: from < askedOn ? askedOn : from, to: addDays(due, daysAfter) };
}

/**
 * The days to look for a time today: the window, or, once the window is over, the next ten days, because a patient who
 * was missed still needs the appointment.
 */
export function searchDays(window: Window, today: string): { from: string; to: string } {
  if (window.to < today) return { from: today, to: addDays(today, daysBefore + daysAfter) };
  return { from: window.from < today ? today : window.from, to: window.to };
}

function dueDate(interval: Interval, askedOn: string): string {
  if (interval.unit === "month") return addMonths(askedOn, interval.count);
  return addDays(askedOn, interval.unit === "week" ? interval.count * 7 : interval.count);
}

function nextWorkingDay(date: string): string {
  const weekday = weekdayOf(date);
  if (weekday === "saturday") return addDays(date, 2);
  return weekday === "sunday" ? addDays(date, 1) : date;
}
