/**
 * Asks the clinic server about every visit of this clinician whose audio the device holds: at sign-in and every hour, because
 * a note may have been signed elsewhere while this device was off, and because the days that audio is kept end by no event.
 */
import type { VisitId } from "#model/id.ts";
import type { VisitView } from "#protocol/bff.ts";
import type { VisitSession } from "./visit-session.ts";

const hourMs = 3_600_000;

export type FollowParts = {
  bff: { visit(id: VisitId): Promise<VisitView> };
  visits: Pick<VisitSession, "held" | "visitChanged">;
  clinicianId: string;
};

/** Returns how to stop. A visit that cannot be asked about now is asked about the next time. */
export function followHeld(parts: FollowParts): () => void {
  const ask = (): void => void askAll(parts).catch(() => undefined);
  ask();
  const timer = setInterval(ask, hourMs);
  return () => clearInterval(timer);
}

async function askAll({ bff, visits, clinicianId }: FollowParts): Promise<void> {
  for (const held of await visits.held()) {
    if (!held.finished || held.clinicianId !== clinicianId) continue;
    const answer = await bff.visit(held.visitId).catch(() => undefined);
    if (answer) await visits.visitChanged(answer);
  }
}
