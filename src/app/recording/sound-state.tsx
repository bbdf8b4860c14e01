import { PauseCircle, VenetianMask } from "lucide-react";
import { useShallow } from "zustand/react/shallow";
import { type LevelWords, levelWords } from "#app/clinical/level-words.ts";
import { useNow } from "#app/shell/use-now.ts";
import { useRecording } from "#app/use-recording.ts";
import { durationWords } from "#app/words.ts";
import { join } from "#ui/join.ts";
import { LevelMeter } from "#ui/level-meter.tsx";
import { RecordedTimer } from "./recorded-timer.tsx";
import styles from "./sound-state.module.css";

export function Timer() {
  const isStill = useRecording((view) => view.phase === "paused" || view.warning === "microphone_lost");
  return <RecordedTimer className={join(styles["timer"], isStill && styles["still"])} />;
}

/** What becomes of the sound now: the level while it is stored, and a large word while it is not. */
export function SoundState() {
  const isOffRecord = useRecording((view) => view.isOffRecord);
  const isPaused = useRecording((view) => view.phase === "paused");
  const isLost = useRecording((view) => view.warning === "microphone_lost");
  if (isOffRecord) return <Nothing kind="off_record" />;
  if (isPaused && !isLost) return <Nothing kind="paused" />;
  return <Level />;
}

const lostWords: LevelWords = { value: 0, words: "Nothing is heard", tone: "danger" };

function Level() {
  const words = useRecording(
    useShallow((view) => (view.warning === "microphone_lost" ? lostWords : levelWords(view.level))),
  );
  return (
    <div className={styles["level"]}>
      <LevelMeter label="Microphone level" isLarge {...words} />
    </div>
  );
}

const nothingWords = {
  off_record: {
    icon: <VenetianMask />,
    title: "Off the record: nothing is stored",
    text: "What is said now is kept nowhere. The gap shows in the recording with its length.",
  },
  paused: {
    icon: <PauseCircle />,
    title: "Paused: nothing is stored",
    text: "What is said now is kept nowhere until you resume.",
  },
};

function Nothing({ kind }: { kind: "off_record" | "paused" }) {
  const { icon, title, text } = nothingWords[kind];
  return (
    <section className={styles["nothing"]} aria-label={title}>
      <span className={styles["icon"]} aria-hidden="true">
        {icon}
      </span>
      <p className={styles["title"]}>{title}</p>
      <p className={styles["text"]}>{text}</p>
      <Since kind={kind} />
    </section>
  );
}

/** Counts on the screen only: a screen reader hears the length when the gap is over. */
function Since({ kind }: { kind: "off_record" | "paused" }) {
  const startedAt = useRecording(
    (view) => view.gaps.findLast((gap) => gap.reason === kind && gap.lengthMs === null)?.startedAt,
  );
  const now = useNow(1000);
  if (startedAt === undefined) return null;
  return (
    <p className={styles["since"]} aria-hidden="true">
      {durationWords(now - startedAt)}
    </p>
  );
}
