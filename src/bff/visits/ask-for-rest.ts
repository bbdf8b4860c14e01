/**
 * The rest of a partial draft. A service that writes single templates anew is asked for just those: no audio is sent, and any
 * device may ask. Of every other service the whole is asked for again, from the device that holds the audio. What came is kept
 * until the whole note is there.
 */
import type { AuditEntry, Statement, Store } from "#bff/store/store.ts";
import { GuardError } from "#bff/store/store.ts";
import { problem, ProblemError } from "#model/problem.ts";
import type { ScribeJob } from "#scribe/scribe.ts";
import { readDraft } from "./note-record.ts";
import type { VisitParts } from "./parts.ts";
import { currentJobs, type JobRecord, markEnded, markJob } from "./scribe-jobs.ts";
import type { VisitRecord } from "./visit-record.ts";

export type RestParts = Pick<VisitParts, "store" | "clock" | "events" | "jobs" | "scribes">;

/** Throws `conflict` when the visit changed meanwhile, and what the service says that cannot be reached. */
export async function askForTheRest(parts: RestParts, visit: VisitRecord, audit: AuditEntry): Promise<void> {
  const jobs = await currentJobs(parts.store, visit.id);
  const asked = await askEach(parts, visit, jobs);
  const statements =
    asked === null
      ? [leavePartly(parts, visit, "waiting_for_network"), ...jobs.map((job) => markJob(job, "lost"))]
      : [leavePartly(parts, visit, "processing"), ...asked.map(({ job, next }) => markEnded(job, next))];
  await guarded(parts.store, statements, audit);
  await parts.events.visitChanged(visit.id, visit.clinician.id);
  if (asked !== null) parts.jobs.watch(visit.id);
}

type Asked = { job: JobRecord; next: ScribeJob };

/**
 * The parts' jobs as they are to be looked at again, the whole ones too, because the draft is made of all of them. Null when what
 * is missing cannot be had without the audio.
 */
async function askEach(
  { store, scribes }: RestParts,
  visit: VisitRecord,
  jobs: readonly JobRecord[],
): Promise<Asked[] | null> {
  const { draft } = await readDraft(store, visit.id);
  if (draft.restAlone !== true) return null;
  const whole = new Set(
    draft.provenance.parts?.filter(({ outcome }) => outcome === "whole").map(({ number }) => number),
  );
  const asked: Asked[] = [];
  for (const job of jobs.filter(({ state }) => state === "done")) {
    const next = whole.has(job.part) ? job.job : await orNothing(scribes.of(job.service).askForRest?.(job.job));
    if (next === null) return null;
    asked.push({ job, next });
  }
  return asked;
}

/** A service that no longer has the session needs the audio. */
async function orNothing(asking: Promise<ScribeJob | null> | undefined): Promise<ScribeJob | null> {
  try {
    return (await asking) ?? null;
  } catch (thrown) {
    if (thrown instanceof ProblemError && thrown.problem.code === "scribe_session_expired") return null;
    throw thrown;
  }
}

function leavePartly({ clock }: RestParts, visit: VisitRecord, state: "processing" | "waiting_for_network"): Statement {
  return {
    sql: "UPDATE visits SET state = ?, step = NULL, problem_json = NULL, updated_at = ? WHERE id = ? AND state = 'partly_ready'",
    params: [state, clock.now(), visit.id],
    expectRows: 1,
  };
}

/** Throws `conflict` when a guard fails. */
export async function guarded(store: Store, statements: Statement[], audit: AuditEntry): Promise<void> {
  try {
    await store.transact({ statements, audit: [audit] });
  } catch (thrown) {
    throw thrown instanceof GuardError ? problem("conflict", { detail: "the visit changed meanwhile" }) : thrown;
  }
}
