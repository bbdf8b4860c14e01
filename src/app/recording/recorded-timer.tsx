import { useRecordedSeconds } from "#app/use-recording.ts";
import { durationSpoken, durationWords } from "#app/words.ts";

/** What is on the disk: what you see cannot be lost. A screen reader is not told every second. */
export function RecordedTimer({ className }: { className: string | undefined }) {
  const ms = useRecordedSeconds() * 1000;
  return (
    <p className={className} role="timer" aria-live="off" aria-label={`Recorded and saved: ${durationSpoken(ms)}`}>
      {durationWords(ms)}
    </p>
  );
}
