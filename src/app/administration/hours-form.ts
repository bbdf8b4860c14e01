/** Working hours as typed on the screen: one line for each weekday, and back to the rules they stand for. */
import { type Weekday, weekdays } from "#model/calendar-date.ts";
import type { ClinicRules, Hours } from "#protocol/bff-booking-rules.ts";

export const workWeek: readonly Weekday[] = [...weekdays.slice(1), "sunday"];

/** "08:00-12:00, 13:00-17:00"; nothing for a day off. */
export function hoursText(times: readonly [string, string][] | undefined): string {
  return (times ?? []).map(([from, to]) => `${from}-${to}`).join(", ");
}

/** Undefined when a part is not "HH:MM-HH:MM" or ends before it begins. "8-17" is understood. */
export function parseHours(text: string): [string, string][] | undefined {
  const parts = text.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  const times: [string, string][] = [];
  for (const part of parts) {
    const [from, to, ...more] = part.split(/\s*[-–]\s*/u).map(toTime);
    if (from === undefined || to === undefined || more.length > 0 || from >= to) return undefined;
    times.push([from, to]);
  }
  return times;
}

function toTime(text: string): string | undefined {
  const [, hour = "", minute = "00"] = /^(\d{1,2})(?::(\d\d))?$/u.exec(text.trim()) ?? [];
  const time = `${hour.padStart(2, "0")}:${minute}`;
  return hour !== "" && (time === "24:00" || (Number(hour) < 24 && Number(minute) < 60)) ? time : undefined;
}

/** The hours of the clinic, or of one clinician, with one weekday changed; a day off is left out. */
export function withDay(hours: Hours, day: Weekday, times: [string, string][]): Hours {
  const { [day]: _before, ...rest } = hours;
  return times.length === 0 ? rest : { ...rest, [day]: times };
}

/** Whose hours are edited: "clinic", or a clinician's OpenEMR user id. */
export function hoursFor(
  rules: ClinicRules,
  whose: string,
): { hours: Hours; breaks: [string, string][]; isOwn: boolean } {
  const own = rules.clinicians[whose];
  const isOwn = own?.hours !== undefined || own?.breaks !== undefined;
  return { hours: own?.hours ?? rules.hours, breaks: own?.breaks ?? rules.breaks, isOwn };
}

/** Sets hours and breaks of the clinic or of one clinician. */
export function setHours(
  rules: ClinicRules,
  whose: string,
  { hours, breaks }: { hours: Hours; breaks: [string, string][] },
): ClinicRules {
  if (whose === "clinic") return { ...rules, hours, breaks };
  return { ...rules, clinicians: { ...rules.clinicians, [whose]: { ...rules.clinicians[whose], hours, breaks } } };
}

/** The clinic's hours hold again for this clinician; the number in OpenEMR stays. */
export function dropOwn(rules: ClinicRules, whose: string): ClinicRules {
  const { [whose]: own, ...others } = rules.clinicians;
  const clinicians = own?.providerId === undefined ? others : { ...others, [whose]: { providerId: own.providerId } };
  return { ...rules, clinicians };
}
