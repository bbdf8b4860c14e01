import { z } from "zod";
import { PatientId } from "./id.ts";

/** The banner at the top of every visit screen. `birthDate` is `YYYY-MM-DD`; `recordNumber` is OpenEMR's pubpid, else pid. */
export const Patient = z.object({
  id: PatientId,
  name: z.string(),
  birthDate: z.iso.date().nullable(),
  recordNumber: z.string(),
  sex: z.string().nullable(),
});
export type Patient = z.infer<typeof Patient>;
