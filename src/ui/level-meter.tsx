import { Meter } from "react-aria-components/Meter";
import styles from "./level-meter.module.css";
import { join } from "./join.ts";
import { meterBars } from "./meter-bars.ts";

export type LevelMeterProps = {
  label: string;
  /** 0..1 of the scale, null when nothing is measured. */
  value: number | null;
  /** What the level means, in words: shown beside the bars and read out in their place. */
  words: string;
  tone?: "good" | "warn" | "danger" | "quiet";
  isLarge?: boolean;
};

const bars = Array.from({ length: meterBars }, (_, index) => (index + 1) / meterBars);

/** A level as bars and as words. The bars never say more than the words do. */
export function LevelMeter({ label, value, words, tone = "good", isLarge = false }: LevelMeterProps) {
  const level = value ?? 0;
  return (
    <div className={join(styles["meter"], isLarge && styles["large"])}>
      <Meter
        className={join(styles["bars"], styles[tone])}
        aria-label={label}
        value={Math.round(level * 100)}
        valueLabel={words}
      >
        {bars.map((at) => (
          <span key={at} className={join(styles["bar"], at <= level + 0.001 && styles["lit"])} />
        ))}
      </Meter>
      <p className={join(styles["words"], styles[tone])} aria-hidden="true">
        {words}
      </p>
    </div>
  );
}
