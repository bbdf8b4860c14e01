import { Check, CircleAlert, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { join } from "./join.ts";
import styles from "./progress-steps.module.css";

export type StepState = "done" | "now" | "next" | "failed";
export type Step = { id: string; label: string; note?: ReactNode; state: StepState };

const stateWords: Record<StepState, string> = { done: "done", now: "in progress", next: "not yet", failed: "failed" };

/** Steps ticked as they happen; each says its state in words to a screen reader. */
export function ProgressSteps({ label, steps }: { label: string; steps: readonly Step[] }) {
  return (
    <ol className={styles["steps"]} aria-label={label}>
      {steps.map((step) => (
        <li
          key={step.id}
          className={join(styles["step"], styles[step.state])}
          {...(step.state === "now" ? { "aria-current": "step" as const } : {})}
        >
          <span className={styles["mark"]} aria-hidden="true">
            <Mark state={step.state} />
          </span>
          <span className={styles["words"]}>
            <span className={styles["label"]}>
              {step.label}
              <span className="visually-hidden">, {stateWords[step.state]}</span>
            </span>
            {step.note !== undefined && <span className={styles["note"]}>{step.note}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Mark({ state }: { state: StepState }) {
  if (state === "done") return <Check />;
  if (state === "failed") return <CircleAlert />;
  return state === "now" ? <LoaderCircle className={styles["turning"]} /> : null;
}
