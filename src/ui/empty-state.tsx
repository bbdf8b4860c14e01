import type { ReactNode } from "react";
import styles from "./empty-state.module.css";

/** What to say, and do, where there is nothing to list. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={styles["empty"]}>
      <span className={styles["icon"]} aria-hidden="true">
        {icon}
      </span>
      <h2 className={styles["title"]}>{title}</h2>
      {children !== undefined && <div className={styles["text"]}>{children}</div>}
      {action !== undefined && <div className={styles["action"]}>{action}</div>}
    </div>
  );
}

/** Grey shapes while something loads; `label` is what a screen reader hears instead. */
export function Skeleton({ lines = 3, label = "Loading" }: { lines?: number; label?: string }) {
  return (
    <output className={styles["skeleton"]} aria-label={label}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} className={styles["bar"]} />
      ))}
    </output>
  );
}
