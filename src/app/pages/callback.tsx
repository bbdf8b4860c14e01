import { useEffect, useRef, useState } from "react";
import { useApp } from "#app/app-context.ts";
import { confirmSession } from "#app/offline/load-start.ts";
import { problemWords } from "#app/problem-words.ts";
import { Splash } from "#app/shell/splash.tsx";
import { Wordmark } from "#app/shell/wordmark.tsx";
import type { CallbackResult } from "#app/sign-in/user-manager.ts";
import { Button } from "#ui/button.tsx";
import styles from "./outside.module.css";

/** Where OpenEMR sends the browser back to, in this window or in the second one. */
export function CallbackPage({ onDone }: { onDone: () => void }) {
  const app = useApp();
  const [result, setResult] = useState<CallbackResult | undefined>();
  const isStarted = useRef(false);
  useEffect(() => {
    // The code works once; React's development mode runs effects twice.
    if (isStarted.current) return;
    isStarted.current = true;
    const finish = async (): Promise<CallbackResult> => {
      const { finishSignIn } = await import("#app/sign-in/user-manager.ts");
      const finished = await finishSignIn(app.bootstrap, location.href);
      if (finished.kind === "signed_in")
        await confirmSession(app, await app.bff.session(), { ...app, isPresent: true });
      return finished;
    };
    finish().then(
      (finished) => {
        history.replaceState(null, "", finished.kind === "signed_in" ? finished.returnTo : "/callback");
        if (finished.kind === "signed_in") onDone();
        else setResult(finished);
      },
      () => setResult({ kind: "failed" }),
    );
  }, [app, onDone]);

  if (result === undefined || result.kind === "signed_in") return <Splash />;
  return <CallbackWords kind={result.kind} onBack={() => backToStart(onDone)} />;
}

function backToStart(onDone: () => void): void {
  history.replaceState(null, "", "/");
  onDone();
}

function CallbackWords({ kind, onBack }: { kind: "handed_over" | "not_allowed" | "failed"; onBack: () => void }) {
  const { title, sentence } = wordsOf[kind];
  return (
    <main className={styles["narrow"]}>
      <Wordmark />
      <h1 className={styles["heading"]}>{title}</h1>
      <p className={styles["lead"]}>{sentence}</p>
      {kind === "handed_over" ? (
        <Button size="large" onPress={() => window.close()}>
          Close this window
        </Button>
      ) : (
        <Button kind="primary" size="large" onPress={onBack}>
          Back to sign-in
        </Button>
      )}
    </main>
  );
}

const wordsOf = {
  handed_over: {
    title: "Go on in the other window",
    sentence: "The sign-in is finished there. This window can be closed.",
  },
  not_allowed: {
    title: "You did not allow Chartside to sign you in",
    sentence: "Nothing was shared. To use Chartside, sign in again and allow it on OpenEMR's page.",
  },
  failed: problemWords("sign_in_failed"),
};
