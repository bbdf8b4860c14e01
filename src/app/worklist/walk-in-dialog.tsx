import { Search } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useNavigate } from "react-router-dom";
import type { Patient } from "#model/patient.ts";
import { toProblem } from "#model/problem.ts";
import { PatientFacts } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import { isAway } from "#app/offline/reach.ts";
import { usePatientSearch } from "#app/queries.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { RowList } from "#ui/row-list.tsx";
import { TextField } from "#ui/text-field.tsx";
import { chosenPatient } from "./chosen-patient.ts";
import styles from "./walk-in-dialog.module.css";

/** A visit without an appointment: find the patient in OpenEMR. */
export function WalkInDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const choose = (patient: Patient) => {
    chosenPatient.setState({ patient });
    setText("");
    onClose();
    void navigate("/start/walk-in");
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Walk-in visit" wide>
      <TextField
        label="Find the patient"
        type="search"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog opened to search starts in its search field
        autoFocus
        autoComplete="off"
        icon={<Search />}
        hint="Two letters of the name, or the record number"
        value={text}
        onChange={setText}
      />
      <Found text={useDeferredValue(text.trim())} onChoose={choose} />
    </Dialog>
  );
}

function Found({ text, onChoose }: { text: string; onChoose: (patient: Patient) => void }) {
  const { data: patients, error, isFetching, refetch } = usePatientSearch(text);
  if (text.length < 2) return null;
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
  const words = isFetching ? "Searching…" : `${patients?.length ?? 0} found`;
  return (
    <>
      <output className={styles["count"]}>{words}</output>
      {patients !== undefined && patients.length > 0 && (
        <div className={styles["found"]}>
          <RowList
            label="Patients found"
            items={patients}
            idOf={(patient) => patient.id}
            textOf={(patient) => patient.name}
            onOpen={onChoose}
          >
            {(patient) => (
              <div className={styles["patient"]}>
                <p className={styles["name"]}>{patient.name}</p>
                <PatientFacts patient={patient} />
              </div>
            )}
          </RowList>
        </div>
      )}
    </>
  );
}
