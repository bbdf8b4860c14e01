import type { ReactNode } from "react";
import type { Problem } from "#model/problem.ts";
import { problemWords } from "#app/problem-words.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";

export type ProblemBannerProps = {
  problem: Problem;
  onAction?: (() => void) | undefined;
  /** Another way out, beside the one action. */
  beside?: ReactNode;
};

/** A problem in its words, with its one action where the screen can do it. */
export function ProblemBanner({ problem, onAction, beside }: ProblemBannerProps) {
  const { title, sentence, action } = problemWords(problem.code);
  const isMild = problem.category === "network" || problem.code === "openemr_down";
  const isMendable = onAction !== undefined && action.kind !== "none";
  return (
    <Banner
      tone={isMild ? "warn" : "danger"}
      title={title}
      {...(!isMendable && beside === undefined
        ? {}
        : {
            action: (
              <>
                {isMendable && <Button onPress={onAction}>{action.label}</Button>}
                {beside}
              </>
            ),
          })}
    >
      {sentence}
      {problem.detail !== undefined && <small> ({problem.detail})</small>}
    </Banner>
  );
}
