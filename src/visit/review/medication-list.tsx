import type { Medication } from "#model/note.ts";
import { Card } from "#ui/card.tsx";
import { StatusChip } from "#ui/status-chip.tsx";
import { Pill } from "lucide-react";
import styles from "./medication-list.module.css";

const actionWords = {
  start: "Start",
  continue: "Continue",
  increase: "Increase",
  decrease: "Decrease",
  stop: "Stop",
  hold: "Hold",
};

/** The medicines that were spoken of, as the service understood them; for reading, the plan is what is signed. */
export function MedicationList({ medications }: { medications: readonly Medication[] }) {
  if (medications.length === 0) return null;
  return (
    <Card title="Medicines mentioned" icon={<Pill />}>
      <ul className={styles["list"]}>
        {medications.map((medication, index) => (
          <li key={`${medication.name}:${String(index)}`} className={styles["row"]}>
            <span className={styles["name"]}>{medication.name}</span>
            <span className={styles["dose"]}>{doseOf(medication)}</span>
            {medication.action !== null && <StatusChip>{actionWords[medication.action]}</StatusChip>}
          </li>
        ))}
      </ul>
      <p className={styles["note"]}>Only the note is filed. OpenEMR’s medication list is not changed.</p>
    </Card>
  );
}

function doseOf({ dosage, frequency, route, instructions }: Medication): string {
  const said = [dosage, route, frequency, instructions].filter((part) => part !== null && part !== "");
  return said.length === 0 ? "No dose was said" : said.join(", ");
}
