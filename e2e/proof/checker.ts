/**
 * Compares what the far end holds with what was said. In: the decoded sound and where its chunks begin; the offsets at which each
 * capture began to hear the known signal. Out: milliseconds lost and duplicated with their places, and the stretches that belong
 * together. Windows of 100 ms at 50 ms steps are placed in the signal; a window that lies elsewhere than the one before it said is
 * a step: forward is lost, back is duplicated. What can be placed nowhere is damaged.
 */
import { findIn, findNear, likeness, type Found } from "./correlate.ts";
import { sampleRate, samplesPerMs, signal } from "./signal.ts";

export type Held = { samples: Float32Array; /** Sample at which each chunk begins. */ chunkStarts: number[] };

export type Step = { kind: "lost" | "duplicated"; /** In the held sound. */ atMs: number; ms: number };

/** One capture's sound, from the first to the last held sample; the places in the known signal. */
export type Stretch = { heldFromMs: number; heldToMs: number; saidFromMs: number; saidToMs: number };

export type Verdict = {
  lostMs: number;
  duplicatedMs: number;
  /** Sound that is nowhere in the signal. */
  damagedMs: number;
  /** Where, in the held sound. */
  damagedAtMs: number[];
  steps: Step[];
  stretches: Stretch[];
  /** Captures that were expected and not found. */
  missingCaptures: number;
  lowestLikeness: number;
};

const windowSamples = 100 * samplesPerMs;
const hopSamples = 50 * samplesPerMs;
/** The codec moves the sound by no more than this. */
export const toleranceSamples = 6;
/** Below it a window is not the same sound: after the codec the same give 0.89 and more, others 0.1; 60 ms of others in it 0.65. */
const sameSound = 0.7;
/** Between the last window before a step and the first after it. */
const longestBlur = windowSamples + 2 * hopSamples;
/** A page that hung may leave a hole of this length before what the second way has. */
const nearSamples = 1500 * samplesPerMs;
const farMs = 45_000;
/** A capture is heard for less than this before the recorder begins. */
const openMs = 60_000;
const blockSamples = 2 ** 16;

type Window = { at: number; said: number; likeness: number };

/** Windows that agree on where they lie. The one most like the signal tells where that is. */
type Run = { from: Window; to: Window; best: Window; isNewCapture: boolean };

/** `captures`: the place in the signal (ms) at which each capture began to hear it, in the order of recording. */
export function check(held: Held, captures: readonly number[]): Verdict {
  const windows = placeWindows(held, captures);
  const runs = toRuns(windows);
  const steps = runs.flatMap((run, index) => stepBefore(held, runs[index - 1], run));
  const damaged = windows.unplaced.filter((at) => !isAtStep(runs, at));
  return {
    lostMs: sumOf(steps, "lost"),
    duplicatedMs: sumOf(steps, "duplicated"),
    damagedMs: damaged.length * (hopSamples / samplesPerMs),
    damagedAtMs: damaged.map((at) => at / samplesPerMs),
    steps,
    stretches: toStretches(held, runs),
    missingCaptures: captures.length - windows.joins.size,
    // Two hours are 144,000 windows, too many for the arguments of one call.
    lowestLikeness: windows.placed.reduce((lowest, { likeness }) => Math.min(lowest, likeness), 1),
  };
}

/** Milliseconds of all steps of this kind. */
export function sumOf(steps: readonly Step[], kind: Step["kind"]): number {
  return steps.reduce((ms, step) => ms + (step.kind === kind ? step.ms : 0), 0);
}

function toRuns({ placed, joins }: Placed): Run[] {
  const runs: Run[] = [];
  for (const window of placed) {
    const run = runs.at(-1);
    const isNewCapture = joins.has(window);
    if (run && !isNewCapture && Math.abs(lagOf(window) - lagOf(run.best)) <= toleranceSamples) {
      run.to = window;
      if (window.likeness > run.best.likeness) run.best = window;
    } else runs.push({ from: window, to: window, best: window, isNewCapture });
  }
  return runs;
}

function lagOf(window: Window): number {
  return window.said - window.at;
}

function stepBefore(held: Held, before: Run | undefined, run: Run): Step[] {
  if (before === undefined || run.isNewCapture) return [];
  const moved = lagOf(run.best) - lagOf(before.best);
  const atMs = placeOfStep(held, before, run) / samplesPerMs;
  return [{ kind: moved > 0 ? "lost" : "duplicated", atMs, ms: Math.abs(moved) / samplesPerMs }];
}

function toStretches(held: Held, runs: readonly Run[]): Stretch[] {
  const firsts = runs.flatMap((run, index) => (run.isNewCapture || index === 0 ? [index] : []));
  const starts = firsts.map((index) => {
    const before = runs[index - 1];
    return before === undefined ? 0 : chunkStartIn(held, before.to.at, (runs[index]?.from.at ?? 0) + windowSamples);
  });
  return firsts.flatMap((index, place) => {
    const [first, last] = [runs[index], runs[(firsts[place + 1] ?? runs.length) - 1]];
    const [from = 0, to = held.samples.length] = [starts[place], starts[place + 1]];
    if (!first || !last) return [];
    return [
      {
        heldFromMs: from / samplesPerMs,
        heldToMs: to / samplesPerMs,
        saidFromMs: (from + lagOf(first.best)) / samplesPerMs,
        saidToMs: (to + lagOf(last.best)) / samplesPerMs,
      },
    ];
  });
}

/** Where between the two runs the sound goes from one place in the signal to the other, to 5 ms. */
function placeOfStep(held: Held, before: Run, run: Run): number {
  const piece = 5 * samplesPerMs;
  let best = { at: before.to.at, gain: Number.NEGATIVE_INFINITY };
  let gain = 0;
  for (let at = before.to.at; at + piece <= run.from.at + windowSamples; at += piece) {
    const sound = held.samples.subarray(at, at + piece);
    gain += likeness(sound, signalAt(at + lagOf(before.best), piece));
    gain -= likeness(sound, signalAt(at + lagOf(run.best), piece));
    if (gain > best.gain) best = { at: at + piece, gain };
  }
  return best.at;
}

/** `joins`: the first window of each capture. `unplaced`: the windows that are nowhere in the signal. */
type Placed = { placed: Window[]; joins: Set<Window>; unplaced: number[] };

/** Where two places of the signal meet inside a window, it is like neither. */
function isAtStep(runs: readonly Run[], at: number): boolean {
  return runs.some((run, index) => {
    const before = runs[index - 1];
    return before !== undefined && at > before.to.at && at < run.from.at && run.from.at - before.to.at <= longestBlur;
  });
}

function placeWindows(held: Held, captures: readonly number[]): Placed {
  const result: Placed = { placed: [], joins: new Set(), unplaced: [] };
  for (let at = 0; at + windowSamples <= held.samples.length; at += hopSamples) {
    const sound = held.samples.subarray(at, at + windowSamples);
    const before = result.placed.at(-1);
    const near = before && placeNear(sound, lagOf(before) + at);
    const mayBegin = before === undefined || hasChunkStart(held, before.at, at + windowSamples);
    const begins = mayBegin && !isSame(near) ? placeAtStart(sound, captures[result.joins.size]) : undefined;
    const found = [near, begins].find(isSame) ?? (before && placeFar(sound, before.said));
    if (isSame(found)) {
      const window = { at, said: found.at, likeness: found.likeness };
      result.placed.push(window);
      if (found === begins) result.joins.add(window);
    } else if (!hasChunkStart(held, at, at + windowSamples)) result.unplaced.push(at);
  }
  return result;
}

function isSame(found: Found | undefined): found is Found {
  return found !== undefined && found.likeness >= sameSound;
}

/** At the place where it must be when nothing is amiss; else up to 1.5 s around. */
function placeNear(sound: Float32Array, expected: number): Found {
  const from = expected - toleranceSamples;
  const here = findNear(sound, signalAt(from, sound.length + 2 * toleranceSamples));
  return isSame(here)
    ? { at: from + here.at, likeness: here.likeness }
    : placeIn(sound, expected - nearSamples, expected + nearSamples);
}

function placeFar(sound: Float32Array, said: number): Found {
  return placeIn(sound, said - farMs * samplesPerMs, said + farMs * samplesPerMs);
}

function placeAtStart(sound: Float32Array, captureMs: number | undefined): Found | undefined {
  if (captureMs === undefined) return undefined;
  return placeIn(sound, captureMs * samplesPerMs, (captureMs + openMs) * samplesPerMs);
}

/** The best place with the window's start in `from..to`, looked for block by block. */
export function placeIn(sound: Float32Array, from: number, to: number): Found {
  let best: Found = { at: from, likeness: -1 };
  const step = blockSamples - 2 * sound.length;
  for (let start = Math.max(0, Math.round(from)); start <= to; start += step) {
    const length = Math.min(step, to - start + 1) + sound.length - 1;
    const found = findIn(sound, signalAt(start, length));
    if (found.likeness > best.likeness) best = { at: start + found.at, likeness: found.likeness };
  }
  return best;
}

function chunkStartIn(held: Held, from: number, to: number): number {
  return held.chunkStarts.find((start) => start >= from && start <= to) ?? to;
}

function hasChunkStart(held: Held, from: number, to: number): boolean {
  return held.chunkStarts.some((start) => start >= from && start <= to);
}

/** The signal, made once a second and kept for a while. */
const seconds = new Map<number, Float32Array>();
const keptSeconds = 120;

function signalAt(from: number, count: number): Float32Array {
  const out = new Float32Array(count);
  for (let second = Math.floor(from / sampleRate); second * sampleRate < from + count; second += 1) {
    const start = second * sampleRate;
    const part = secondOf(second).subarray(Math.max(0, from - start), Math.max(0, from + count - start));
    out.set(part, Math.max(0, start - from));
  }
  return out;
}

function secondOf(second: number): Float32Array {
  const known = seconds.get(second);
  if (known) return known;
  const made = second < 0 ? new Float32Array(sampleRate) : signal(second * sampleRate, sampleRate);
  seconds.set(second, made);
  const [oldest] = seconds.keys();
  if (seconds.size > keptSeconds && oldest !== undefined) seconds.delete(oldest);
  return made;
}
