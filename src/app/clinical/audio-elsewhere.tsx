import type { VisitView } from "#protocol/bff.ts";
import { Banner } from "#ui/banner.tsx";
import { awaitedWords, elsewhereWords } from "./audio-words.ts";
import { useClinicTime } from "./use-clinic-time.ts";

/** On a device that does not hold the visit's audio: where it is, how much of it, and what is waited for. */
export function AudioElsewhere({ visit }: { visit: VisitView }) {
  const time = useClinicTime();
  const awaited = awaitedWords(visit);
  return (
    <Banner tone={awaited === undefined ? "info" : "warn"} title={elsewhereWords(visit, time)}>
      {awaited ?? "The scribe has all of it; nothing more is needed from that device."}
    </Banner>
  );
}
