/** The far end of filing and booking: what the sandbox chart holds, read from its own tables. */
import type { ChartView, PatientView } from "#sandbox/openemr/chart-view.ts";

export async function chartOf(chartUrl: string, name: string): Promise<PatientView> {
  const found = (await patientsOf(chartUrl)).find((patient) => patient.name === name);
  if (!found) throw new Error("the sandbox chart has no such patient");
  return found;
}

/** Everybody in the chart. */
export async function patientsOf(chartUrl: string): Promise<PatientView[]> {
  const answer = await fetch(`${chartUrl}/sandbox/chart`);
  return ((await answer.json()) as ChartView).patients;
}
