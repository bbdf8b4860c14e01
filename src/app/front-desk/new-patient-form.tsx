import { useMutation } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useApp } from "#app/app-context.ts";
import { PatientFacts } from "#app/clinical/patient-banner.tsx";
import { ProblemBanner } from "#app/clinical/problem-banner.tsx";
import type { PatientId } from "#model/id.ts";
import type { Patient } from "#model/patient.ts";
import { toProblem } from "#model/problem.ts";
import { PatientCreate } from "#protocol/bff-patients.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { RowList } from "#ui/row-list.tsx";
import { Select } from "#ui/select.tsx";
import { TextField } from "#ui/text-field.tsx";
import styles from "./front-desk.module.css";

type Typed = {
  firstName: string;
  lastName: string;
  birthDate: string;
  sex: "Female" | "Male" | "UNK" | null;
  phone: string;
};

const nothing: Typed = { firstName: "", lastName: "", birthDate: "", sex: null, phone: "" };

type FormProps = { onMade: (patient: Patient, isMade: boolean) => void; onBack: () => void };

/** A patient who is not in the chart. Who is alike is shown first, and must be looked at before anybody is made. */
export function NewPatientForm({ onMade, onBack }: FormProps) {
  const { bff } = useApp();
  const [typed, setTyped] = useState<Typed>(nothing);
  const set = (more: Partial<Typed>): void => {
    create.reset();
    setTyped((before) => ({ ...before, ...more }));
  };
  const wanted = PatientCreate.safeParse(typed);
  const create = useMutation({
    mutationFn: (notTheSameAs: readonly PatientId[]) =>
      bff.createPatient({ ...PatientCreate.parse(typed), notTheSameAs: [...notTheSameAs] }),
    onSuccess: (outcome) => {
      if ("patient" in outcome) onMade(outcome.patient, true);
    },
  });
  const alike = create.data !== undefined && "alike" in create.data ? create.data.alike : [];
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted.success) create.mutate([]);
      }}
    >
      <Fields typed={typed} onChange={set} />
      {create.error !== null && (
        <div className={styles["wide"]}>
          <ProblemBanner problem={toProblem(create.error)} />
        </div>
      )}
      {alike.length > 0 && (
        <Alike
          patients={alike}
          isPending={create.isPending}
          onSame={(patient) => onMade(patient, false)}
          onOther={() => create.mutate(alike.map(({ id }) => id))}
        />
      )}
      <div className={`${styles["wide"] ?? ""} ${styles["outcomes"] ?? ""}`}>
        <Button onPress={onBack}>Back to the search</Button>
        {alike.length === 0 && (
          <Button kind="primary" type="submit" isDisabled={!wanted.success} isPending={create.isPending}>
            Register
          </Button>
        )}
      </div>
    </form>
  );
}

function Fields({ typed, onChange }: { typed: Typed; onChange: (more: Partial<Typed>) => void }) {
  return (
    <>
      <TextField
        label="First name"
        autoComplete="off"
        isRequired
        value={typed.firstName}
        onChange={(firstName) => onChange({ firstName })}
      />
      <TextField
        label="Last name"
        autoComplete="off"
        isRequired
        value={typed.lastName}
        onChange={(lastName) => onChange({ lastName })}
      />
      <TextField
        label="Birth date"
        type="date"
        isRequired
        value={typed.birthDate}
        onChange={(birthDate) => onChange({ birthDate })}
      />
      <Select
        label="Sex"
        value={typed.sex}
        choices={[
          { value: "Female", label: "Female" },
          { value: "Male", label: "Male" },
          { value: "UNK", label: "Not known" },
        ]}
        onChange={(sex) => onChange({ sex })}
      />
      <TextField
        label="Telephone"
        type="tel"
        autoComplete="off"
        hint="Optional"
        value={typed.phone}
        onChange={(phone) => onChange({ phone })}
      />
    </>
  );
}

type AlikeProps = {
  patients: readonly Patient[];
  isPending: boolean;
  onSame: (patient: Patient) => void;
  onOther: () => void;
};

function Alike({ patients, isPending, onSame, onOther }: AlikeProps) {
  return (
    <div className={styles["wide"]}>
      <Banner
        tone="warn"
        title="Is it one of these?"
        action={
          <Button isPending={isPending} onPress={onOther}>
            None of them: register
          </Button>
        }
      >
        They are in the chart already, with a like name or the same birth date. A second record of one person is hard to
        mend.
      </Banner>
      <div className={styles["choices"]}>
        <RowList
          label="Patients who are alike"
          items={patients}
          idOf={({ id }) => id}
          textOf={({ name }) => name}
          onOpen={onSame}
        >
          {(patient) => (
            <div className={styles["alike"]}>
              <div>
                <strong>{patient.name}</strong>
                <PatientFacts patient={patient} />
              </div>
              <span className={styles["same"]}>
                It is this one
                <ChevronRight aria-hidden="true" />
              </span>
            </div>
          )}
        </RowList>
      </div>
    </div>
  );
}
