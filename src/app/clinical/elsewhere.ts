/** When a visit may be sent to another service, and which ones there are. */
import type { ServiceView } from "#protocol/bff-services.ts";
import type { VisitView } from "#protocol/bff.ts";
import { isRetried } from "#model/problem.ts";

/** Something stands in the way of its note that another service may not have. */
export function isInTrouble({ state, problem, signedAt }: Pick<VisitView, "state" | "problem" | "signedAt">): boolean {
  if (signedAt !== null) return false;
  if (state === "failed" || state === "partly_ready") return true;
  return state === "processing" && problem !== null && isRetried(problem.code);
}

/** The others, those that answer first. */
export function othersOf(services: readonly ServiceView[], current: string | null): ServiceView[] {
  const others = services.filter(({ id }, place) => (current === null ? place > 0 : id !== current));
  return others.toSorted((a, b) => Number(b.state === "up") - Number(a.state === "up"));
}

export function noteOf({ protocol, state, wants }: ServiceView): string {
  const how = wants === "whole_file" ? ", takes the recording at the end" : "";
  return state === "up" ? `${protocol}${how}` : `${protocol}, not answering now`;
}
