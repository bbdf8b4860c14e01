import type { WorklistRow } from "#protocol/bff.ts";
import { PatientFacts } from "#app/clinical/patient-banner.tsx";
import { isInTrouble } from "#app/clinical/elsewhere.ts";
import { SendElsewhere } from "#app/clinical/send-elsewhere.tsx";
import { StateChip } from "#app/clinical/state-chip.tsx";
import { openWords } from "#app/clinical/visit-path.ts";
import { useVisits } from "#app/queries.ts";
import { useNow } from "#app/shell/use-now.ts";
import { agoWords } from "#app/words.ts";
import { LinkButton } from "#ui/button.tsx";
import { AudioNote } from "./audio-note.tsx";
import styles from "./rows.module.css";
import { stateOf } from "./queues.ts";

/** Time, patient, reason, state, and the way on. */
export function AppointmentRow(props: { row: WorklistRow; path: string; showsClinician: boolean }) {
  const { row, path, showsClinician } = props;
  const { data: visits } = useVisits();
  const visit = visits?.visits.find((known) => known.id === row.visit?.id);
  return (
    <div className={styles["row"]}>
      <p className={styles["time"]}>
        {row.startTime.slice(0, 5)}
        {row.durationMinutes !== null && <span className={styles["minutes"]}>{row.durationMinutes} min</span>}
      </p>
      <div className={styles["patient"]}>
        <p className={styles["name"]}>{row.patient.name}</p>
        <PatientFacts patient={row.patient} />
      </div>
      <p className={styles["reason"]}>
        {row.reason === "" ? "No reason given" : row.reason}
        {visit !== undefined && <AudioNote visit={visit} />}
        {showsClinician && <span className={styles["clinician"]}>{row.clinician.name}</span>}
      </p>
      <div className={styles["state"]}>
        <StateChip state={stateOf(row)} />
        {row.visit !== null && <Elapsed since={row.visit.updatedAt} />}
      </div>
      <div className={styles["action"]}>
        {visit !== undefined && isInTrouble(visit) && <SendElsewhere visit={visit} isSmall />}
        <RowAction row={row} path={path} />
      </div>
    </div>
  );
}

function RowAction({ row, path }: { row: WorklistRow; path: string }) {
  const { name } = row.patient;
  const words = row.visit === null ? "Start visit" : openWords(row.visit.state);
  return (
    <LinkButton
      kind={row.visit === null ? "primary" : "secondary"}
      href={path}
      aria-label={row.visit === null ? `Start visit with ${name}` : `${words}, ${name}`}
      wide
    >
      {words}
    </LinkButton>
  );
}

/** How long the visit has been in its state. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow(30_000);
  return <span className={styles["elapsed"]}>{agoWords(now - Date.parse(since))}</span>;
}
