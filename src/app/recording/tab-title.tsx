import { useEffect } from "react";
import { useRecording } from "#app/use-recording.ts";

const minuteMs = 60_000;

/**
 * The tab says that it records, whichever tab is in front: by the minute, since every new title has the browser draw its own window
 * again. It draws nothing: as a hook it had the whole screen drawn.
 */
export function TabTitle(): null {
  const minutes = useRecording((view) => Math.floor(view.durableMs / minuteMs));
  const phase = useRecording((view) => view.phase);
  useEffect(() => {
    if (phase === "recording") document.title = `● ${minutes} min Recording`;
    else if (phase === "paused") document.title = `Ⅱ ${minutes} min Paused`;
    else document.title = "Recording · Chartside";
  }, [minutes, phase]);
  return null;
}
