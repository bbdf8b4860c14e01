/** The words that the scribe has heard of a visit that is still recorded or written, asked for now and kept nowhere. */
import type { Scribes } from "#bff/scribes/scribes.ts";
import type { Store } from "#bff/store/store.ts";
import type { VisitId } from "#model/id.ts";
import type { Transcript } from "#model/transcript.ts";
import { turnText } from "#model/transcript.ts";
import type { HeardView } from "#protocol/bff-heard.ts";
import { resultsOf } from "./part-results.ts";
import type { JobRecord } from "./scribe-jobs.ts";
import { currentJobs } from "./scribe-jobs.ts";

/** Part after part; one that has ended is read from what was kept of it. Throws what the scribe's answer throws. */
export async function heardSoFar(
  { store, scribes }: { store: Store; scribes: Scribes },
  visitId: VisitId,
): Promise<HeardView> {
  const results = await resultsOf(store, visitId);
  const heard: { part: number; transcript: Transcript }[] = [];
  for (const job of await currentJobs(store, visitId)) {
    const transcript = results.get(job.attempt)?.result.transcript ?? (await heardBy(scribes, job));
    if (transcript !== null) heard.push({ part: job.part, transcript });
  }
  const lines = heard.flatMap(({ part, transcript }) =>
    transcript.turns.map((turn) => ({ id: `${part}:${turn.id}`, speaker: turn.speaker, text: turnText(turn) })),
  );
  return { isGiven: heard.length > 0, lines };
}

async function heardBy(scribes: Scribes, { service, state, job }: JobRecord): Promise<Transcript | null> {
  if (state !== "open" && state !== "ending" && state !== "ended") return null;
  const status = await scribes.of(service).read(job);
  if (status.state === "receiving") return status.heard ?? null;
  return status.state === "processing" ? status.transcript : null;
}
