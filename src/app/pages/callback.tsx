import { useState } from "react";
import { useApp } from "#app/app-context.ts";
import { confirmSession } from "#app/offline/load-start.ts";
import { problemWords } from "#app/problem-words.ts";
import { Splash } from "#app/shell/splash.tsx";
import { useOnce } from "#app/shell/use-once.ts";
import type { CallbackResult } from "#app/sign-in/user-manager.ts";
import { Button } from "#ui/button.tsx";
import { OutsidePage } from "./outside-page.tsx";

/** Where OpenEMR sends the browser back to, in this window or in the second one. */
export function CallbackPage({ onDone }: { onDone: () => void }) {
  const app = useApp();
  const [result, setResult] = useState<CallbackResult | undefined>();
  useOnce(() => {
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
  });

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
    <OutsidePage title={title} texts={[sentence]}>
      {kind === "handed_over" ? (
        <Button size="large" onPress={() => window.close()}>
          Close this window
        </Button>
      ) : (
        <Button kind="primary" size="large" onPress={onBack}>
          Back to sign-in
        </Button>
      )}
    </OutsidePage>
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
