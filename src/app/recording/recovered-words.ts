import type { RecordingView } from "#model/recording.ts";

type Warning = RecordingView["warning"];

/** What to say when a fault of the microphone is over; undefined when none is. */
export function recoveredWords(before: Warning, now: Warning): string | undefined {
  if (isFault(now)) return undefined;
  if (before === "microphone_lost") return "The microphone is back. Recording goes on; the gap is listed.";
  return before === "microphone_muted" ? "The microphone is heard again" : undefined;
}

function isFault(warning: Warning): boolean {
  return warning === "microphone_lost" || warning === "microphone_muted";
}
