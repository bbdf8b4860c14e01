/**
 * When the microphone fails while a visit is recorded: said at once, marked as a gap, and repaired without being asked. What the
 * failed recording still holds is always fetched before another one takes its place.
 */
import { problem, toProblem } from "#model/problem.ts";
import { addLine, adopt, closeGap, endLine, openGap, showProblem, type Booth, type Run } from "./booth.ts";
import type { Input } from "./input.ts";
import type { Line } from "./line.ts";
import { createListener } from "./listen.ts";
import { nextChance } from "./next-chance.ts";

/** The device is gone, the permission was taken back, or the browser's audio died. A recorder keeps its last slice until it is stopped. */
export function microphoneEnded(booth: Booth, input: Input): void {
  const { run, board, store } = booth;
  const ended = [...(run?.lines ?? [])].filter((line) => line.input === input);
  if (run) for (const line of ended) void endLine(run, line);
  if (booth.input !== input) return; // one that was only tried
  store.setState({ level: null });
  if (run) lose(booth, run, booth.clock.now());
  else board.fault("microphone_lost");
}

/** The system gives the microphone to something else: browsers go on with silence, or with nothing. */
export function microphoneMuted(booth: Booth, input: Input, muted: { isMuted: boolean; since: number }): void {
  const { run, board } = booth;
  if (booth.input !== input) return;
  board.fault(muted.isMuted ? "microphone_muted" : null);
  if (!run || run.hold) return;
  if (muted.isMuted) {
    run.live?.watchdog.rest();
    openGap(run, "microphone_muted", muted.since);
  } else {
    run.live?.watchdog.watch();
    closeGap(run, muted.since, "microphone_muted");
  }
}

/** The page is looked at again: some systems never say that a microphone is back, so sound must come now or another one is opened. */
export function pageIsBack(booth: Booth): void {
  if (document.visibilityState === "visible") booth.run?.live?.watchdog.watch();
}

/** No packets for two seconds: a second recorder on the same microphone, and if that is silent too, the microphone anew. */
async function recorderStalled(booth: Booth, run: Run, stalled: Line): Promise<void> {
  if (run.live !== stalled) return;
  booth.board.fault("microphone_lost");
  const silentSince = stalled.packetsAt();
  await booth.inTurn(() => replace(booth, run, stalled)).catch(() => undefined);
  if (booth.run !== run || run.hold || run.live !== stalled) return;
  void endLine(run, stalled);
  lose(booth, run, silentSince);
}

/** What the stalled recorder held comes when it is stopped; if it held nothing, that is a gap. */
async function replace(booth: Booth, run: Run, stalled: Line): Promise<void> {
  if (run.live !== stalled) return;
  const { packets, packetsAt } = { packets: stalled.packets(), packetsAt: stalled.packetsAt() };
  await goLive(booth, run, stalled.input);
  if (run.hold || run.live === undefined) return;
  booth.board.fault(null);
  if (stalled.packets() > packets) return;
  openGap(run, "microphone_lost", packetsAt);
  closeGap(run, run.live.startedAt);
}

/** Records from this microphone; only when its first packet has come, the recording before is ended. `microphone_missing` when none comes. */
async function goLive(booth: Booth, run: Run, input: Input): Promise<void> {
  const line = addLine(booth, run, { input, onStalled: (line) => void recorderStalled(booth, run, line) });
  const heard = await line.heard;
  if (heard === "ended") return; // paused or stopped meanwhile
  if (heard === "silence") {
    void endLine(run, line);
    throw problem("microphone_missing", { detail: "gives no sound" });
  }
  await makeLive(run, line);
}

/** Records from this microphone and counts from now on. */
export function recordNow(booth: Booth, run: Run, input: Input): Line {
  const line = addLine(booth, run, { input, onStalled: (line) => void recorderStalled(booth, run, line) });
  void makeLive(run, line);
  return line;
}

async function makeLive(run: Run, line: Line): Promise<void> {
  const before = run.live;
  run.live = line;
  run.listener = createListener();
  closeGap(run, line.startedAt);
  if (before) await endLine(run, before);
}

export function lose(booth: Booth, run: Run, startedAt: number): void {
  booth.board.fault("microphone_lost");
  if (!run.hold) openGap(run, "microphone_lost", startedAt);
  void rescue(booth, run);
}

/** Tries until there is a microphone again or the visit is stopped. */
async function rescue(booth: Booth, run: Run): Promise<void> {
  run.rescue?.abort();
  const { signal } = (run.rescue = new AbortController());
  const over = AbortSignal.any([signal, run.over.signal]);
  for (;;) {
    const obstacle = await booth.inTurn(() => restore(booth, run)).then(() => null, toProblem);
    if (over.aborted) return;
    showProblem(booth, obstacle);
    if (obstacle === null) return;
    await nextChance(over, obstacle.code === "microphone_denied");
  }
}

/**
 * Opens the microphone again, the default one when it is gone, and records on unless paused. Rejects with what stands in the way.
 * Does nothing when there is one already.
 */
export async function restore(booth: Booth, run: Run): Promise<void> {
  const isWell = run.live !== undefined || (run.hold !== null && booth.input?.isLive());
  if (booth.run !== run || isWell) return;
  const input = await booth.inputs.open({ ...booth.choice, orDefault: true });
  await recordFrom(booth, run, input);
  if (booth.run !== run) return;
  const before = booth.input?.microphone.deviceId;
  await adopt(booth, input);
  if (before !== input.microphone.deviceId) booth.board.notice("microphone_changed");
  booth.board.fault(null);
}

/** Records from a microphone that was just opened, unless paused. It is closed again when it gives no sound or nobody needs it any more. */
export async function recordFrom(booth: Booth, run: Run | undefined, input: Input): Promise<void> {
  try {
    if (run && booth.run === run && !run.hold) await goLive(booth, run, input);
  } catch (thrown) {
    input.close();
    throw thrown;
  }
  if (booth.run !== run) input.close();
}
