/** What the visit routes are given beside the context: the scribes, the chart's patients and the reader of visit views. */
import type { BffContext } from "#bff/context.ts";
import type { Scribes } from "#bff/scribes/scribes.ts";
import type { Patients } from "#openemr/patients.ts";
import type { VisitReader } from "./visit-view.ts";

export type VisitParts = BffContext & {
  scribes: Scribes;
  /** The part of the chart's client that a new visit needs. */
  openemr: { patients: Pick<Patients, "get"> };
  visits: VisitReader;
};
