/**
 * The recording screen. In: what is true on disk and at the scribe; out: pause, resume, stop. It may be left and entered
 * again at any time: the recording belongs to the tab, and every number comes from the journal.
 */
import { CircleSlash, EllipsisVertical, MonitorSmartphone, Pause, Play, Square } from "lucide-react";
import { useState } from "react";
import type { VisitId } from "#model/id.ts";
import type { RecordingView } from "#model/recording.ts";
import { levelWords } from "#app/clinical/level-words.ts";
import { PatientBanner } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { visitPath } from "#app/clinical/visit-path.ts";
import { useVisit } from "#app/queries.ts";
import { ShortStopDialog } from "#app/recording/stop-dialog.tsx";
import { RecordingChip } from "#app/recording/status-chip-row.tsx";
import { type Controls, useControls } from "#app/recording/use-controls.ts";
import { useTabTitle } from "#app/recording/use-tab-title.ts";
import { useVisitPatient } from "#app/recording/visit-patient.ts";
import { Warnings } from "#app/recording/warnings.tsx";
import { useShortcut } from "#app/shell/use-shortcut.ts";
import { useVisitId } from "#app/shell/use-visit-id.ts";
import { useRecording } from "#app/use-recording.ts";
import { durationSpoken, durationWords } from "#app/words.ts";
import { Button, LinkButton } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Kbd } from "#ui/kbd.tsx";
import { LevelMeter } from "#ui/level-meter.tsx";
import { Menu } from "#ui/menu.tsx";
import styles from "./recording.module.css";

export function RecordingPage() {
  const id = useVisitId();
  const isHere = useRecording((view) => view.visitId === id && view.phase !== "idle" && view.phase !== "stopped");
  const patient = useVisitPatient(id);
  return (
    <>
      {patient !== undefined && <PatientBanner patient={patient} />}
      {isHere ? <Running id={id} /> : <Elsewhere id={id} />}
    </>
  );
}

function Running({ id }: { id: VisitId }) {
  const controls = useControls(id);
  const screen = useRecording((view) => view.screen);
  const [isWithdrawing, setIsWithdrawing] = useState(false);
  useTabTitle();
  useShortcut("KeyP", controls.pauseOrResume);
  useShortcut("KeyE", controls.stop);
  return (
    <div className={styles["stage"]}>
      <h1 className="visually-hidden">Recording</h1>
      <Warnings onResume={controls.pauseOrResume} />
      {controls.problem !== undefined && <ProblemBanner problem={controls.problem} onAction={controls.pauseOrResume} />}
      <RecordingChip />
      <Timer />
      <Level />
      <p className={styles["screen"]}>{screenWords[screen]}</p>
      <ControlBar controls={controls} onWithdraw={() => setIsWithdrawing(true)} />
      <ShortStopDialog
        isOpen={controls.isAskingShort}
        isPending={controls.isBusy}
        onSend={controls.send}
        onContinue={controls.keepRecording}
        onDiscard={() => controls.discard("discarded")}
      />
      <ConfirmDialog
        isOpen={isWithdrawing}
        title="The patient withdraws consent"
        confirmLabel="Stop and erase"
        cancelLabel="Go on recording"
        typed="erase"
        isPending={controls.isBusy}
        onConfirm={() => controls.discard("withdrawn")}
        onCancel={() => setIsWithdrawing(false)}
      >
        <p>
          Recording stops, the whole recording is erased from this device, and no note is written. This cannot be
          undone.
        </p>
      </ConfirmDialog>
    </div>
  );
}

const screenWords: Record<RecordingView["screen"], string> = {
  held: "The screen stays on.",
  off: "The screen may turn off by itself. Keep a phone awake: a locked one may stop the microphone.",
  unsupported: "This browser cannot keep the screen on. Keep a phone awake: a locked one may stop the microphone.",
};

/** Milliseconds that are on the disk: what you see cannot be lost. */
function Timer() {
  const seconds = useRecording((view) => Math.floor(view.durableMs / 1000));
  const isPaused = useRecording((view) => view.phase === "paused");
  return (
    <p
      className={isPaused ? `${styles["timer"]} ${styles["paused"]}` : styles["timer"]}
      role="timer"
      aria-label={`Recorded and saved: ${durationSpoken(seconds * 1000)}`}
    >
      {durationWords(seconds * 1000)}
    </p>
  );
}

function Level() {
  const level = useRecording((view) => view.level);
  const isPaused = useRecording((view) => view.phase === "paused");
  const words = isPaused ? { value: 0, words: "Paused: nothing is stored", tone: "quiet" as const } : levelWords(level);
  return (
    <div className={styles["level"]}>
      <LevelMeter label="Microphone level" isLarge {...words} />
    </div>
  );
}

function ControlBar({ controls, onWithdraw }: { controls: Controls; onWithdraw: () => void }) {
  const phase = useRecording((view) => view.phase);
  const isPaused = phase === "paused";
  const isSaving = phase === "stopping" || phase === "preparing";
  return (
    <>
      <div className={styles["controls"]}>
        <Button
          size="giant"
          icon={isPaused ? <Play fill="currentColor" /> : <Pause fill="currentColor" />}
          isDisabled={isSaving}
          onPress={controls.pauseOrResume}
        >
          {isPaused ? "Resume" : "Pause"}
        </Button>
        <Button
          kind="primary"
          size="giant"
          icon={<Square fill="currentColor" />}
          isPending={controls.isBusy || phase === "stopping"}
          isDisabled={phase === "preparing"}
          onPress={controls.stop}
        >
          Stop
        </Button>
        <Menu
          label="More"
          choices={[
            {
              id: "withdraw",
              label: "Consent withdrawn",
              note: "Stops and erases the recording",
              icon: <CircleSlash />,
              isDanger: true,
              onAction: onWithdraw,
            },
          ]}
        >
          <Button size="giant" icon={<EllipsisVertical />}>
            More
          </Button>
        </Menu>
      </div>
      <p className={styles["keys"]}>
        <span>
          <Kbd keys={["Alt", "Shift", "P"]} /> {isPaused ? "resume" : "pause"}
        </span>
        <span>
          <Kbd keys={["Alt", "Shift", "E"]} /> stop
        </span>
      </p>
    </>
  );
}

/** Not recording in this tab: cut off, on another device, or already stopped. */
function Elsewhere({ id }: { id: VisitId }) {
  const { data: visit } = useVisit(id);
  const isRunning = visit?.state === "recording" || visit?.state === "paused";
  return (
    <EmptyState
      icon={<MonitorSmartphone />}
      title={isRunning ? "This visit is not being recorded in this window" : "The recording has stopped"}
      action={
        <>
          <LinkButton kind="primary" href={visitPath(id, "processing")}>
            See its progress
          </LinkButton>
          <LinkButton href="/worklist">Back to the worklist</LinkButton>
        </>
      }
    >
      {isRunning
        ? `It was started on “${visit.device}”. What this device holds of it is under Waiting to send in the worklist.`
        : "What was recorded is saved and is being sent."}
    </EmptyState>
  );
}
