import { type ReactNode, useState } from "react";
import type { HeldVisit } from "#model/recording.ts";
import { useApp } from "#app/app-context.ts";
import { endSession } from "#app/offline/load-start.ts";
import { useHeld } from "#app/queries.ts";
import { useRecording, useVisitSession } from "#app/use-recording.ts";
import { durationWords } from "#app/words.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { useUser } from "./use-user.ts";

export type SignOut = { ask: () => void; obstacle: string | undefined; dialog: ReactNode };

/** Signs out; asks first when audio on this device would wait for the next sign-in. Nobody signs out of a running recording. */
export function useSignOut(): SignOut {
  const app = useApp();
  const user = useUser();
  const visits = useVisitSession();
  const phase = useRecording((view) => view.phase);
  const isRecording = phase === "recording" || phase === "paused";
  const { data: unsentMs = 0 } = useHeld((held) => (isRecording ? 0 : unsentOf(held, user.id)));
  const [isAsking, setIsAsking] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);

  const leave = async () => {
    setIsLeaving(true);
    visits.signedOut();
    // This device forgets everything now; without a network the clinic server is told at the next start.
    await endSession(app);
    history.replaceState(null, "", "/");
  };
  return {
    ask: () => (unsentMs >= 1000 ? setIsAsking(true) : void leave()),
    obstacle: isRecording ? "Stop the recording first" : undefined,
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

function unsentOf(held: readonly HeldVisit[], clinicianId: string): number {
  const mine = held.filter((visit) => visit.clinicianId === clinicianId);
  return mine.reduce((sum, visit) => sum + Math.max(0, visit.durableMs - visit.receivedMs), 0);
}
