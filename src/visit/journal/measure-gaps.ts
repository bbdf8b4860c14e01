/** Where sound is missing between recordings and within them, found in what is on the disk. */
import { measureGap, shortestGapMs } from "./gaps.ts";
import type { Packet } from "./packet.ts";
import { silenceBefore } from "./recording-state.ts";
import type { VisitState } from "./visit-state.ts";

/** From the last sound of all recordings before to the first of this one, once those before have ended. */
export function measureBetween(state: VisitState): void {
  for (const [number, recording] of state.recordings.entries()) {
    const before = state.recordings.slice(0, number);
    if (before.some((earlier) => !earlier.ended)) return;
    if (recording.isMeasured || recording.firstSoundAt === null) continue;
    recording.isMeasured = true;
    const startedAt = Math.max(...before.map((earlier) => earlier.lastSoundAt ?? Number.NEGATIVE_INFINITY));
    if (!Number.isFinite(startedAt)) continue;
    const atMs = startOf(state, number);
    const reason = before.at(-1)?.interrupted === true ? "interrupted" : "paused";
    const lengthMs = recording.firstSoundAt - startedAt;
    recording.gapBefore = measureGap(state.gaps, { reason, atMs, startedAt, lengthMs });
  }
}

/** The recorder's own clock went on without sound: the machine slept, or the disk lost a record. */
export function measureWithin(state: VisitState, at: { number: number; packet: Packet; startsAt: number }): void {
  const recording = state.recordings[at.number];
  if (recording === undefined) return;
  const lengthMs = silenceBefore(recording, at.packet);
  const reason = recording.isTorn ? "damaged" : "suspended";
  recording.isTorn = false;
  if (lengthMs <= shortestGapMs) return;
  const atMs = startOf(state, at.number) + recording.durationMs;
  measureGap(state.gaps, { reason, atMs, startedAt: at.startsAt - lengthMs, lengthMs, isInside: true });
}

/** Where a recording begins in the visit's sound. */
function startOf(state: VisitState, number: number): number {
  return state.recordings.slice(0, number).reduce((sum, { durationMs }) => sum + durationMs, 0);
}
