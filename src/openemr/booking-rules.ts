/** When a clinic books follow-ups. The clinic server reads them from its configuration; nothing here knows from where. */
import type { Weekday } from "#model/calendar-date.ts";

/** Minutes since midnight, clinic wall clock, `to` not included. */
export type Span = { from: number; to: number };

export type WorkingHours = {
  /** Weekdays that are missing are days off. */
  days: Partial<Record<Weekday, readonly Span[]>>;
  /** Lunch and other daily breaks. */
  breaks: readonly Span[];
};

export type BookingRules = {
  durationMinutes: number;
  /** Kept free between two appointments of one clinician. */
  bufferMinutes: number;
  /** Appointments begin at multiples of this, counted from midnight. */
  gridMinutes: number;
  minimumNoticeHours: number;
  maximumDaysAhead: number;
  /** How long a row is taken to last when OpenEMR gives no end (7.0 gives none). */
  unknownEndMinutes: number;
  hours: WorkingHours;
  /** Clinicians by OpenEMR user uuid, where they differ. */
  clinicians: Record<string, WorkingHours>;
};
