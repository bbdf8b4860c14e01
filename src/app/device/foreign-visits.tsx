import { UserRound } from "lucide-react";
import type { HeldVisit } from "#model/recording.ts";
import { useClinicTime } from "#app/clinical/use-clinic-time.ts";
import { durationWords, sizeWords } from "#app/words.ts";
import { Card } from "#ui/card.tsx";
import styles from "./foreign-visits.module.css";

/** Recordings of other clinicians on this device: that they are here and how far they are, never whose. */
export function ForeignVisits({ visits }: { visits: readonly HeldVisit[] }) {
  const { time, date } = useClinicTime();
  if (visits.length === 0) return null;
  return (
    <Card title="Recordings of other clinicians" icon={<UserRound />}>
      <p className={styles["text"]}>They are sent when that clinician signs in on this device.</p>
      <ul className={styles["list"]}>
        {visits.map((visit) => (
          <li key={visit.visitId} className={styles["line"]}>
            <span>
              Started {date(visit.startedAt)}, {time(visit.startedAt)}
            </span>
            <span>{durationWords(visit.durableMs)} on this device</span>
            <span>{durationWords(visit.receivedMs)} received by the scribe</span>
            <span>{sizeWords(visit.bytesOnDevice)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
