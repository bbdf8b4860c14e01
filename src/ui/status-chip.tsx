import type { ReactNode } from "react";
import styles from "./status-chip.module.css";
import { join } from "./join.ts";

export type Tone = "neutral" | "info" | "good" | "warn" | "danger" | "live";

/** A state as icon and word; the tone only repeats what the word says. */
export function StatusChip({
  tone = "neutral",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <span className={join(styles["chip"], styles[tone])}>
      {icon !== undefined && (
        <span className={styles["icon"]} aria-hidden="true">
          {icon}
        </span>
      )}
      {children}
    </span>
  );
}
