import { CircleSlash, EllipsisVertical, Flag, Pause, Play, Square, SquarePen, VenetianMask } from "lucide-react";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import { shortcutSetting } from "#app/shell/use-shortcut.ts";
import { useRecording } from "#app/use-recording.ts";
import { Button } from "#ui/button.tsx";
import { Kbd } from "#ui/kbd.tsx";
import { Menu } from "#ui/menu.tsx";
import styles from "./control-bar.module.css";
import type { Controls } from "./use-controls.ts";

type Props = { controls: Controls; onNote: () => void; onWithdraw: () => void };

/** Pause and Stop under the thumb; beside them what is wanted now and then. */
export function ControlBar({ controls, onNote, onWithdraw }: Props) {
  const isSaving = useRecording((view) => view.phase === "stopping" || view.phase === "preparing");
  return (
    <>
      <div className={styles["controls"]}>
        <Main controls={controls} isSaving={isSaving} />
        <div className={styles["beside"]}>
          <OffRecord controls={controls} isSaving={isSaving} />
          <Button icon={<Flag />} size="large" isDisabled={isSaving} onPress={controls.mark}>
            Mark moment
            <MarkCount />
          </Button>
          <Button icon={<SquarePen />} size="large" isDisabled={isSaving} onPress={onNote}>
            Quick note
          </Button>
          <More onWithdraw={onWithdraw} />
        </div>
      </div>
      <Keys />
    </>
  );
}

function Main({ controls, isSaving }: { controls: Controls; isSaving: boolean }) {
  const phase = useRecording((view) => view.phase);
  const isPaused = phase === "paused";
  return (
    <>
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
    </>
  );
}

function OffRecord({ controls, isSaving }: { controls: Controls; isSaving: boolean }) {
  const isOff = useRecording((view) => view.isOffRecord);
  return (
    <Button icon={<VenetianMask />} size="large" isDisabled={isSaving} onPress={controls.offRecord}>
      {isOff ? "Back on the record" : "Off the record"}
    </Button>
  );
}

function MarkCount() {
  const count = useRecording((view) => view.moments.length);
  if (count === 0) return null;
  return (
    <span className={styles["count"]}>
      {count}
      <span className="visually-hidden"> so far</span>
    </span>
  );
}

function More({ onWithdraw }: { onWithdraw: () => void }) {
  return (
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
      <Button icon={<EllipsisVertical />} size="large">
        More
      </Button>
    </Menu>
  );
}

/** Only while they work: they can be switched off in the settings. */
function Keys() {
  const { areOn } = useStore(shortcutSetting);
  const isPaused = useRecording((view) => view.phase === "paused");
  const isOff = useRecording((view) => view.isOffRecord);
  if (!areOn) return null;
  const lines: [string, ReactNode][] = [
    ["P", isPaused ? "resume" : "pause"],
    ["E", "stop"],
    ["O", isOff ? "back on the record" : "off the record"],
    ["M", "mark"],
  ];
  return (
    <p className={styles["keys"]}>
      <Kbd keys={["Alt", "Shift"]} /> <span>and</span>
      {lines.map(([key, does]) => (
        <span key={key} className={styles["key"]}>
          <Kbd keys={[key]} /> {does}
        </span>
      ))}
    </p>
  );
}
