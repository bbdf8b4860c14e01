import type { ReactNode } from "react";
import styles from "./page-header.module.css";

/** The name of the screen, what it is for, and its actions. */
export function PageHeader({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <header className={styles["header"]}>
      <div className={styles["words"]}>
        <h1 className={styles["title"]}>{title}</h1>
        {children !== undefined && <div className={styles["text"]}>{children}</div>}
      </div>
      {actions !== undefined && <div className={styles["actions"]}>{actions}</div>}
    </header>
  );
}
