import { useQueryClient } from "@tanstack/react-query";
import { useStore } from "zustand";
import { dateIn } from "#model/clock.ts";
import type { AppointmentId } from "#model/id.ts";
import type { Patient } from "#model/patient.ts";
import type { Worklist } from "#protocol/bff.ts";
import { useApp } from "#app/app-context.ts";
import { keys, useWorklist } from "#app/queries.ts";
import { chosenPatient } from "#app/worklist/chosen-patient.ts";

/** What is about to be recorded: an appointment, or a walk-in without one. */
export type PlannedVisit = {
  patient: Patient;
  appointmentId: AppointmentId | null;
  reason: string;
  startTime: string | null;
};

export type Planned = { kind: "found"; visit: PlannedVisit } | { kind: "loading" } | { kind: "unknown" };

/** The visit behind `/start/:appointmentId`: from the list last shown, or today's when this page was opened directly. */
export function usePlannedVisit(appointmentId: string): Planned {
  const { bootstrap, clock } = useApp();
  const { patient } = useStore(chosenPatient);
  const queryClient = useQueryClient();
  const { isPending } = useWorklist(dateIn(bootstrap.clinic.timeZone, clock.now()), "all");
  if (appointmentId === "walk-in") {
    if (patient === undefined) return { kind: "unknown" };
    return { kind: "found", visit: { patient, appointmentId: null, reason: "Walk-in", startTime: null } };
  }
  const lists = queryClient.getQueriesData<Worklist>({ queryKey: keys.worklists });
  const row = lists
    .flatMap(([, list]) => list?.rows ?? [])
    .find((candidate) => candidate.appointmentId === appointmentId);
  if (row !== undefined) return { kind: "found", visit: row };
  return { kind: isPending ? "loading" : "unknown" };
}
