import { Wordmark } from "./wordmark.tsx";
import styles from "./splash.module.css";

/** The first moment, before anything is known. */
export function Splash() {
  return (
    <main className={styles["splash"]}>
      <Wordmark />
      <output className={styles["words"]}>Opening…</output>
    </main>
  );
}
