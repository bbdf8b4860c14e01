/** What the visit routes are given beside the context: the scribe, the chart's patients and the reader of visit views. */
import type { BffContext } from "#bff/context.ts";
import type { Patients } from "#openemr/patients.ts";
import type { Scribe } from "#scribe/scribe.ts";
import type { VisitReader } from "./visit-view.ts";

export type VisitParts = BffContext & {
  scribe: Scribe;
  /** The part of the chart's client that a new visit needs. */
  openemr: { patients: Pick<Patients, "get"> };
  visits: VisitReader;
};
