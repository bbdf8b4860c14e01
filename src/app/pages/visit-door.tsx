import { Navigate } from "react-router-dom";
import { screenOf, visitPath } from "#app/clinical/visit-path.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useHeld, useVisit } from "#app/queries.ts";
import { useVisitId } from "#app/shell/use-visit-id.ts";
import { useRecording } from "#app/use-recording.ts";
import { toProblem } from "#model/problem.ts";
import { Skeleton } from "#ui/empty-state.tsx";

/** `/visits/:id` leads to the screen where the visit goes on. */
export function VisitDoor() {
  const id = useVisitId();
  const { data, error, refetch } = useVisit(id);
  const { data: held } = useHeld();
  const isRunning = useRecording((view) => view.visitId === id && view.phase !== "stopped");
  if (data !== undefined) return <Navigate to={visitPath(id, screenOf(data.state))} replace />;
  // Without the clinic server this device still knows what it holds itself.
  if (isRunning) return <Navigate to={visitPath(id, "recording")} replace />;
  if (error !== null && held?.some((visit) => visit.visitId === id) === true) {
    return <Navigate to={visitPath(id, "processing")} replace />;
  }
  if (error !== null) return <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />;
  return <Skeleton label="Loading the visit" />;
}
