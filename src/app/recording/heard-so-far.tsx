import { useEffect, useRef, useState } from "react";
import type { VisitId } from "#model/id.ts";
import { type Problem, toProblem } from "#model/problem.ts";
import type { HeardView } from "#protocol/bff-heard.ts";
import { useHeard } from "#app/queries.ts";
import styles from "./heard-so-far.module.css";

/** The live transcript, folded until somebody opens it: the eyes belong to the patient. It is asked for only while it is open. */
export function HeardSoFar({ visitId }: { visitId: VisitId }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useHeard(visitId, isOpen);
  return (
    <details className={styles["heard"]} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles["summary"]}>Live transcript</summary>
      {isOpen && <Words heard={data} problem={error === null ? undefined : toProblem(error)} />}
    </details>
  );
}

function Words({ heard, problem }: { heard: HeardView | undefined; problem: Problem | undefined }) {
  const box = useRef<HTMLOListElement>(null);
  const lines = heard?.lines ?? [];
  const last = lines.at(-1)?.id;
  useEffect(() => {
    if (last !== undefined) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [last]);
  return (
    <div className={styles["body"]}>
      {lines.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a list that scrolls must be reachable by keyboard
        <ol ref={box} className={styles["lines"]} tabIndex={0} aria-label="Words heard so far">
          {lines.map(({ id, speaker, text }) => (
            <li key={id}>
              {speaker !== "unknown" && <b>{speaker === "patient" ? "Patient" : "Clinician"}: </b>}
              {text}
            </li>
          ))}
        </ol>
      )}
      <p className={styles["hint"]}>{hintOf(heard, problem)}</p>
    </div>
  );
}

function hintOf(heard: HeardView | undefined, problem: Problem | undefined): string {
  if (problem !== undefined) return "No words from the scribe at the moment. The recording goes on.";
  if (heard === undefined) return "Asking the scribe …";
  if (heard.lines.length > 0) return "Rough words, some seconds behind. They are not kept on this device.";
  return heard.isGiven
    ? "Nothing heard yet: words come some seconds after they are said."
    : "Nothing yet. Some services send words only when the visit is over.";
}
