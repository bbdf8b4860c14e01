import { useState } from "react";
import type { VisitId } from "#model/id.ts";
import { type Problem, toProblem } from "#model/problem.ts";
import { useVisitSession } from "#app/use-recording.ts";

export type HeldActions = {
  /** Each answers whether it worked; `problem` says why not. */
  resume: () => Promise<boolean>;
  finish: () => Promise<boolean>;
  discard: () => Promise<boolean>;
  isBusy: boolean;
  problem: Problem | undefined;
};

/** The three ways on with a visit that this device holds. */
export function useHeldActions(visitId: VisitId): HeldActions {
  const visits = useVisitSession();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const run = async (act: () => Promise<void>): Promise<boolean> => {
    setIsBusy(true);
    setProblem(undefined);
    try {
      await act();
      return true;
    } catch (thrown) {
      setProblem(toProblem(thrown));
      return false;
    } finally {
      setIsBusy(false);
    }
  };
  return {
    resume: () => run(() => visits.resumeHeld(visitId)),
    finish: () => run(() => visits.finishHeld(visitId)),
    discard: () => run(() => visits.discard(visitId, "discarded")),
    isBusy,
    problem,
  };
}
