/** What the parts of the capture share: the open microphone, and the run of recordings that a visit is made of. */
import type { Clock } from "#model/clock.ts";
import type { Problem } from "#model/problem.ts";
import type { GapReason, RecordingView } from "#model/recording.ts";
import type { StoreApi } from "zustand/vanilla";
import type { Input, Inputs } from "./input.ts";
import { startLine, type Line } from "./line.ts";
import type { Listener } from "./listen.ts";
import type { Preset } from "./microphone.ts";
import type { Take } from "./take.ts";
import type { Turns } from "./turns.ts";
import type { WarningBoard } from "./warning-board.ts";

/** Nothing is stored while one of these holds. */
export type Hold = "paused" | "off_record";

export type Run = {
  take: Take;
  /** All recordings that have not handed over everything, the live one among them. */
  lines: Set<Line>;
  /** The one that counts; undefined while paused or without a microphone. */
  live: Line | undefined;
  hold: Hold | null;
  gap: { reason: GapReason; startedAt: number } | null;
  listener: Listener;
  /** The search for a microphone that goes on now; aborted by the next. */
  rescue: AbortController | undefined;
  /** Aborted when the run is over: everything that is watched during it ends. */
  over: AbortController;
};

export type Booth = {
  clock: Clock;
  store: StoreApi<RecordingView>;
  board: WarningBoard;
  inputs: Inputs;
  /** What was asked for; an absent device may be replaced by another. */
  choice: { deviceId: string | undefined; preset: Preset };
  input: Input | undefined;
  run: Run | undefined;
  /** Opening and changing microphones happens one after the other. */
  inTurn: Turns;
  /** The problem that the capture has put on the screen, so that it takes back only its own. */
  shown: Problem | null;
};

export function showProblem(booth: Booth, problem: Problem | null): void {
  if (booth.shown?.code === problem?.code) return;
  if (problem !== null || booth.store.getState().problem === booth.shown) booth.store.setState({ problem });
  booth.shown = problem;
}

/** Another input becomes the microphone; the one before is closed when nothing records from it any more. */
export async function adopt(booth: Booth, input: Input, ended?: Promise<void>): Promise<void> {
  const before = booth.input;
  booth.input = input;
  booth.store.setState({ microphone: input.microphone });
  await ended;
  if (before !== input) before?.close();
}

/** Starts a recording on this microphone; it counts when `live` points to it. Throws what the browser's recorder throws. */
export function addLine(booth: Booth, run: Run, wanted: { input: Input; onStalled(line: Line): void }): Line {
  const line = startLine({
    input: wanted.input,
    take: run.take,
    clock: booth.clock,
    onStalled: () => wanted.onStalled(line),
    onRefused: (problem) => showProblem(booth, problem),
  });
  run.lines.add(line);
  return line;
}

/** Takes nothing in from now on. What the journal refuses stays here: `stop` tries again, and tells. */
export async function endLine(run: Run, line: Line): Promise<void> {
  if (run.live === line) run.live = undefined;
  await line.end().then(
    () => void run.lines.delete(line),
    () => undefined,
  );
}

/** One gap at a time: the next reason ends the one before. */
export function openGap(run: Run, reason: GapReason, startedAt: number): void {
  if (run.gap?.reason === reason) return;
  closeGap(run, startedAt);
  run.gap = { reason, startedAt };
  run.take.gap({ ...run.gap, endedAt: null });
}

/** Closes the gap, or only one of this reason. */
export function closeGap(run: Run, endedAt: number, reason = run.gap?.reason): void {
  if (run.gap === null || run.gap.reason !== reason) return;
  run.take.gap({ ...run.gap, endedAt });
  run.gap = null;
}
