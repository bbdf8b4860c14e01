/**
 * The chart. In: the user's own access token with every call. Out: values of ours, or a problem that names what is the
 * matter; the body decides what succeeded, never the status. Nothing is kept here that a crash could lose.
 */
import type { Clock } from "#model/clock.ts";
import { datesBetween } from "#model/calendar-date.ts";
import { createAbilities } from "./abilities.ts";
import { createAppointments } from "./appointments.ts";
import type { Appointments } from "./appointments.ts";
import type { AvailabilityQuestion } from "./availability.ts";
import type { BookingRules } from "./booking-rules.ts";
import { createCalendar, watched } from "./calendar.ts";
import type { Calendar, CalendarSeen } from "./calendar.ts";
import { createCall, createTransfer } from "./call.ts";
import type { Access } from "./call.ts";
import { createDocuments } from "./documents.ts";
import type { Documents } from "./documents.ts";
import { createFhirAppointments } from "./fhir-appointments.ts";
import { createNotes } from "./notes.ts";
import type { Notes } from "./notes.ts";
import { createPatients } from "./patients.ts";
import type { Patients } from "./patients.ts";
import { createPractitioners } from "./practitioners.ts";
import type { Practitioners } from "./practitioners.ts";
import type { Send } from "./send.ts";
import { createSlots } from "./slots.ts";
import { createWorklist } from "./worklist.ts";
import type { WorklistReader } from "./worklist.ts";

export type OpenEmr = {
  patients: Patients;
  practitioners: Practitioners;
  worklist: WorklistReader;
  calendar: Calendar;
  appointments: Appointments;
  notes: Notes;
  documents: Documents;
  /** What `freeTimes` (availability.ts) needs, with the calendar as it is now, and the clinic's slots where it has them. */
  availability(access: Access, wanted: AvailabilityWanted): Promise<AvailabilityQuestion>;
};

export type AvailabilityWanted = {
  days: { from: string; to: string };
  clinicianId: string;
  patientId: string;
  rules: BookingRules;
};

export function createOpenEmr(parts: {
  send: Send;
  baseUrl: string;
  site: string;
  /** The clinic's IANA zone: OpenEMR's times are wall clock there. */
  timeZone: string;
  clock: Clock;
  /** Told what each reading of the calendar showed, whoever asked for it. */
  onCalendar?: ((seen: CalendarSeen) => void) | undefined;
}): OpenEmr {
  const call = createCall(parts);
  const patients = createPatients(call);
  const abilities = createAbilities(call, parts.clock);
  const slots = createSlots(call, parts.timeZone);
  const fhir = createFhirAppointments(call, parts.timeZone);
  const appointments = createAppointments(call, { abilities, appointments: fhir });
  const calendar = watched(createCalendar(call), parts.clock, parts.onCalendar ?? (() => undefined));
  return {
    patients,
    practitioners: createPractitioners(call),
    appointments,
    calendar,
    notes: createNotes(call),
    documents: createDocuments(call, createTransfer(parts)),
    worklist: createWorklist({ calendar, patients, appointments, clock: parts.clock }),
    async availability(access, wanted) {
      const rows = await calendar.ofDates(access, datesBetween(wanted.days.from, wanted.days.to));
      const open = (await abilities.canSchedule(access)) ? await slots.of(access, wanted) : undefined;
      const question = { ...wanted, calendar: rows, nowMs: parts.clock.now(), timeZone: parts.timeZone };
      return open === undefined ? question : { ...question, slots: open };
    },
  };
}
