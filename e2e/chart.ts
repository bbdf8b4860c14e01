/** The far end of filing and booking: what the sandbox chart holds, read from its own tables. */
import { z } from "zod";

const Chart = z.object({
  patients: z.array(
    z.object({
      pid: z.coerce.number(),
      uuid: z.string(),
      fname: z.string(),
      lname: z.string(),
      encounters: z.array(z.looseObject({ external_id: z.string().nullish() })),
      soapNotes: z.array(
        z.looseObject({ subjective: z.string(), objective: z.string(), assessment: z.string(), plan: z.string() }),
      ),
      appointments: z.array(
        z.looseObject({
          pc_eid: z.coerce.number(),
          pc_eventDate: z.string(),
          pc_startTime: z.string(),
          pc_hometext: z.string().nullish(),
        }),
      ),
    }),
  ),
});
export type ChartPatient = z.infer<typeof Chart>["patients"][number];

export async function chartOf(chartUrl: string, name: string): Promise<ChartPatient> {
  const answer = await fetch(`${chartUrl}/sandbox/chart`);
  const { patients } = Chart.parse(await answer.json());
  const found = patients.find(({ fname, lname }) => `${fname} ${lname}` === name);
  if (!found) throw new Error("the sandbox chart has no such patient");
  return found;
}
