/**
 * A visit is recorded: from start to stop, through pauses and changes of the microphone. Every stretch is a recording of its own, so
 * that a pause keeps nothing back and the next stretch owes nothing to the one before.
 */
import { problem } from "#model/problem.ts";
import { adopt, closeGap, endLine, openGap, type Booth, type Hold, type Run } from "./booth.ts";
import { askBeforeLeaving } from "./guard-leaving.ts";
import type { Input } from "./input.ts";
import { createListener } from "./listen.ts";
import { lose, pageIsBack, recordFrom, recordNow, restore } from "./rescue.ts";
import type { Take } from "./take.ts";
import { keepScreenOn } from "./wake-lock.ts";
import { watchSleep } from "./watch-sleep.ts";

/** Resolves when the journal has taken the recording; sound is taken in before that. */
export async function startRun(booth: Booth, take: Take): Promise<void> {
  const { input } = booth;
  if (!input?.isLive()) throw problem("microphone_missing");
  const over = new AbortController();
  const now = { lines: new Set<never>(), live: undefined, hold: null, gap: null, rescue: undefined };
  const run: Run = { ...now, take, over, listener: createListener() };
  booth.run = run;
  try {
    await recordNow(booth, run, input).begun();
  } catch (thrown) {
    leaveRun(booth, run);
    for (const line of run.lines) void endLine(run, line);
    throw thrown;
  }
  watchRun(booth, run);
}

function watchRun(booth: Booth, run: Run): void {
  const { signal } = run.over;
  const wakeLock = keepScreenOn((screen) => booth.store.setState({ screen }));
  const stopAsking = askBeforeLeaving(() => run.live?.flush());
  document.addEventListener("visibilitychange", () => pageIsBack(booth), { signal });
  watchSleep({
    clock: booth.clock,
    packets: () => run.live?.packets(),
    over: signal,
    onWake: () => booth.board.notice("woke_up", true),
  });
  signal.addEventListener("abort", () => {
    wakeLock.release();
    stopAsking();
  });
}

/** What is said from this call on is stored nowhere. */
export function holdRun({ run, clock, board }: Booth, hold: Hold): void {
  if (!run || run.hold === hold) return;
  run.hold = hold;
  for (const line of run.lines) void endLine(run, line);
  openGap(run, hold, clock.now());
  board.quiet();
}

/** Records on. Where the microphone went away meanwhile it is opened again; what stands in the way is told, and tried again by itself. */
export function resumeRun(booth: Booth): Promise<void> {
  const { run, clock } = booth;
  if (!run) return Promise.reject(problem("microphone_missing"));
  run.hold = null;
  return booth.inTurn(async () => {
    if (run.hold || run.live || booth.run !== run) return;
    const lostAt = clock.now();
    try {
      if (booth.input?.isLive()) recordAgain(booth, run, booth.input);
      else await restore(booth, run);
    } catch (thrown) {
      lose(booth, run, lostAt);
      throw thrown;
    }
  });
}

function recordAgain(booth: Booth, run: Run, input: Input): void {
  const { startedAt } = recordNow(booth, run, input);
  if (input.isMuted()) openGap(run, "microphone_muted", startedAt);
}

/** The new microphone first; when it gives sound, the old one is let go. Nothing is lost between them. */
export function changeMicrophone(booth: Booth, deviceId: string): Promise<void> {
  return booth.inTurn(async () => {
    const { run } = booth;
    const input = await booth.inputs.open({ deviceId, preset: booth.choice.preset });
    await recordFrom(booth, run, input);
    if (booth.run !== run) return; // stopped meanwhile
    booth.choice.deviceId = deviceId;
    await adopt(booth, input);
    booth.board.notice("microphone_changed");
    booth.board.fault(null);
  });
}

/** Resolves after the last fragment is durable. What the journal refuses is kept: call again. */
export async function endRun(booth: Booth): Promise<void> {
  const { run } = booth;
  if (!run) return;
  await endLines(run);
  closeGap(run, booth.clock.now());
  leaveRun(booth, run);
}

/** What the journal has not taken yet is forgotten. */
export async function dropRun(booth: Booth): Promise<void> {
  const { run } = booth;
  if (!run) return;
  await endLines(run).catch(() => undefined);
  leaveRun(booth, run);
}

async function endLines(run: Run): Promise<void> {
  run.hold ??= "paused"; // nothing starts any more
  run.live = undefined;
  await Promise.all([...run.lines].map((line) => line.end().then(() => run.lines.delete(line))));
}

function leaveRun(booth: Booth, run: Run): void {
  run.over.abort();
  if (booth.run === run) booth.run = undefined;
}
