/**
 * When a recording's first and last sound were, by the wall clock: the recorder's own clock says how far apart two sounds are, the
 * arrival of fragments says when its clock began. Fragments come late when the page is busy, never early, so of those of a few
 * seconds the promptest tells the truth.
 */
import { samplesToMs } from "./opus.ts";
import type { Packet } from "./packet.ts";
import { lengthOf, type RecordingState } from "./recording-state.ts";

/** Long enough for a prompt one among them, short enough that two clocks do not drift apart: that takes minutes. */
const nearbyMs = 10_000;

/** Takes a fragment's arrival into account; call it before its packets are counted. Tells how much earlier the first sound proves to be. */
export function timeFragment(recording: RecordingState, capturedAt: number, packets: readonly Packet[]): number {
  const [first, last] = [packets[0], packets.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const endMs =
    last.timeMs === null ? recording.durationMs + lengthOf(packets) : last.timeMs + samplesToMs(last.samples);
  recording.beginsMs ??= first.timeMs ?? 0;
  recording.arrivals = recording.arrivals.filter((arrival) => arrival.capturedAt > capturedAt - nearbyMs);
  recording.arrivals.push({ capturedAt, originAt: capturedAt - endMs });
  recording.lastSoundAt = earliestOrigin(recording) + endMs;
  return timeFirst(recording, capturedAt);
}

function timeFirst(recording: RecordingState, capturedAt: number): number {
  const before = recording.firstSoundAt;
  const found = earliestOrigin(recording) + (recording.beginsMs ?? 0);
  recording.firstSoundAt = before === null ? found : Math.min(before, found);
  recording.settledAt ??= capturedAt + nearbyMs;
  if (before === null) return 0;
  if (capturedAt > recording.settledAt) recording.firstSoundAt = before;
  return before - recording.firstSoundAt;
}

/** What a recorder gives when it is stopped is younger than what it gives while it runs: it tells nothing of the time of the rest. */
export function timeEnd(recording: RecordingState): void {
  if (recording.lastSoundAt === null || recording.arrivals.length < 2) return;
  const untilNow = earliestOrigin(recording);
  recording.arrivals.pop();
  recording.lastSoundAt += earliestOrigin(recording) - untilNow;
}

function earliestOrigin({ arrivals }: RecordingState): number {
  return Math.min(...arrivals.map(({ originAt }) => originAt));
}
