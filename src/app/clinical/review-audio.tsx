import { Volume2, VolumeX } from "lucide-react";
import type { VisitView } from "#protocol/bff.ts";
import { useHeld } from "#app/queries.ts";
import { elsewhereWords, keptWords } from "./audio-words.ts";
import styles from "./review-audio.module.css";
import { useClinicTime } from "./use-clinic-time.ts";

/** One line above the draft: where its audio can be heard, or that it is gone. */
export function ReviewAudio({ visit }: { visit: VisitView }) {
  const time = useClinicTime();
  const { data: held } = useHeld();
  if (held === undefined) return null;
  const isHere = held.some((candidate) => candidate.visitId === visit.id);
  const words = isHere ? "Its audio is on this device." : (keptWords(visit, time) ?? elsewhereWords(visit, time));
  return (
    <p className={styles["line"]}>
      {isHere ? <Volume2 aria-hidden="true" /> : <VolumeX aria-hidden="true" />} {words}
    </p>
  );
}
