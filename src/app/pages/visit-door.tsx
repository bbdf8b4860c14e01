import { Navigate } from "react-router-dom";
import type { VisitView } from "#protocol/bff.ts";
import type { HeldVisit } from "#model/recording.ts";
import { screenOf, type VisitScreen, visitPath } from "#app/clinical/visit-path.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useHeld, useLockedVisit, useVisit } from "#app/queries.ts";
import { LockedVisitScreen } from "#app/device/locked-visits.tsx";
import { useVisitId } from "#app/shell/use-visit-id.ts";
import { useRecording } from "#app/use-recording.ts";
import { toProblem } from "#model/problem.ts";
import { Skeleton } from "#ui/empty-state.tsx";

/** `/visits/:id` leads to the screen where the visit goes on: by the clinic server's word, or by what this device holds. */
export function VisitDoor() {
  const id = useVisitId();
  const { data, error, refetch } = useVisit(id);
  const { data: held, isPending: isLooking } = useHeld();
  const locked = useLockedVisit(id);
  const isRunning = useRecording((view) => view.visitId === id && view.phase !== "stopped");
  const here = held?.find((visit) => visit.visitId === id);
  if (isRunning) return <Navigate to={visitPath(id, "recording")} replace />;
  if (!isLooking && (data !== undefined || (error !== null && here !== undefined))) {
    return <Navigate to={visitPath(id, screenFor(data, here))} replace />;
  }
  if (locked !== undefined && data === undefined) return <LockedVisitScreen locked={locked} />;
  if (error !== null) return <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />;
  return <Skeleton label="Loading the visit" />;
}

/** The server hears of the end of a recording only when all of it is sent; this device knows it at once. */
function screenFor(visit: VisitView | undefined, here: HeldVisit | undefined): VisitScreen {
  const screen = visit === undefined ? "processing" : screenOf(visit.state);
  return screen === "recording" && here?.finished === true ? "processing" : screen;
}
