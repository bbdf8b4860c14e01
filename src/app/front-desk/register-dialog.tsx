import { Search, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { PatientSearchList } from "#app/worklist/patient-search-list.tsx";
import type { Patient } from "#model/patient.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/text-field.tsx";
import { useSpeaker } from "#ui/toast.tsx";
import { NewPatientForm } from "./new-patient-form.tsx";

type RegisterDialogProps = {
  isOpen: boolean;
  onClose: () => void;
  title?: string;
  /** The patient found or made; without it the dialog says who it is and stays. */
  onChoose?: (patient: Patient) => void;
};

/** Finds a patient in the chart by name, birth date or telephone, and makes one who is not there. */
export function RegisterDialog({
  isOpen,
  onClose,
  title = "Find or register a patient",
  onChoose,
}: RegisterDialogProps) {
  const { toast } = useSpeaker();
  const [text, setText] = useState("");
  const [isNew, setNew] = useState(false);
  const close = (): void => {
    setText("");
    setNew(false);
    onClose();
  };
  const chosen = (patient: Patient, isMade: boolean): void => {
    if (isMade) toast({ tone: "good", words: `${patient.name} is in the chart, record ${patient.recordNumber}` });
    close();
    onChoose?.(patient);
  };
  return (
    <Dialog isOpen={isOpen} onClose={close} title={isNew ? "New patient" : title} wide>
      {isNew ? (
        <NewPatientForm onMade={(patient, isMade) => chosen(patient, isMade)} onBack={() => setNew(false)} />
      ) : (
        <>
          <TextField
            label="Find the patient"
            type="search"
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog opened to search starts in its search field
            autoFocus
            autoComplete="off"
            icon={<Search />}
            hint="Two letters of the name, a birth date as 1980-02-03, or the telephone number as it is in the chart"
            value={text}
            onChange={setText}
          />
          <PatientSearchList
            text={text}
            {...(onChoose === undefined ? {} : { onChoose: (patient: Patient) => chosen(patient, false) })}
          />
          <div>
            <Button icon={<UserRoundPlus />} onPress={() => setNew(true)}>
              New patient
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
