import type { Problem } from "#model/problem.ts";
import { problemWords } from "#app/problem-words.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";

/** A problem in its words, with its one action where the screen can do it. */
export function ProblemBanner({ problem, onAction }: { problem: Problem; onAction?: (() => void) | undefined }) {
  const { title, sentence, action } = problemWords(problem.code);
  const isMild = problem.category === "network" || problem.code === "openemr_down";
  return (
    <Banner
      tone={isMild ? "warn" : "danger"}
      title={title}
      {...(onAction === undefined || action.kind === "none"
        ? {}
        : { action: <Button onPress={onAction}>{action.label}</Button> })}
    >
      {sentence}
      {problem.detail !== undefined && <small> ({problem.detail})</small>}
    </Banner>
  );
}
