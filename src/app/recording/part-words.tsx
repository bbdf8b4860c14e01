import { Layers } from "lucide-react";
import { useEffect, useRef } from "react";
import type { VisitId } from "#model/id.ts";
import { useVisit } from "#app/queries.ts";
import { useRecording } from "#app/use-recording.ts";
import { useAnnounce } from "#ui/toast.tsx";
import styles from "./part-words.module.css";

/** A service takes long visits in parts; the next begins by itself, and all become one note. */
export function PartWords({ visitId }: { visitId: VisitId }) {
  const recording = useRecording((view) => view.part);
  const { data: visit } = useVisit(visitId);
  const part = Math.max(recording, visit?.part ?? 1);
  const last = useRef(part);
  const announce = useAnnounce();
  useEffect(() => {
    if (part > last.current) announce(`Part ${part} of this visit has started by itself`);
    last.current = part;
  }, [announce, part]);
  if (part < 2) return null;
  return (
    <p className={styles["part"]}>
      <Layers aria-hidden="true" /> Part {part} started by itself: the scribe takes long visits in parts. They become
      one note.
    </p>
  );
}
