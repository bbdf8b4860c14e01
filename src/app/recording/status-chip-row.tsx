import { ChevronRight, Circle, CloudOff, HardDrive, MicOff, Pause, Server } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { Link } from "react-router-dom";
import { useShallow } from "zustand/react/shallow";
import { isLampDim } from "#app/shell/lamp.ts";
import { useNow } from "#app/shell/use-now.ts";
import { useRecordedSeconds, useRecording } from "#app/use-recording.ts";
import { join } from "#ui/join.ts";
import { useAnnounce } from "#ui/toast.tsx";
import { type ChipWords, chipWords } from "./chip-words.ts";
import styles from "./status-chip-row.module.css";

/** Always in the same place, always both numbers. Spoken only when the state changes, not every second. Drawn when a word of it changes. */
export function RecordingChip() {
  const nowMs = useNow(1000);
  const words = useRecording(useShallow((view) => chipWords(view, nowMs)));
  const isWaiting = useRecording((view) => view.waiting !== null);
  const isDim = isLampDim(useRecordedSeconds()) && words.tone === "live";
  const announce = useAnnounce();
  useEffect(() => announce(words.state), [announce, words.state]);
  return (
    <div className={join(styles["chip"], styles[words.tone], isDim && styles["dim"])}>
      <output className={styles["words"]} aria-label="Recording status" aria-live="off" data-testid="recording-chip">
        <span className={styles["state"]}>
          <StateIcon words={words} isWaiting={isWaiting} />
          {words.state}
        </span>
        <Figure icon={<HardDrive aria-hidden="true" />} words={words.kept} age={words.keptAge} />
        <Figure icon={<Server aria-hidden="true" />} words={words.received} age={words.receivedAge} />
      </output>
      <Link to="/device" className={styles["all"]} aria-label="Every piece of this recording, on This device">
        <ChevronRight aria-hidden="true" />
      </Link>
    </div>
  );
}

function Figure({ icon, words, age }: { icon: ReactNode; words: string; age: string | undefined }) {
  return (
    <span className={styles["figure"]}>
      {icon}
      {words}
      {age !== undefined && <span className={styles["age"]}>{age}</span>}
    </span>
  );
}

function StateIcon({ words, isWaiting }: { words: ChipWords; isWaiting: boolean }) {
  if (words.tone === "danger") return <MicOff aria-hidden="true" />;
  if (isWaiting) return <CloudOff aria-hidden="true" />;
  return words.tone === "warn" ? (
    <Pause aria-hidden="true" fill="currentColor" />
  ) : (
    <Circle aria-hidden="true" fill="currentColor" />
  );
}
