import { useLayoutEffect, useState } from "react";
import { useNavigate } from "react-router-dom";
import type { HeldVisit } from "#model/recording.ts";
import { useApp } from "#app/app-context.ts";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { useWallClock } from "#app/clinical/use-wall-clock.ts";
import { visitPath } from "#app/clinical/visit-path.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useHeld } from "#app/queries.ts";
import { Timeline } from "#app/recording/timeline.tsx";
import { useUser } from "#app/sign-in/use-user.ts";
import { useRecording } from "#app/use-recording.ts";
import { durationWords } from "#app/words.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { cutWords, sinceWords } from "./cut-words.ts";
import { DiscardHeld } from "./discard-held.tsx";
import styles from "./recovery-sheet.module.css";
import { useHeldActions } from "./use-held-actions.ts";

/** Offers what a crash or reload cut off, once per opening of the app; "Decide later" leaves it in the worklist. */
export function RecoverySheet() {
  const user = useUser();
  const { data: held = [] } = useHeld();
  const runningId = useRecording((view) => view.visitId);
  const [later, setLater] = useState<readonly string[]>([]);
  const isRoomIn = useIsRoomIn();
  const cut = held.find(
    (visit) =>
      !visit.finished && visit.clinicianId === user.id && visit.visitId !== runningId && !later.includes(visit.visitId),
  );
  if (cut === undefined || !isRoomIn) return null;
  return <Sheet key={cut.visitId} visit={cut} onLater={() => setLater([...later, cut.visitId])} />;
}

/** A dialog that is drawn together with the room (offline/room.tsx) would not be put into it. */
function useIsRoomIn(): boolean {
  const [isIn, setIsIn] = useState(false);
  // oxlint-disable-next-line react/set-state-in-effect -- one drawing more, before anything is painted
  useLayoutEffect(() => setIsIn(true), []);
  return isIn;
}

function Sheet({ visit, onLater }: { visit: HeldVisit; onLater: () => void }) {
  const { clock } = useApp();
  const at = useWallClock();
  const actions = useHeldActions(visit.visitId);
  const navigate = useNavigate();
  const [isDiscarding, setIsDiscarding] = useState(false);
  const resume = () =>
    actions.resume().then(
      (isDone) => isDone && navigate(visitPath(visit.visitId, "recording")),
      () => undefined,
    );
  const finish = () =>
    actions.finish().then(
      (isDone) => isDone && navigate(visitPath(visit.visitId, "processing")),
      () => undefined,
    );
  return (
    <>
      <Dialog
        isOpen={!isDiscarding}
        onClose={onLater}
        title="A recording was cut off"
        actions={
          <>
            <Button kind="quiet" onPress={() => setIsDiscarding(true)} isDisabled={actions.isBusy}>
              Discard
            </Button>
            {!visit.imported && (
              <Button onPress={() => void resume()} isDisabled={actions.isBusy}>
                Resume
              </Button>
            )}
            <Button kind="primary" onPress={() => void finish()} isPending={actions.isBusy}>
              Finish and send
            </Button>
          </>
        }
      >
        <PatientBanner
          patient={{ name: visit.patientName, birthDate: visit.patientBirthDate, recordNumber: visit.recordNumber }}
        />
        <div className={styles["cut"]}>
          <p className={styles["sum"]}>{cutWords(visit, at)}</p>
          <p className={styles["since"]}>
            {sinceWords(visit, clock.now())} {durationWords(visit.receivedMs)} of it is received by the scribe.
          </p>
        </div>
        <Timeline gaps={visit.gaps} moments={visit.moments} />
        <ul className={styles["ways"]}>
          {!visit.imported && (
            <li>
              <strong>Resume</strong> goes on in the same visit; the time between is marked as a gap.
            </li>
          )}
          <li>
            <strong>Finish and send</strong> makes a note from what there is.
          </li>
        </ul>
        {actions.problem !== undefined && <ProblemBanner problem={actions.problem} />}
      </Dialog>
      <DiscardHeld visit={visit} actions={actions} isOpen={isDiscarding} onClose={() => setIsDiscarding(false)} />
    </>
  );
}
