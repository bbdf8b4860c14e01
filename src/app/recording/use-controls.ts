import { useState } from "react";
import { useNavigate } from "react-router-dom";
import type { VisitId } from "#model/id.ts";
import { type Problem, toProblem } from "#model/problem.ts";
import { visitPath } from "#app/clinical/visit-path.ts";
import { useVisitSession } from "#app/use-recording.ts";
import { durationWords } from "#app/words.ts";
import { useSpeaker } from "#ui/toast.tsx";
import { shortMs } from "./stop-dialog.tsx";

export type Controls = {
  pauseOrResume: () => void;
  /** Nothing is stored until it is pressed again. */
  offRecord: () => void;
  /** Marks this moment in the recording; a toast says which. */
  mark: () => void;
  /** Stops, or asks when the recording is very short. */
  stop: () => void;
  send: () => void;
  discard: (reason: "discarded" | "withdrawn") => void;
  isAskingShort: boolean;
  keepRecording: () => void;
  isBusy: boolean;
  problem: Problem | undefined;
};

/** What the buttons and the shortcuts of the recording screen do. */
export function useControls(visitId: VisitId): Controls {
  const visits = useVisitSession();
  const navigate = useNavigate();
  const [isAskingShort, setIsAskingShort] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();

  const run = (act: () => Promise<void>) => {
    setIsBusy(true);
    setProblem(undefined);
    act()
      .catch((thrown: unknown) => setProblem(toProblem(thrown)))
      .finally(() => setIsBusy(false));
  };
  const send = () =>
    run(async () => {
      await visits.stop();
      visits.closeMicrophone();
      await navigate(visitPath(visitId, "processing"), { replace: true });
    });
  const mark = useMark(setProblem);
  return {
    pauseOrResume: () => {
      const { phase, warning } = visits.store.getState();
      if (phase === "recording" && warning !== "microphone_lost") visits.pause();
      else if (phase === "paused" || warning === "microphone_lost") run(() => visits.resume());
    },
    offRecord: () => {
      const { phase, isOffRecord } = visits.store.getState();
      if (isOffRecord) run(() => visits.resume());
      else if (phase === "recording" || phase === "paused") visits.offRecord();
    },
    mark,
    stop: () => {
      if (isBusy || isAskingShort) return;
      if (visits.store.getState().durableMs < shortMs) setIsAskingShort(true);
      else send();
    },
    send,
    discard: (reason) =>
      run(async () => {
        await visits.discard(visitId, reason);
        visits.closeMicrophone();
        await navigate("/worklist", { replace: true });
      }),
    isAskingShort,
    keepRecording: () => setIsAskingShort(false),
    isBusy,
    problem,
  };
}

/** Marking never holds up the buttons: it is said when the mark is on the disk. */
function useMark(onProblem: (problem: Problem) => void): () => void {
  const visits = useVisitSession();
  const { toast } = useSpeaker();
  return () => {
    const { phase, durableMs } = visits.store.getState();
    if (phase !== "recording" && phase !== "paused") return;
    visits.mark().then(
      () => toast({ words: `Marked at ${durationWords(durableMs)}`, tone: "good" }),
      (thrown: unknown) => onProblem(toProblem(thrown)),
    );
  };
}
