import { useEffect } from "react";
import type { Problem } from "#model/problem.ts";
import { problemWords } from "#app/problem-words.ts";
import { Button } from "#ui/button.tsx";
import { OutsidePage } from "./outside-page.tsx";

const texts = [
  "Nobody is signed in on this device, and signing in needs the clinic server. For 12 hours after signing in, a clinician can open Chartside here and record without it, unless they sign out.",
  "What was recorded on this device is safe and is offered here as soon as the server answers.",
];

/** The clinic server does not answer at all. */
export function UnreachablePage({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  const words = problemWords(problem.code);
  useEffect(() => {
    addEventListener("online", onRetry);
    return () => removeEventListener("online", onRetry);
  }, [onRetry]);
  return (
    <OutsidePage title={words.title} texts={texts}>
      <Button kind="primary" size="large" onPress={onRetry}>
        Try again
      </Button>
    </OutsidePage>
  );
}
