import { Circle, CloudOff, HardDrive, Pause, Server } from "lucide-react";
import { useEffect } from "react";
import { useShallow } from "zustand/react/shallow";
import type { RecordingView } from "#model/recording.ts";
import { useRecording } from "#app/use-recording.ts";
import { useAnnounce } from "#ui/toast.tsx";
import { chipWords } from "./chip-words.ts";
import styles from "./status-chip-row.module.css";

/** Always in the same place, always both numbers. Spoken only when the state changes, not every second. */
export function RecordingChip() {
  const view = useRecording(
    useShallow(({ phase, durableMs, receivedMs, waiting }) => ({
      phase,
      durableMs: wholeSeconds(durableMs),
      receivedMs: wholeSeconds(receivedMs),
      waiting,
    })),
  );
  const words = chipWords(view);
  const announce = useAnnounce();
  useEffect(() => announce(words.state), [announce, words.state]);
  return (
    <output
      className={`${styles["chip"]} ${styles[words.tone]}`}
      aria-label="Recording status"
      aria-live="off"
      data-testid="recording-chip"
    >
      <span className={styles["state"]}>
        <StateIcon phase={view.phase} isWaiting={view.waiting !== null} />
        {words.state}
      </span>
      <span className={styles["figure"]}>
        <HardDrive aria-hidden="true" />
        {words.kept}
      </span>
      <span className={styles["figure"]}>
        <Server aria-hidden="true" />
        {words.received}
      </span>
    </output>
  );
}

function StateIcon({ phase, isWaiting }: { phase: RecordingView["phase"]; isWaiting: boolean }) {
  if (isWaiting) return <CloudOff aria-hidden="true" />;
  return phase === "paused" ? (
    <Pause aria-hidden="true" fill="currentColor" />
  ) : (
    <Circle aria-hidden="true" fill="currentColor" />
  );
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
