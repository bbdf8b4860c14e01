/** The clinic's booking rules as administrators write them: in the environment or on the screen. The rules of bff.ts hold. */
import { z } from "zod";
import { weekdays } from "#model/calendar-date.ts";
import { UserId } from "#model/id.ts";

const Time = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, "a time is HH:MM");
const Times = z.tuple([Time, Time]).refine(([from, to]) => from < to, "a time must end after it begins");
const Hours = z.partialRecord(z.enum(weekdays), z.array(Times));
export type Hours = z.infer<typeof Hours>;

const workday: [string, string][] = [["08:00", "17:00"]];
const ofWorkdays = { monday: workday, tuesday: workday, wednesday: workday, thursday: workday, friday: workday };

const Minutes = z.number().int().min(5).max(480);
const Notice = z
  .number()
  .min(0)
  .max(24 * 14);

const ClinicianRules = z.strictObject({
  /** Weekdays that are missing are days off; without hours or breaks the clinic's hold. */
  hours: Hours.optional(),
  breaks: z.array(Times).optional(),
  /** OpenEMR's numeric user id (`pc_aid`), where it cannot be learned. */
  providerId: z.string().regex(/^\d+$/).optional(),
});

/** Every part has a default, the clinic's wall clock throughout. */
export const ClinicRules = z.strictObject({
  hours: Hours.default(ofWorkdays),
  breaks: z.array(Times).default([["12:00", "13:00"]]),
  followUpMinutes: Minutes.default(30),
  routineMinutes: Minutes.default(60),
  urgentMinutes: Minutes.default(45),
  consultationMinutes: Minutes.default(45),
  bufferMinutes: z.number().int().min(0).max(120).default(10),
  gridMinutes: z.number().int().min(5).max(60).default(15),
  minimumNoticeHours: Notice.default(24),
  urgentNoticeHours: Notice.default(1),
  maximumDaysAhead: z.number().int().min(1).max(365).default(60),
  clinicians: z.record(z.string().max(64), ClinicianRules).default({}),
});
export type ClinicRules = z.infer<typeof ClinicRules>;

/** `GET /api/booking-rules` (administrator). Version 0: nobody has saved any, the environment's hold. */
export const BookingRulesView = z.object({
  version: z.number().int().nonnegative(),
  savedAt: z.iso.datetime().nullable(),
  rules: ClinicRules,
  clinicians: z.array(z.object({ id: UserId, name: z.string() })),
});
export type BookingRulesView = z.infer<typeof BookingRulesView>;

/** `PUT /api/booking-rules` (administrator) -> `BookingRulesView`; 409 `conflict` when `baseVersion` is not the newest. */
export const BookingRulesSave = z.object({ baseVersion: z.number().int().nonnegative(), rules: ClinicRules });
