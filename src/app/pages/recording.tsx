/**
 * The recording screen. In: what is true on disk and at the scribe; out: pause, resume, stop. It may be left and entered
 * again at any time: the recording belongs to the tab, and every number comes from the journal.
 */
import { MonitorSmartphone } from "lucide-react";
import { useState } from "react";
import { Navigate } from "react-router-dom";
import type { VisitId } from "#model/id.ts";
import type { RecordingView } from "#model/recording.ts";
import { AudioElsewhere } from "#app/clinical/audio-elsewhere.tsx";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { SendElsewhere } from "#app/clinical/send-elsewhere.tsx";
import { visitPath } from "#app/clinical/visit-path.ts";
import { useHeld, useLockedVisit, useVisit } from "#app/queries.ts";
import { ControlBar } from "#app/recording/control-bar.tsx";
import { LockedVisitScreen } from "#app/device/locked-visits.tsx";
import { HeardSoFar } from "#app/recording/heard-so-far.tsx";
import { MicrophoneBar } from "#app/recording/microphone-bar.tsx";
import { PartWords } from "#app/recording/part-words.tsx";
import { QuickNoteDialog } from "#app/recording/quick-note-dialog.tsx";
import { SoundState, Timer } from "#app/recording/sound-state.tsx";
import { ShortStopDialog } from "#app/recording/stop-dialog.tsx";
import { RecordingChip } from "#app/recording/status-chip-row.tsx";
import { Timeline } from "#app/recording/timeline.tsx";
import { useControls } from "#app/recording/use-controls.ts";
import { TabTitle } from "#app/recording/tab-title.tsx";
import { useVisitPatient } from "#app/recording/visit-patient.ts";
import { Warnings } from "#app/recording/warnings.tsx";
import { useShortcut } from "#app/shell/use-shortcut.ts";
import { useVisitId } from "#app/shell/use-visit-id.ts";
import { useRecording } from "#app/use-recording.ts";
import { LinkButton } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import styles from "./recording.module.css";

export function RecordingPage() {
  const id = useVisitId();
  const isHere = useRecording((view) => view.visitId === id && view.phase !== "idle" && view.phase !== "stopped");
  const isStopped = useRecording((view) => view.visitId === id && view.phase === "stopped");
  // Also when it was stopped from the cover of a workstation that was left.
  if (isStopped) return <Navigate to={visitPath(id, "processing")} replace />;
  return (
    <>
      <VisitBanner id={id} />
      {isHere ? <Running id={id} /> : <Elsewhere id={id} />}
    </>
  );
}

function VisitBanner({ id }: { id: VisitId }) {
  const patient = useVisitPatient(id);
  return patient === undefined ? null : <PatientBanner patient={patient} />;
}

/** For as long as a visit takes: what changes with every second or chunk is in pieces of its own, so that the rest is not drawn with it. */
function Running({ id }: { id: VisitId }) {
  const controls = useControls(id);
  const screen = useRecording((view) => view.screen);
  const [asks, setAsks] = useState<"withdraw" | "note" | undefined>();
  const closeQuestion = () => setAsks(undefined);
  useShortcut("KeyP", controls.pauseOrResume);
  useShortcut("KeyE", controls.stop);
  useShortcut("KeyO", controls.offRecord);
  useShortcut("KeyM", controls.mark);
  return (
    <div className={styles["stage"]}>
      <TabTitle />
      <h1 className="visually-hidden">Recording</h1>
      <RecordingChip />
      <Warnings onResume={controls.pauseOrResume} elsewhere={<ToAnotherService id={id} />} />
      {controls.problem !== undefined && <ProblemBanner problem={controls.problem} onAction={controls.pauseOrResume} />}
      <div className={styles["middle"]}>
        <Timer />
        <SoundState />
        <MicrophoneBar />
        <PartWords visitId={id} />
        <p className={styles["screen"]}>{screenWords[screen]}</p>
      </div>
      <ControlBar controls={controls} onNote={() => setAsks("note")} onWithdraw={() => setAsks("withdraw")} />
      <HeardSoFar visitId={id} />
      <Happened />
      <QuickNoteDialog isOpen={asks === "note"} onClose={closeQuestion} />
      <ShortStopDialog
        isOpen={controls.isAskingShort}
        isPending={controls.isBusy}
        onSend={controls.send}
        onContinue={controls.keepRecording}
        onDiscard={() => controls.discard("discarded")}
      />
      <ConfirmDialog
        isOpen={asks === "withdraw"}
        title="The patient withdraws consent"
        confirmLabel="Stop and erase"
        cancelLabel="Go on recording"
        typed="erase"
        isPending={controls.isBusy}
        onConfirm={() => controls.discard("withdrawn")}
        onCancel={closeQuestion}
      >
        <p>
          Recording stops, the whole recording is erased from this device, and no note is written. This cannot be
          undone.
        </p>
      </ConfirmDialog>
    </div>
  );
}

function ToAnotherService({ id }: { id: VisitId }) {
  const { data: visit } = useVisit(id);
  return visit === undefined ? null : <SendElsewhere visit={visit} />;
}

function Happened() {
  const gaps = useRecording((view) => view.gaps);
  const moments = useRecording((view) => view.moments);
  return <Timeline gaps={gaps} moments={moments} />;
}

const screenWords: Record<RecordingView["screen"], string> = {
  held: "The screen stays on.",
  off: "The screen may turn off by itself. Keep a phone awake: a locked one may stop the microphone.",
  unsupported: "This browser cannot keep the screen on. Keep a phone awake: a locked one may stop the microphone.",
};

/** Not recording in this tab: cut off, on another device, or already stopped. */
function Elsewhere({ id }: { id: VisitId }) {
  const { data: visit } = useVisit(id);
  const { data: held = [] } = useHeld();
  const locked = useLockedVisit(id);
  if (locked !== undefined) return <LockedVisitScreen locked={locked} />;
  const isHere = held.some((candidate) => candidate.visitId === id);
  const isRunning = visit?.state === "recording" || visit?.state === "paused";
  return (
    <>
      {visit !== undefined && !isHere && <AudioElsewhere visit={visit} />}
      <EmptyState
        icon={<MonitorSmartphone />}
        title={isRunning ? "This visit is not being recorded in this window" : "The recording has stopped"}
        action={
          <>
            <LinkButton kind="primary" href={visitPath(id, "processing")}>
              See its progress
            </LinkButton>
            {isHere && <LinkButton href="/device">See what this device holds</LinkButton>}
            <LinkButton href="/worklist">Back to the worklist</LinkButton>
          </>
        }
      >
        {elsewhereText({ isRunning, isHere })}
      </EmptyState>
    </>
  );
}

function elsewhereText({ isRunning, isHere }: { isRunning: boolean; isHere: boolean }): string {
  if (!isRunning) return "What was recorded is saved and is being sent.";
  if (isHere) return "It was cut off here. This device holds what was recorded: resume it or finish it there.";
  return "It is being recorded, or was cut off, on the device named above.";
}
