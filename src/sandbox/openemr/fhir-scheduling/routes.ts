/** What the profile `fhir-scheduling` has beside or before the ordinary routes. */
import type { Route } from "#sandbox/openemr/api/api-request.ts";
import { create, readOne, searchAppointments, update } from "./appointments.ts";
import { readSchedule, readSlot, searchSchedules, searchSlots } from "./slots.ts";

export const schedulingRoutes: readonly Route[] = [
  { method: "GET", path: "/fhir/Appointment", access: "appt", run: searchAppointments },
  { method: "GET", path: "/fhir/Appointment/:id", access: "appt", run: readOne },
  { method: "POST", path: "/fhir/Appointment", access: "appt", run: create },
  { method: "PUT", path: "/fhir/Appointment/:id", access: "appt", run: update },
  { method: "GET", path: "/fhir/Slot", access: "appt", run: searchSlots },
  { method: "GET", path: "/fhir/Slot/:id", access: "appt", run: readSlot },
  { method: "GET", path: "/fhir/Schedule", access: "appt", run: searchSchedules },
  { method: "GET", path: "/fhir/Schedule/:id", access: "appt", run: readSchedule },
];
