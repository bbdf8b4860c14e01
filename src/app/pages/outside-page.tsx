import type { ReactNode } from "react";
import { Wordmark } from "#app/shell/wordmark.tsx";
import styles from "./outside.module.css";

/** A page for whoever is not signed in: what happened, and the way on. */
export function OutsidePage({ title, texts, children }: { title: string; texts: string[]; children: ReactNode }) {
  return (
    <main className={styles["narrow"]}>
      <Wordmark />
      <h1 className={styles["heading"]}>{title}</h1>
      {texts.map((text) => (
        <p key={text} className={styles["lead"]}>
          {text}
        </p>
      ))}
      {children}
    </main>
  );
}
