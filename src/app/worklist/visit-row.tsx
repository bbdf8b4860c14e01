import { dateIn, timeIn } from "#model/clock.ts";
import { useNavigate } from "react-router-dom";
import type { VisitView } from "#protocol/bff.ts";
import { useApp } from "#app/app-context.ts";
import { PatientFacts } from "#app/clinical/patient-banner.tsx";
import { isInTrouble } from "#app/clinical/elsewhere.ts";
import { SendElsewhere } from "#app/clinical/send-elsewhere.tsx";
import { StateChip } from "#app/clinical/state-chip.tsx";
import { openWords, visitPath } from "#app/clinical/visit-path.ts";
import { problemWords } from "#app/problem-words.ts";
import { birthDateWords } from "#app/words.ts";
import { LinkButton } from "#ui/button.tsx";
import { RowList } from "#ui/row-list.tsx";
import { Elapsed } from "./appointment-row.tsx";
import { AudioNote } from "./audio-note.tsx";
import styles from "./rows.module.css";

/** Visits that have begun, each leading to where it goes on. */
export function VisitRows({ label, visits }: { label: string; visits: readonly VisitView[] }) {
  const navigate = useNavigate();
  return (
    <RowList
      label={label}
      items={visits}
      idOf={(visit) => visit.id}
      textOf={(visit) => visit.patient.name}
      onOpen={(visit) => void navigate(visitPath(visit.id))}
    >
      {(visit) => <VisitRow visit={visit} />}
    </RowList>
  );
}

/** When, who, what for, how far. */
function VisitRow({ visit }: { visit: VisitView }) {
  const { bootstrap } = useApp();
  const startedMs = Date.parse(visit.startedAt);
  const why = visit.problem ?? visit.filing?.problem ?? null;
  return (
    <div className={styles["row"]}>
      <p className={styles["time"]}>
        {timeIn(bootstrap.clinic.timeZone, startedMs)}
        <span className={styles["minutes"]}>
          {birthDateWords(dateIn(bootstrap.clinic.timeZone, startedMs)).replace(/ \d{4}$/u, "")}
        </span>
      </p>
      <div className={styles["patient"]}>
        <p className={styles["name"]}>{visit.patient.name}</p>
        <PatientFacts patient={visit.patient} />
      </div>
      <p className={styles["reason"]}>
        {why === null ? visit.reason || "No reason given" : problemWords(why.code).title}
        <AudioNote visit={visit} />
      </p>
      <div className={styles["state"]}>
        <StateChip state={visit.state} />
        <Elapsed since={visit.updatedAt} />
      </div>
      <div className={styles["action"]}>
        {isInTrouble(visit) && <SendElsewhere visit={visit} isSmall />}
        <LinkButton href={visitPath(visit.id)} aria-label={`${openWords(visit.state)}, ${visit.patient.name}`} wide>
          {openWords(visit.state)}
        </LinkButton>
      </div>
    </div>
  );
}
