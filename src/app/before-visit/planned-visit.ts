import { useQueryClient } from "@tanstack/react-query";
import { useStore } from "zustand";
import { dateIn } from "#model/clock.ts";
import type { AppointmentId, VisitId } from "#model/id.ts";
import type { Patient } from "#model/patient.ts";
import { type Problem, toProblem } from "#model/problem.ts";
import type { Worklist } from "#protocol/bff.ts";
import type { LaunchView } from "#protocol/bff-launch.ts";
import { useApp } from "#app/app-context.ts";
import { keys, useLaunch, useWorklist } from "#app/queries.ts";
import { chosenPatient } from "#app/worklist/chosen-patient.ts";

/** What is about to be recorded: an appointment, or a walk-in without one. */
export type PlannedVisit = {
  patient: Patient;
  appointmentId: AppointmentId | null;
  reason: string;
  startTime: string | null;
  /** OpenEMR's encounter (uuid) that the note goes into; absent: one is made when it is filed. */
  encounterId?: string;
};

export type Planned =
  | { kind: "found"; visit: PlannedVisit }
  | { kind: "loading" }
  | { kind: "unknown" }
  /** OpenEMR opened a visit that was begun before. */
  | { kind: "begun"; visitId: VisitId }
  | { kind: "failed"; problem: Problem; again: () => void };

/**
 * The visit behind `/start/:appointmentId`: from the list last shown, or today's when this page was opened directly. Behind
 * `/start/launched` it is the one whose page in OpenEMR opened us.
 */
export function usePlannedVisit(appointmentId: string): Planned {
  const { bootstrap, clock } = useApp();
  const { patient } = useStore(chosenPatient);
  const queryClient = useQueryClient();
  const { isPending } = useWorklist(dateIn(bootstrap.clinic.timeZone, clock.now()), "all");
  const launch = useLaunch(appointmentId === "launched");
  if (appointmentId === "launched") return launchedVisit(launch);
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

function launchedVisit({ data, error, refetch }: ReturnType<typeof useLaunch>): Planned {
  if (data !== undefined) return plannedBy(data);
  if (error === null) return { kind: "loading" };
  const problem = toProblem(error);
  return problem.code === "not_found" ? { kind: "unknown" } : { kind: "failed", problem, again: () => void refetch() };
}

function plannedBy({ visitId, encounterId, ...launch }: LaunchView): Planned {
  if (visitId !== null) return { kind: "begun", visitId };
  const { patient, appointmentId, startTime } = launch;
  const reason = appointmentId === null ? "Walk-in" : launch.reason;
  const encounter = encounterId === null ? {} : { encounterId };
  return { kind: "found", visit: { patient, appointmentId, reason, startTime, ...encounter } };
}
