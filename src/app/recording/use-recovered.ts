import { useEffect, useRef } from "react";
import type { RecordingView } from "#model/recording.ts";
import { useRecording } from "#app/use-recording.ts";
import { useSpeaker } from "#ui/toast.tsx";
import { recoveredWords } from "./recovered-words.ts";

/** A fault that mended itself is said too: eyes may have been on the patient. */
export function useRecovered(): void {
  const warning = useRecording((view) => view.warning);
  const { toast } = useSpeaker();
  const last = useRef<RecordingView["warning"]>(null);
  useEffect(() => {
    const words = recoveredWords(last.current, warning);
    last.current = warning;
    if (words !== undefined) toast({ words, tone: "good" });
  }, [toast, warning]);
}
