/** The microphone's level in words. Levels are dBFS; the limits follow common speech recording practice (-18 to -12 dBFS rms peaks). */
import { meterBars } from "#ui/meter-bars.ts";

export type LevelWords = { value: number; words: string; tone: "good" | "warn" | "danger" | "quiet" };

const floor = -60;
const quiet = -45;
const nothing = -57;
const loudPeak = -1;

/** null: the microphone gives no level yet. */
export function levelWords(level: { rms: number; peak: number } | null): LevelWords {
  if (level === null) return { value: 0, words: "Waiting for the microphone", tone: "quiet" };
  const value = Math.round(Math.min(1, Math.max(0, (level.rms - floor) / -floor)) * meterBars) / meterBars;
  if (level.peak >= loudPeak) return { value, words: "Too loud: move the microphone away a little", tone: "danger" };
  if (level.rms <= nothing) return { value, words: "Nothing heard", tone: "quiet" };
  if (level.rms <= quiet) return { value, words: "Quiet", tone: "warn" };
  return { value, words: "Good", tone: "good" };
}
