import { useDeferredValue } from "react";
import type { Patient } from "#model/patient.ts";
import { toProblem } from "#model/problem.ts";
import { PatientFacts } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { isAway } from "#app/offline/reach.ts";
import { usePatientSearch } from "#app/queries.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { RowList } from "#ui/row-list.tsx";
import styles from "./walk-in-dialog.module.css";

/** Patients of the chart who match what is typed; nothing below two letters. Without `onChoose` it only shows them. */
export function PatientSearchList({ text, onChoose }: { text: string; onChoose?: (patient: Patient) => void }) {
  const wanted = useDeferredValue(text.trim());
  const { data: patients, error, isFetching, refetch } = usePatientSearch(wanted);
  if (wanted.length < 2) return null;
  if (error !== null && isAway(toProblem(error))) {
    return (
      <Banner
        tone="offline"
        title="Finding a patient needs the clinic server"
        action={<Button onPress={() => void refetch()}>Try again</Button>}
      >
        A recording belongs to a patient from its first second, so a walk-in cannot begin without it. A patient on
        today's list can: start the visit there.
      </Banner>
    );
  }
  if (error !== null) return <ProblemBanner problem={toProblem(error)} onAction={() => void refetch()} />;
  return (
    <>
      <output className={styles["count"]}>{isFetching ? "Searching…" : `${patients?.length ?? 0} found`}</output>
      <Found patients={patients ?? []} onChoose={onChoose} />
    </>
  );
}

type FoundProps = { patients: readonly Patient[]; onChoose: ((patient: Patient) => void) | undefined };

function Found({ patients, onChoose }: FoundProps) {
  if (patients.length === 0) return null;
  return (
    <div className={styles["found"]}>
      <RowList
        label="Patients found"
        items={patients}
        idOf={(patient) => patient.id}
        textOf={(patient) => patient.name}
        {...(onChoose === undefined ? {} : { onOpen: onChoose })}
      >
        {(patient) => (
          <div className={styles["patient"]}>
            <p className={styles["name"]}>{patient.name}</p>
            <PatientFacts patient={patient} />
          </div>
        )}
      </RowList>
    </div>
  );
}
