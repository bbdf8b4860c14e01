import { type ReactNode, useState } from "react";
import { useApp } from "#app/app-context.ts";
import { endSession } from "#app/offline/load-start.ts";
import { useHeld } from "#app/queries.ts";
import { useRecording, useVisitSession } from "#app/use-recording.ts";
import { durationWords } from "#app/words.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { useUser } from "./use-user.ts";

export type SignOut = { ask: () => void; obstacle: string | undefined; dialog: ReactNode };

/** Signs out; asks first when audio on this device would wait for the next sign-in. */
export function useSignOut(): SignOut {
  const app = useApp();
  const user = useUser();
  const visits = useVisitSession();
  const phase = useRecording((view) => view.phase);
  const { data: held = [] } = useHeld();
  const [isAsking, setIsAsking] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  const mine = held.filter((visit) => visit.clinicianId === user.id);
  const unsentMs = mine.reduce((sum, visit) => sum + Math.max(0, visit.durableMs - visit.receivedMs), 0);

  const leave = async () => {
    setIsLeaving(true);
    visits.signedOut();
    // This device forgets everything now; without a network the clinic server is told at the next start.
    await endSession(app);
    history.replaceState(null, "", "/");
  };
  return {
    ask: () => (unsentMs >= 1000 ? setIsAsking(true) : void leave()),
    obstacle: phase === "recording" || phase === "paused" ? "Stop the recording first" : undefined,
    dialog: (
      <ConfirmDialog
        isOpen={isAsking}
        title="Audio on this device is not sent yet"
        confirmLabel="Sign out"
        cancelLabel="Stay signed in"
        isPending={isLeaving}
        onConfirm={() => void leave()}
        onCancel={() => setIsAsking(false)}
      >
        <p>
          {durationWords(unsentMs)} of your recordings has not reached the scribe. It stays encrypted on this device and
          is sent after you sign in here again.
        </p>
      </ConfirmDialog>
    ),
  };
}
