import type { ReactNode } from "react";
import { dateIn } from "#model/clock.ts";
import { useApp } from "#app/app-context.ts";
import { ageAt, birthDateWords } from "#app/words.ts";
import styles from "./patient-banner.module.css";

export type BannerPatient = { name: string; birthDate: string | null; recordNumber: string; sex?: string | null };

/** Who this is about: at the top of every visit screen. */
export function PatientBanner({ patient, children }: { patient: BannerPatient; children?: ReactNode }) {
  return (
    <section className={styles["banner"]} aria-label="Patient">
      <div className={styles["who"]}>
        <p className={styles["name"]}>{patient.name}</p>
        <PatientFacts patient={patient} />
      </div>
      {children !== undefined && <div className={styles["aside"]}>{children}</div>}
    </section>
  );
}

/** Birth date with age, record number, sex: what tells two patients of one name apart. */
export function PatientFacts({ patient }: { patient: BannerPatient }) {
  const { clock, bootstrap } = useApp();
  const today = dateIn(bootstrap.clinic.timeZone, clock.now());
  const { birthDate, recordNumber, sex } = patient;
  return (
    <p className={styles["facts"]}>
      <span>
        {birthDate === null ? "Birth date unknown" : `Born ${birthDateWords(birthDate)} (${ageAt(birthDate, today)})`}
      </span>
      <span>Record {recordNumber}</span>
      {sex !== null && sex !== undefined && sex !== "" && <span>{sex}</span>}
    </p>
  );
}
