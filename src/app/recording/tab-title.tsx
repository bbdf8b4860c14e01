import { useEffect } from "react";
import { useRecordedSeconds, useRecording } from "#app/use-recording.ts";
import { durationWords } from "#app/words.ts";

/** The tab says that it records, whichever tab is in front. It draws nothing: as a hook it had the whole screen drawn every second. */
export function TabTitle(): null {
  const seconds = useRecordedSeconds();
  const phase = useRecording((view) => view.phase);
  useEffect(() => {
    if (phase === "recording") document.title = `● ${durationWords(seconds * 1000)} Recording`;
    else if (phase === "paused") document.title = `Ⅱ ${durationWords(seconds * 1000)} Paused`;
    else document.title = "Recording · Chartside";
  }, [seconds, phase]);
  return null;
}
