import type { ReactNode } from "react";
import { timeIn } from "#model/clock.ts";
import type { Problem } from "#model/problem.ts";
import { useApp } from "#app/app-context.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { isAway } from "./reach.ts";

type Props = {
  /** Why there is no newer one; null: the clinic server gave this one, which OpenEMR did not renew. */
  problem: Problem | null;
  /** Clinic clock, ms. */
  at: number;
  onRetry: () => void;
  children?: ReactNode;
};

/** The list below is not the newest: of when it is, and why. */
export function OldAnswer({ problem, at, onRetry, children }: Props) {
  const { bootstrap } = useApp();
  return (
    <Banner tone="offline" title={titleOf(problem)} action={<Button onPress={onRetry}>Try again</Button>}>
      This is the list of {timeIn(bootstrap.clinic.timeZone, at)}. {children}
    </Banner>
  );
}

function titleOf(problem: Problem | null): string {
  if (problem === null) return "OpenEMR is not answering";
  if (isAway(problem)) return "No connection to the clinic server";
  return problem.code === "signed_out" ? "Not signed in to the clinic server" : "There is no newer list just now";
}
