/**
 * The Processing screen's middle. In: the visit as the clinic server sees it, and this device's tally; out: steps ticked as
 * they happen, and what a slow one means. It holds nothing, so a reload shows the same.
 */
import { useEffect, useRef } from "react";
import { visitStateWords } from "#model/visit.ts";
import { Banner } from "#ui/banner.tsx";
import { ProgressSteps } from "#ui/progress-steps.tsx";
import { useAnnounce } from "#ui/toast.tsx";
import { paceOf, type ProgressInput, stepsOf } from "./steps-of.ts";

export function ProgressPanel({ visit, local, nowMs }: ProgressInput & { nowMs: number }) {
  const steps = stepsOf({ visit, local });
  const current = steps.find((step) => step.state === "now" || step.state === "failed");
  useAnnounced(visit === undefined ? current?.label : (current?.label ?? visitStateWords[visit.state]));
  const pace = visit === undefined ? "normal" : paceOf(visit, nowMs);
  return (
    <>
      <ProgressSteps label="Progress of the note" steps={steps} />
      {pace === "slow" && (
        <Banner tone="info" title="Taking longer than usual">
          Nothing new for two minutes. It goes on by itself, and you can leave this page.
        </Banner>
      )}
      {pace === "stuck" && (
        <Banner tone="warn" title="This needs attention">
          The scribe has said nothing for ten minutes. The recording is safe. Your administrator can look at the
          service.
        </Banner>
      )}
    </>
  );
}

/** Speaks each new step once, not the first one on arrival. */
function useAnnounced(words: string | undefined): void {
  const announce = useAnnounce();
  const last = useRef(words);
  useEffect(() => {
    if (words === undefined || words === last.current) return;
    last.current = words;
    announce(words);
  }, [announce, words]);
}
