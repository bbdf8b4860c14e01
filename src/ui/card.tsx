import { type ReactNode, useId } from "react";
import styles from "./card.module.css";
import { join } from "./join.ts";

export type CardProps = {
  title?: string;
  /** Beside the title: a chip or a small button. */
  aside?: ReactNode;
  icon?: ReactNode;
  /** No padding inside: for lists and tables that draw to the edge. */
  isFlush?: boolean;
  children: ReactNode;
};

/** A bounded area; with a title it is a region of that name. */
export function Card({ title, aside, icon, isFlush = false, children }: CardProps) {
  const id = useId();
  return (
    <section className={styles["card"]} {...(title === undefined ? {} : { "aria-labelledby": id })}>
      {title !== undefined && (
        <header className={styles["header"]}>
          {icon !== undefined && (
            <span className={styles["icon"]} aria-hidden="true">
              {icon}
            </span>
          )}
          <h2 id={id} className={styles["title"]}>
            {title}
          </h2>
          {aside !== undefined && <div className={styles["aside"]}>{aside}</div>}
        </header>
      )}
      <div className={join(styles["body"], isFlush && styles["flush"])}>{children}</div>
    </section>
  );
}

/** A figure and what it counts. */
export function Stat({ value, label, tone }: { value: ReactNode; label: string; tone?: "good" | "warn" | "danger" }) {
  return (
    <div className={styles["stat"]}>
      <dt className={styles["statLabel"]}>{label}</dt>
      <dd className={join(styles["statValue"], tone !== undefined && styles[tone])}>{value}</dd>
    </div>
  );
}
