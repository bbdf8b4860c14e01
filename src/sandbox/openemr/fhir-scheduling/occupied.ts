/** What stands in the way of an appointment: other appointments, blocks of the practitioner, the office hours. */
import { weekdayOf } from "#model/calendar-date.ts";
import { minuteOfDay } from "#sandbox/openemr/minute-of-day.ts";
import type { AppointmentRow, UserRow } from "#sandbox/openemr/rows.ts";
import type { Site } from "#sandbox/openemr/site.ts";

/** Of a day, in minutes; `to` is not part of it. */
export type Span = { date: string; from: number; to: number };

/** Monday to Friday, 8 to 17 o'clock. */
export const officeHours = { from: 8 * 60, to: 17 * 60 };
export const slotMinutes = 30;

const givenUp = ["x", "%", "!", "?"];

export function isOpen({ date, from, to }: Span): boolean {
  const isWeekday = !["saturday", "sunday"].includes(weekdayOf(date));
  return isWeekday && from >= officeHours.from && to <= officeHours.to;
}

/** Rows that take up time then; point marks (office hours) and cancelled ones do not. */
export function rowsDuring({ chart }: Site, { date, from, to }: Span): AppointmentRow[] {
  return chart.appointments.all().filter((row) => {
    const start = minuteOfDay(row.startTime);
    const end = start + row.duration / 60;
    const takesTime = row.eventDate === date && row.duration > 0 && !givenUp.includes(row.apptstatus);
    return takesTime && start < to && end > from;
  });
}

/** Only users with an NPI have a schedule. */
export function practitioners({ chart }: Site): UserRow[] {
  return chart.users.all().filter((user) => (user.npi ?? "") !== "");
}
