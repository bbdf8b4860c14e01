/**
 * Judges whether what the microphone gives can become a note, from levels alone. It only warns; what is stored never depends on
 * it. In: about 10 levels a second. Out: the most serious warning that holds now.
 */
import type { RecordingView } from "#model/recording.ts";
import { silence, type Level } from "./level.ts";

export type Warning = Extract<
  RecordingView["warning"],
  "nothing_heard" | "too_quiet" | "too_loud" | "not_speech" | null
>;

export type Listener = { hear(level: Level): Warning };

const deadMs = 2000;
const quiet = { below: -60, forMs: 10_000 };
const clipping = { share: 0.01, overMs: 5000 };
/** Speech rises and falls by more than this within three seconds; fans, engines and hiss do not. */
const speech = { rangeDb: 9, above: -50, overMs: 3000 };
const noSpeechMs = 60_000;
/** Steady and loud for this long is noise; steady and soft may be a thoughtful silence. */
const noise = { above: -45, forMs: 15_000 };

/** When the microphone last gave anything at all, anything audible, and anything like speech. */
type Memory = { window: Level[]; alive: number; audible: number; spoken: number };

export function createListener(): Listener {
  let memory: Memory | undefined;
  return {
    hear(level) {
      const { atMs } = level;
      memory ??= { window: [], alive: atMs, audible: atMs, spoken: atMs };
      remember(memory, level);
      return judge(memory, atMs);
    },
  };
}

function remember(memory: Memory, heard: Level): void {
  const { atMs } = heard;
  memory.window = [...memory.window.filter((earlier) => atMs - earlier.atMs < clipping.overMs), heard];
  if (heard.peak > silence) memory.alive = atMs;
  if (heard.rms >= quiet.below) memory.audible = atMs;
  if (isSpeech(memory.window, atMs)) memory.spoken = atMs;
}

function judge({ window, alive, audible, spoken }: Memory, atMs: number): Warning {
  if (atMs - alive >= deadMs) return "nothing_heard";
  if (isClipping(window, atMs)) return "too_loud";
  if (atMs - spoken >= noise.forMs && median(window) > noise.above) return "not_speech";
  if (atMs - spoken >= noSpeechMs) return "nothing_heard";
  return atMs - audible >= quiet.forMs ? "too_quiet" : null;
}

function isSpeech(window: readonly Level[], atMs: number): boolean {
  const levels = sortedLevels(window.filter((heard) => atMs - heard.atMs < speech.overMs));
  const loud = at(levels, 0.95);
  return loud > speech.above && loud - at(levels, 0.1) > speech.rangeDb;
}

function isClipping(window: readonly Level[], atMs: number): boolean {
  const first = window[0];
  if (first === undefined || atMs - first.atMs < clipping.overMs * 0.9) return false;
  return window.reduce((sum, heard) => sum + heard.clipped, 0) / window.length > clipping.share;
}

function median(window: readonly Level[]): number {
  return at(sortedLevels(window), 0.5);
}

function sortedLevels(window: readonly Level[]): number[] {
  return window.map((heard) => heard.rms).sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? silence;
}
