import { createStore } from "zustand/vanilla";
import type { Patient } from "#model/patient.ts";

/** The patient chosen for a walk-in. In memory: an address or history entry must not name a patient, so a reload asks again. */
export const chosenPatient = createStore<{ patient: Patient | undefined }>(() => ({ patient: undefined }));
