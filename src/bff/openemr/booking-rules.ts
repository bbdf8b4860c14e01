/**
 * The clinic's booking rules out of CHARTSIDE_BOOKING_RULES, a JSON object whose every part has a default:
 * {"hours":{"monday":[["08:00","17:00"]]},"breaks":[["12:00","13:00"]],"followUpMinutes":30,"bufferMinutes":10,
 *  "gridMinutes":15,"minimumNoticeHours":24,"maximumDaysAhead":60,
 *  "clinicians":{"<OpenEMR user uuid>":{"hours":{…},"breaks":[…],"providerId":"5"}}}
 */
import { z } from "zod";
import { weekdays } from "#model/calendar-date.ts";
import type { BookingRules, Span, WorkingHours } from "#openemr/booking-rules.ts";
import { minuteOf } from "#openemr/wall-clock.ts";

export type BookingSettings = {
  rules: BookingRules;
  /** OpenEMR's numeric user ids (`pc_aid`) by user uuid, where the clinic has written them down. */
  providerIds: Record<string, string>;
};

const Time = z.string().transform((text, context): number => {
  const minute = minuteOf(text);
  if (minute === undefined) context.addIssue("a time is HH:MM");
  return minute ?? 0;
});
const Times = z
  .tuple([Time, Time])
  .refine(([from, to]) => from < to, "a time must end after it begins")
  .transform(([from, to]): Span => ({ from, to }));
const Hours = z.partialRecord(z.enum(weekdays), z.array(Times));

const workday: [string, string][] = [["08:00", "17:00"]];
const ofWorkdays = { monday: workday, tuesday: workday, wednesday: workday, thursday: workday, friday: workday };

const Clinician = z.strictObject({
  hours: Hours.optional(),
  breaks: z.array(Times).optional(),
  providerId: z.string().regex(/^\d+$/).optional(),
});

const Rules = z.strictObject({
  hours: Hours.prefault(ofWorkdays),
  breaks: z.array(Times).prefault([["12:00", "13:00"]]),
  followUpMinutes: z.number().int().min(5).max(480).default(30),
  bufferMinutes: z.number().int().min(0).max(120).default(10),
  gridMinutes: z.number().int().min(5).max(60).default(15),
  minimumNoticeHours: z
    .number()
    .min(0)
    .max(24 * 14)
    .default(24),
  maximumDaysAhead: z.number().int().min(1).max(365).default(60),
  clinicians: z.record(z.string(), Clinician).default({}),
});

/** Reads the setting; without it the defaults. Throws an error that names the part at fault. */
export function readBookingSettings(json: string | undefined): BookingSettings {
  const parsed = Rules.safeParse(json === undefined ? {} : parseJson(json));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`CHARTSIDE_BOOKING_RULES: ${faults.join("; ")}`);
  }
  return toSettings(parsed.data);
}

function toSettings(rules: z.output<typeof Rules>): BookingSettings {
  const clinicians: Record<string, WorkingHours> = {};
  const providerIds: Record<string, string> = {};
  for (const [id, clinician] of Object.entries(rules.clinicians)) {
    clinicians[id] = { days: clinician.hours ?? rules.hours, breaks: clinician.breaks ?? rules.breaks };
    if (clinician.providerId !== undefined) providerIds[id] = clinician.providerId;
  }
  return {
    providerIds,
    rules: {
      durationMinutes: rules.followUpMinutes,
      bufferMinutes: rules.bufferMinutes,
      gridMinutes: rules.gridMinutes,
      minimumNoticeHours: rules.minimumNoticeHours,
      maximumDaysAhead: rules.maximumDaysAhead,
      unknownEndMinutes: 60,
      hours: { days: rules.hours, breaks: rules.breaks },
      clinicians,
    },
  };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error("CHARTSIDE_BOOKING_RULES: not JSON");
  }
}
