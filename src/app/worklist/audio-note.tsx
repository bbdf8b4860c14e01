import type { VisitView } from "#protocol/bff.ts";
import { elsewhereWords, keptWords } from "#app/clinical/audio-words.ts";
import { useClinicTime } from "#app/clinical/use-clinic-time.ts";
import { useHeld } from "#app/queries.ts";
import styles from "./rows.module.css";

/** What became of the audio, or where it waits when it is not here. */
export function AudioNote({ visit }: { visit: VisitView }) {
  const time = useClinicTime();
  const { data: held } = useHeld();
  if (held === undefined) return null;
  const isAway = isUnsent(visit) && !held.some((candidate) => candidate.visitId === visit.id);
  const words = keptWords(visit, time) ?? (isAway ? elsewhereWords(visit, time) : undefined);
  return words === undefined ? null : <span className={styles["note"]}>{words}</span>;
}

/** Audio that the scribe does not have is worth a line; of the rest the state says enough. */
function isUnsent({ declared, received, onDevice }: VisitView): boolean {
  const all = declared?.chunks ?? onDevice?.chunksCut;
  return all !== undefined && received.chunks < all;
}
