/**
 * The calendar of some days. OpenEMR has two: FHIR can be asked for days (52 ms beside 20,000 rows) but tells neither titles
 * nor numbers, and 7.0 has none; the standard list has every column, but comes whole (15 MB there). Times are read from
 * FHIR; a worklist reads the list as long as it is small.
 */
import { AppointmentRows, FhirAppointmentBundle } from "#protocol/openemr.ts";
import type { AppointmentRow, FhirAppointment } from "#protocol/openemr.ts";
import type { Clock } from "#model/clock.ts";
import { ProblemError } from "#model/problem.ts";
import { parse } from "./call.ts";
import type { Access, Call } from "./call.ts";
import { minuteOf } from "./wall-clock.ts";
import { routeNotFound } from "./refusal.ts";

/** What a row means for the free time of a clinician. Minutes are the wall clock's; `to` equals `from` when OpenEMR gives no end. */
export type CalendarRow = {
  /** `pc_eid`; FHIR does not tell it. */
  eid: string | null;
  uuid: string | null;
  date: string;
  from: number;
  to: number;
  kind: "appointment" | "in_office" | "out_of_office" | "closed" | "block";
  /** Cancelled or not come: the time is free again. */
  free: boolean;
  patientId: string | null;
  clinicianId: string | null;
  /** Columns of the standard list, when the row came from there. */
  row: AppointmentRow | null;
};

export type Calendar = {
  /** Every row of these dates, of every clinician; `row` is null where FHIR answered. */
  ofDates(access: Access, dates: readonly string[]): Promise<CalendarRow[]>;
  /** The same with `row`, as long as this clinic's list is small enough to be fetched whole. */
  withColumns(access: Access, dates: readonly string[]): Promise<CalendarRow[]>;
};

/** What a reading of the calendar showed; `at`: clock ms of its beginning. */
export type CalendarSeen = { dates: readonly string[]; rows: readonly CalendarRow[]; at: number };

/** The same calendar; every reading is also told. */
export function watched(calendar: Calendar, clock: Clock, tell: (seen: CalendarSeen) => void): Calendar {
  const watch =
    (read: Calendar["ofDates"]): Calendar["ofDates"] =>
    async (access, dates) => {
      const at = clock.now();
      const rows = await read(access, dates);
      tell({ dates, rows, at });
      return rows;
    };
  return { ofDates: watch(calendar.ofDates), withColumns: watch(calendar.withColumns) };
}

/** Characters of JSON; about 5,000 rows, 100 ms. */
const largeList = 4_000_000;

export function createCalendar(call: Call): Calendar {
  let isListLarge = false;

  const fromList = async (access: Access, dates: readonly string[]): Promise<CalendarRow[]> => {
    const answer = await call(access, { method: "GET", path: "/api/appointment" });
    isListLarge = answer.length > largeList;
    return rowsOfList(answer.json, dates);
  };

  const ofDates: Calendar["ofDates"] = async (access, dates) => {
    if (dates.length === 0) return [];
    return (await fromFhir(call, access, dates)) ?? (await fromList(access, dates));
  };

  return {
    ofDates,
    async withColumns(access, dates) {
      if (isListLarge) return ofDates(access, dates);
      try {
        return await fromList(access, dates);
      } catch (thrown) {
        if (!isTooLarge(thrown)) throw thrown;
        isListLarge = true;
        return ofDates(access, dates);
      }
    },
  };
}

/** The wire refuses answers beyond its limit. */
function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof ProblemError && thrown.problem.detail === "too large";
}

/** Undefined when this server or this token has no FHIR appointments. */
async function fromFhir(call: Call, access: Access, dates: readonly string[]): Promise<CalendarRow[] | undefined> {
  try {
    // Plain dates with commas are an OR of days; ranges are broken (facts 21).
    const answer = await call(access, { method: "GET", path: "/fhir/Appointment", query: { date: dates.join(",") } });
    // 7.0 says "no such route" as 404 without a word; an empty day is a bundle without entries.
    if (answer.json === undefined) return undefined;
    const bundle = parse(FhirAppointmentBundle, answer.json);
    return (bundle.entry ?? [])
      .map((entry) => fhirCalendarRow(entry.resource))
      .filter((row) => dates.includes(row.date));
  } catch (thrown) {
    if (isWithoutFhir(thrown)) return undefined;
    throw thrown;
  }
}

function isWithoutFhir(thrown: unknown): boolean {
  if (!(thrown instanceof ProblemError)) return false;
  const { code, detail } = thrown.problem;
  return code === "openemr_scope_missing" || (code === "openemr_refused" && detail === routeNotFound);
}

function rowsOfList(json: unknown, dates: readonly string[]): CalendarRow[] {
  // The days are picked out before anything is parsed: the list holds every appointment there ever was.
  const ofDates = Array.isArray(json) ? json.filter((row) => dates.includes(dateOfRow(row))) : (json ?? []);
  return parse(AppointmentRows, ofDates).map(listCalendarRow);
}

function dateOfRow(row: unknown): string {
  return typeof row === "object" && row !== null && "pc_eventDate" in row ? String(row.pc_eventDate) : "";
}

/** A row of the standard list as a calendar row. */
export function listCalendarRow(row: AppointmentRow): CalendarRow {
  const from = minuteOf(row.pc_startTime ?? "") ?? 0;
  return {
    eid: row.pc_eid,
    uuid: row.pc_uuid,
    date: row.pc_eventDate,
    from,
    to: Math.max(from, minuteOf(row.pc_endTime ?? "") ?? from),
    kind: row.puuid === null ? kindOfCategory(row.pc_catid ?? "") : "appointment",
    free: ["x", "%", "?", "!"].includes(row.pc_apptstatus ?? ""),
    patientId: row.puuid,
    clinicianId: row.pce_aid_uuid,
    row,
  };
}

function fhirCalendarRow(resource: FhirAppointment): CalendarRow {
  const start = wallClock(resource.start);
  const end = wallClock(resource.end);
  const patientId = actorOf(resource, ["Patient"]);
  const to = end.date > start.date && end.minute === 0 ? 24 * 60 : end.minute;
  return {
    eid: null,
    uuid: resource.id,
    date: start.date,
    from: start.minute,
    to: Math.max(start.minute, to),
    kind: patientId === null ? kindOfCategory(resource.appointmentType?.coding?.[0]?.code ?? "") : "appointment",
    free: resource.status === "cancelled" || resource.status === "noshow",
    patientId,
    clinicianId: actorOf(resource, ["Practitioner", "Person"]),
    row: null,
  };
}

/** The wall-clock part alone: the offset that follows is the server's of today (facts 3.3). */
function wallClock(text: string | null | undefined): { date: string; minute: number } {
  const [date = "", time = ""] = (text ?? "").split("T");
  return { date, minute: minuteOf(time.slice(0, 5)) ?? 0 };
}

function actorOf(resource: FhirAppointment, types: readonly string[]): string | null {
  for (const { actor } of resource.participant ?? []) {
    const [type = "", id = ""] = (actor?.reference ?? "").split("/");
    if (types.includes(type) && id !== "") return id;
  }
  return null;
}

/** Calendar categories that are no patient's: by number in the list, by name in FHIR (facts 4.3). */
function kindOfCategory(category: string): CalendarRow["kind"] {
  if (category === "2" || category === "in_office") return "in_office";
  if (category === "3" || category === "out_of_office") return "out_of_office";
  if (["6", "7", "holidays", "closed"].includes(category)) return "closed";
  return "block";
}
