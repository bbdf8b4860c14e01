import { useEffect } from "react";
import type { Problem } from "#model/problem.ts";
import { problemWords } from "#app/problem-words.ts";
import { Wordmark } from "#app/shell/wordmark.tsx";
import { Button } from "#ui/button.tsx";
import styles from "./outside.module.css";

/** The clinic server does not answer at all. */
export function UnreachablePage({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  const words = problemWords(problem.code);
  useEffect(() => {
    addEventListener("online", onRetry);
    return () => removeEventListener("online", onRetry);
  }, [onRetry]);
  return (
    <main className={styles["narrow"]}>
      <Wordmark />
      <h1 className={styles["heading"]}>{words.title}</h1>
      <p className={styles["lead"]}>
        Nobody is signed in on this device, and signing in needs the clinic server. For 12 hours after signing in, a
        clinician can open Chartside here and record without it, unless they sign out.
      </p>
      <p className={styles["lead"]}>
        What was recorded on this device is safe and is offered here as soon as the server answers.
      </p>
      <Button kind="primary" size="large" onPress={onRetry}>
        Try again
      </Button>
    </main>
  );
}
