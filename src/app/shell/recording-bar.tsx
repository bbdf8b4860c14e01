import { CircleDot, Pause } from "lucide-react";
import { useLocation } from "react-router-dom";
import { visitPath } from "#app/clinical/visit-path.ts";
import { useRecordedSeconds, useRecording } from "#app/use-recording.ts";
import { durationWords } from "#app/words.ts";
import { LinkButton } from "#ui/button.tsx";
import { isLampDim } from "./lamp.ts";
import styles from "./recording-bar.module.css";

/** A running recording is never out of sight: on every other screen this leads back to it. */
export function RecordingBar() {
  const phase = useRecording((view) => view.phase);
  const visitId = useRecording((view) => view.visitId);
  const seconds = useRecordedSeconds();
  const { pathname } = useLocation();
  const isRunning = phase === "recording" || phase === "paused";
  if (!isRunning || visitId === null || pathname === visitPath(visitId, "recording")) return null;
  return (
    <section className={styles["bar"]} aria-label="Recording in progress">
      <span className={styles["state"]}>
        {phase === "paused" ? (
          <Pause aria-hidden="true" />
        ) : (
          <CircleDot aria-hidden="true" className={isLampDim(seconds) ? styles["dim"] : undefined} />
        )}
        {phase === "paused" ? "Paused" : "Recording"}
      </span>
      <span className={styles["time"]}>{durationWords(seconds * 1000)}</span>
      <LinkButton size="small" href={visitPath(visitId, "recording")}>
        Back to the recording
      </LinkButton>
    </section>
  );
}
