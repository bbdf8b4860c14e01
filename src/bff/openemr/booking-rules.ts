/**
 * The clinic's booking rules: those that an administrator saved, else those of CHARTSIDE_BOOKING_RULES, a JSON object whose
 * every part has a default:
 * {"hours":{"monday":[["08:00","17:00"]]},"breaks":[["12:00","13:00"]],"followUpMinutes":30,"routineMinutes":60,
 *  "urgentMinutes":45,"consultationMinutes":45,"bufferMinutes":10,"gridMinutes":15,"minimumNoticeHours":24,
 *  "urgentNoticeHours":1,"maximumDaysAhead":60,
 *  "clinicians":{"<OpenEMR user uuid>":{"hours":{…},"breaks":[…],"providerId":"5"}}}
 */
import { z } from "zod";
import type { Statement, Store } from "#bff/store/store.ts";
import { jsonText } from "#bff/visits/visit-record.ts";
import type { AppointmentKind } from "#model/follow-up.ts";
import type { BookingRules, Span, WorkingHours } from "#openemr/booking-rules.ts";
import { minuteOf } from "#openemr/wall-clock.ts";
import { ClinicRules } from "#protocol/bff-booking-rules.ts";
import type { Hours } from "#protocol/bff-booking-rules.ts";

export type BookingSettings = {
  clinicRules: ClinicRules;
  /** The rules for appointments of this kind. */
  rulesOf(kind: AppointmentKind): BookingRules;
  maximumDaysAhead: number;
  /** OpenEMR's numeric user ids (`pc_aid`) by user uuid, where the clinic has written them down. */
  providerIds: Record<string, string>;
};

/** Reads the setting; without it the defaults. Throws an error that names the part at fault. */
export function readBookingSettings(json: string | undefined): BookingSettings {
  const parsed = ClinicRules.safeParse(json === undefined ? {} : parseJson(json));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`CHARTSIDE_BOOKING_RULES: ${faults.join("; ")}`);
  }
  return toSettings(parsed.data);
}

export type SavedRules = { version: number; savedAt: number | null; settings: BookingSettings };

/** The newest rules; version 0 and the environment's when none were saved. Read anew for every booking. */
export async function currentRules(store: Store, configured: BookingSettings): Promise<SavedRules> {
  const [row] = await store.query("SELECT * FROM booking_rules ORDER BY version DESC LIMIT 1");
  if (row === undefined) return { version: 0, savedAt: null, settings: configured };
  const { version, saved_at, rules_json } = SavedRow.parse(row);
  return { version, savedAt: saved_at, settings: toSettings(rules_json) };
}

const SavedRow = z.object({ version: z.number(), saved_at: z.number(), rules_json: jsonText(ClinicRules) });

/** A new version, refused (`GuardError`) when somebody else saved one after `baseVersion`. Old versions are kept. */
export function saveRulesStatement(
  rules: ClinicRules,
  saved: { baseVersion: number; now: number; by: string },
): Statement {
  const { baseVersion, now, by } = saved;
  return {
    sql: `INSERT INTO booking_rules (version, rules_json, saved_at, saved_by) SELECT CAST(? AS INTEGER), ?, CAST(? AS INTEGER), ?
      WHERE NOT EXISTS (SELECT 1 FROM booking_rules WHERE version > ?)`,
    params: [baseVersion + 1, JSON.stringify(rules), now, by, baseVersion],
    expectRows: 1,
  };
}

function toSettings(rules: ClinicRules): BookingSettings {
  const hours = toWorkingHours(rules.hours, rules.breaks);
  const clinicians: Record<string, WorkingHours> = {};
  const providerIds: Record<string, string> = {};
  for (const [id, clinician] of Object.entries(rules.clinicians)) {
    clinicians[id] = toWorkingHours(clinician.hours ?? rules.hours, clinician.breaks ?? rules.breaks);
    if (clinician.providerId !== undefined) providerIds[id] = clinician.providerId;
  }
  const { bufferMinutes, gridMinutes, maximumDaysAhead } = rules;
  const minutes: Record<AppointmentKind, number> = {
    follow_up: rules.followUpMinutes,
    routine: rules.routineMinutes,
    urgent: rules.urgentMinutes,
    consultation: rules.consultationMinutes,
  };
  return {
    clinicRules: rules,
    providerIds,
    maximumDaysAhead,
    rulesOf: (kind) => ({
      durationMinutes: minutes[kind],
      bufferMinutes,
      gridMinutes,
      minimumNoticeHours: kind === "urgent" ? rules.urgentNoticeHours : rules.minimumNoticeHours,
      maximumDaysAhead,
      unknownEndMinutes: 60,
      hours,
      clinicians,
    }),
  };
}

function toWorkingHours(hours: Hours, breaks: readonly [string, string][]): WorkingHours {
  const days = Object.entries(hours).map(([weekday, times]) => [weekday, (times ?? []).map(toSpan)]);
  return { days: Object.fromEntries(days), breaks: breaks.map(toSpan) };
}

function toSpan([from, to]: [string, string]): Span {
  return { from: minuteOf(from) ?? 0, to: minuteOf(to) ?? 0 };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error("CHARTSIDE_BOOKING_RULES: not JSON");
  }
}
