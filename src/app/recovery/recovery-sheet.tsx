import { useState } from "react";
import { useNavigate } from "react-router-dom";
import type { HeldVisit } from "#model/recording.ts";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { visitPath } from "#app/clinical/visit-path.ts";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { useHeld } from "#app/queries.ts";
import { useUser } from "#app/sign-in/use-user.ts";
import { useRecording } from "#app/use-recording.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { HeldFacts } from "./held-facts.tsx";
import { type HeldActions, useHeldActions } from "./use-held-actions.ts";

/** Offers what a crash or reload cut off, once per opening of the app; "Decide later" leaves it in the worklist. */
export function RecoverySheet() {
  const user = useUser();
  const { data: held = [] } = useHeld();
  const runningId = useRecording((view) => view.visitId);
  const [later, setLater] = useState<readonly string[]>([]);
  const cut = held.find(
    (visit) =>
      !visit.finished && visit.clinicianId === user.id && visit.visitId !== runningId && !later.includes(visit.visitId),
  );
  if (cut === undefined) return null;
  return <Sheet key={cut.visitId} visit={cut} onLater={() => setLater([...later, cut.visitId])} />;
}

function Sheet({ visit, onLater }: { visit: HeldVisit; onLater: () => void }) {
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
            <Button onPress={() => void resume()} isDisabled={actions.isBusy}>
              Resume
            </Button>
            <Button kind="primary" onPress={() => void finish()} isPending={actions.isBusy}>
              Finish and send
            </Button>
          </>
        }
      >
        <PatientBanner
          patient={{ name: visit.patientName, birthDate: visit.patientBirthDate, recordNumber: visit.recordNumber }}
        />
        <HeldFacts visit={visit} />
        <p>Everything up to the moment it closed is on this device. What was said after that was not recorded.</p>
        {actions.problem !== undefined && <ProblemBanner problem={actions.problem} />}
      </Dialog>
      <DiscardHeld visit={visit} actions={actions} isOpen={isDiscarding} onClose={() => setIsDiscarding(false)} />
    </>
  );
}

/** Names what is lost; the word must be typed. */
export function DiscardHeld(props: { visit: HeldVisit; actions: HeldActions; isOpen: boolean; onClose: () => void }) {
  const { visit, actions, isOpen, onClose } = props;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title="Discard this recording?"
      confirmLabel="Discard"
      typed="discard"
      isPending={actions.isBusy}
      onConfirm={() => void actions.discard().then(onClose)}
      onCancel={onClose}
    >
      <p>
        The recording of <strong>{visit.patientName}</strong> is erased from this device and no note is written. This
        cannot be undone.
      </p>
      <HeldFacts visit={visit} />
      {actions.problem !== undefined && <ProblemBanner problem={actions.problem} />}
    </ConfirmDialog>
  );
}
