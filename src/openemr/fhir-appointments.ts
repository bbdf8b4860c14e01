/** Booking and cancelling over FHIR, where the server takes it. It looks for clashes itself and answers them with 409. */
import { WrittenAppointment } from "#protocol/openemr-scheduling.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { NewAppointment } from "./appointments.ts";
import { parse, segment } from "./call.ts";
import type { Access, Call } from "./call.ts";
import { instantText, minuteOf } from "./wall-clock.ts";

export type FhirAppointments = {
  /** The new appointment's uuid. Throws `time_taken` when the server found a clash. */
  book(access: Access, appointment: NewAppointment): Promise<string>;
  /** Moves one to another time, its number and people staying as they are. Throws `time_taken`. */
  move(access: Access, uuid: string, appointment: NewAppointment): Promise<void>;
  /** Sets the status `cancelled`; the appointment stays in the chart. */
  cancel(access: Access, uuid: string): Promise<void>;
};

/** Under which a confirmation number is kept. */
const confirmationSystem = "urn:chartside:confirmation";

export function createFhirAppointments(call: Call, timeZone: string): FhirAppointments {
  const change = async (access: Access, uuid: string, changes: Record<string, unknown>): Promise<void> => {
    const path = `/fhir/Appointment/${segment(uuid)}`;
    const { json } = await call(access, { method: "GET", path });
    const body = { ...parse(WrittenAppointment, json), ...changes };
    await call(access, { method: "PUT", path, body }).catch(asClash);
  };
  return {
    async book(access, appointment) {
      const body = toResource(appointment, timeZone);
      const answer = await call(access, { method: "POST", path: "/fhir/Appointment", body }).catch(asClash);
      return parse(WrittenAppointment, answer.json).id;
    },
    move: (access, uuid, appointment) =>
      change(access, uuid, { ...timesOf(appointment, timeZone), status: "booked", description: appointment.comment }),
    cancel: (access, uuid) => change(access, uuid, { status: "cancelled" }),
  };
}

/** 409; a number that is known already (`duplicate`) says nothing about the time. */
function asClash(thrown: unknown): never {
  const why = thrown instanceof ProblemError ? thrown.problem : undefined;
  throw why?.code === "conflict" && why.detail !== "duplicate" ? problem("time_taken") : thrown;
}

function toResource(appointment: NewAppointment, timeZone: string): Record<string, unknown> {
  const { confirmation, patientId, clinicianId, comment } = appointment;
  const actor = (reference: string) => ({ actor: { reference }, status: "accepted" });
  return {
    resourceType: "Appointment",
    status: "booked",
    ...(confirmation === undefined ? {} : { identifier: [{ system: confirmationSystem, value: confirmation }] }),
    ...timesOf(appointment, timeZone),
    participant: [actor(`Patient/${patientId}`), actor(`Practitioner/${clinicianId}`)],
    description: comment,
  };
}

function timesOf({ date, startTime, durationMinutes }: NewAppointment, timeZone: string) {
  const from = minuteOf(startTime);
  if (from === undefined) throw problem("invalid_request", { field: "startTime" });
  const at = (minute: number): string => instantText(date, minute, timeZone);
  return { start: at(from), end: at(from + durationMinutes), minutesDuration: durationMinutes };
}
