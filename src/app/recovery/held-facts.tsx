import type { HeldVisit } from "#model/recording.ts";
import { timeIn } from "#model/clock.ts";
import { useApp } from "#app/app-context.ts";
import { durationWords } from "#app/words.ts";
import { Stat } from "#ui/card.tsx";
import styles from "./held-facts.module.css";

/** What is on the disk, and what the scribe has of it. */
export function HeldFacts({ visit }: { visit: HeldVisit }) {
  const { bootstrap } = useApp();
  const at = (ms: number) => timeIn(bootstrap.clinic.timeZone, ms);
  return (
    <dl className={styles["facts"]}>
      <Stat label="On this device" value={durationWords(visit.durableMs)} />
      <Stat label="Received by the scribe" value={durationWords(visit.receivedMs)} />
      <Stat label="Started" value={at(visit.startedAt)} />
      <Stat label="Last saved" value={at(visit.lastSavedAt)} />
    </dl>
  );
}
