import { Flag, MessageSquareText, MicOff, Moon, PauseCircle, TriangleAlert, VenetianMask } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Gap, GapReason, Moment } from "#model/recording.ts";
import { useWallClock } from "#app/clinical/use-wall-clock.ts";
import { Button } from "#ui/button.tsx";
import {
  gapSpoken,
  gapSum,
  gapTimes,
  gapTitle,
  type Happening,
  happenings,
  isChosen,
  momentTimes,
  type WallClock,
} from "./gap-words.ts";
import styles from "./timeline.module.css";

type Props = { gaps: readonly Gap[]; moments: readonly Moment[] };

/** A busy machine drops a moment of sound each minute: over two hours that is more than a person reads or a page should hold. */
const newestCount = 12;

/** What happened beside the recording: what is missing in it, and what was marked. Nothing at all when nothing did. */
export function Timeline({ gaps, moments }: Props) {
  const [isWhole, setIsWhole] = useState(false);
  const count = gaps.length + moments.length;
  if (count === 0) return null;
  return (
    <section className={styles["timeline"]} aria-label="Gaps and marks">
      <h2 className={styles["title"]}>Gaps and marks</h2>
      <p className={styles["sum"]}>{sumWords(gaps, moments)}</p>
      <Lines gaps={gaps} moments={moments} most={isWhole ? count : newestCount} />
      {count > newestCount && (
        <div className={styles["more"]}>
          <Button size="small" kind="quiet" onPress={() => setIsWhole(!isWhole)}>
            {isWhole ? `Show the newest ${newestCount}` : `Show all ${count}`}
          </Button>
        </div>
      )}
    </section>
  );
}

/** The same in one line that opens: beside a note it is read once, not all the time. */
export function FoldedTimeline({ gaps, moments }: Props) {
  if (gaps.length + moments.length === 0) return null;
  return (
    <section className={`${styles["timeline"]} ${styles["folded"]}`} aria-label="Gaps and marks">
      <details>
        <summary>
          <span className={styles["title"]}>Gaps and marks</span>
          <span className={styles["sum"]}>{sumWords(gaps, moments)}</span>
        </summary>
        <Lines gaps={gaps} moments={moments} most={gaps.length + moments.length} />
      </details>
    </section>
  );
}

function Lines({ gaps, moments, most }: Props & { most: number }) {
  const at = useWallClock();
  return (
    <ol className={styles["list"]}>
      {happenings(gaps, moments)
        .slice(0, most)
        .map((happening) => (
          <li key={`${happening.kind}-${happening.at}`} className={styles["line"]}>
            <Line happening={happening} at={at} />
          </li>
        ))}
    </ol>
  );
}

function sumWords(gaps: readonly Gap[], moments: readonly Moment[]): string {
  const marks = moments.length === 0 ? [] : [`${moments.length} marked`];
  return [gapSum(gaps) ?? "No gaps", ...marks].join(" · ");
}

function Line({ happening, at }: { happening: Happening; at: WallClock }) {
  if (happening.kind === "moment") {
    const { moment } = happening;
    return (
      <>
        <span className={styles["icon"]} aria-hidden="true">
          {moment.text === null ? <Flag /> : <MessageSquareText />}
        </span>
        <span className={styles["what"]}>{moment.text ?? "Marked"}</span>
        <span className={styles["when"]}>{momentTimes(moment, at)}</span>
      </>
    );
  }
  const { gap } = happening;
  return (
    <>
      <span className={isChosen(gap) ? styles["icon"] : `${styles["icon"]} ${styles["alarm"]}`} aria-hidden="true">
        {icons[gap.reason]}
      </span>
      <span className="visually-hidden">{gapSpoken(gap, at)}</span>
      <span className={styles["what"]} aria-hidden="true">
        {gapTitle(gap)}
      </span>
      <span className={styles["when"]} aria-hidden="true">
        {gapTimes(gap, at)}
      </span>
    </>
  );
}

const icons: Record<GapReason, ReactNode> = {
  paused: <PauseCircle />,
  off_record: <VenetianMask />,
  microphone_lost: <MicOff />,
  microphone_muted: <MicOff />,
  suspended: <Moon />,
  interrupted: <TriangleAlert />,
  damaged: <TriangleAlert />,
};
