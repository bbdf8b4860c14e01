/** The desk's day and week: every clinician's appointments and blocks out of OpenEMR, ours with their confirmation numbers. */
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { byName, knownClinicians } from "#bff/openemr/clinician-names.ts";
import type { NamedClinician } from "#bff/openemr/clinician-names.ts";
import type { DeskParts } from "#bff/openemr/desk-turn.ts";
import { bookedFollowUps } from "#bff/openemr/follow-up-rows.ts";
import type { FollowUp } from "#bff/openemr/follow-up-rows.ts";
import { parseBody } from "#bff/visits/request-parts.ts";
import { addDays, datesBetween } from "#model/calendar-date.ts";
import { AppointmentId, UserId } from "#model/id.ts";
import type { CalendarRow } from "#openemr/calendar.ts";
import { timeOf } from "#openemr/wall-clock.ts";
import type { WorklistEntry } from "#openemr/worklist.ts";
import { minuteOf } from "#openemr/wall-clock.ts";
import { CalendarAsk } from "#protocol/bff-desk.ts";
import type { CalendarEntry, DeskCalendar } from "#protocol/bff-desk.ts";

/** Roles: front desk, administrator. */
export function deskCalendarRoutes(parts: DeskParts): FastifyPluginAsync {
  return async (app) => {
    app.get("/api/desk/calendar", (request) => calendar(parts, request));
  };
}

async function calendar(parts: DeskParts, request: FastifyRequest): Promise<DeskCalendar> {
  const principal = await parts.auth.require(request, ["front_desk", "administrator"]);
  const { from, days } = parseBody(CalendarAsk, request.query);
  const to = addDays(from, days - 1);
  const fetchedAt = new Date(parts.clock.now()).toISOString();
  const access = { token: await principal.accessToken() };
  const { appointments, blocks } = await parts.openemr.worklist.ofDays(access, datesBetween(from, to));
  const booked = await bookedFollowUps(parts.store);
  const audit = parts.audit.entry(principal, request, { action: "R", object: `calendar:${from}:${days}` });
  await parts.store.transact({ statements: [], audit: [audit] });
  const met = await knownClinicians(parts.store);
  return {
    from,
    days,
    fetchedAt,
    clinicians: byName([...unnamed(appointments, blocks), ...met, ...named(appointments)]),
    entries: [...appointments.map((entry) => ofAppointment(entry, booked)), ...blocks.flatMap(ofBlock)],
  };
}

function ofAppointment(entry: WorklistEntry, booked: readonly FollowUp[]): CalendarEntry {
  const { appointmentId, date, startTime, durationMinutes, patient, reason } = entry;
  const ours = booked.find(({ booking }) => booking?.appointmentId === appointmentId);
  return {
    kind: "appointment",
    date,
    startTime,
    endTime: durationMinutes === null ? null : timeOf((minuteOf(startTime) ?? 0) + durationMinutes),
    title: reason,
    clinicianId: entry.clinicianId === null ? null : UserId.parse(entry.clinicianId),
    patient,
    appointmentId,
    followUpId: ours?.id ?? null,
    confirmation: ours?.booking?.confirmation ?? null,
  };
}

/** "In Office" takes no time away, so it is not shown. */
function ofBlock(row: CalendarRow): CalendarEntry[] {
  if (row.kind === "in_office" || row.kind === "appointment") return [];
  return [
    {
      kind: row.kind,
      date: row.date,
      startTime: timeOf(row.from),
      endTime: row.to > row.from ? timeOf(row.to) : null,
      title: row.row?.pc_title ?? "",
      clinicianId: row.clinicianId === null ? null : UserId.parse(row.clinicianId),
      patient: null,
      appointmentId: row.eid === null ? null : AppointmentId.parse(row.eid),
      followUpId: null,
      confirmation: null,
    },
  ];
}

function named(appointments: readonly WorklistEntry[]): NamedClinician[] {
  return appointments.flatMap(({ clinicianId, clinicianName }) =>
    clinicianId === null || clinicianName === null ? [] : [{ id: UserId.parse(clinicianId), name: clinicianName }],
  );
}

/** Before OpenEMR 8.1 rows carry no names: whoever was never met here is still shown. */
function unnamed(appointments: readonly WorklistEntry[], blocks: readonly CalendarRow[]): NamedClinician[] {
  const ids = [...appointments, ...blocks].flatMap(({ clinicianId }) => (clinicianId === null ? [] : [clinicianId]));
  return ids.map((id) => ({ id: UserId.parse(id), name: "Clinician not named" }));
}
