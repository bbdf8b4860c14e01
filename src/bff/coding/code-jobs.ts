/**
 * Asks the code service in the background, because a run may take ten minutes. In: jobs that stand in the store as running. Out:
 * their end, an audit row and an event. It keeps only what is in flight: after a crash `resume` asks again, since the service
 * knows no way to look at a run that was begun, and counts it.
 */
import type { BffContext } from "#bff/context.ts";
import { errorFields } from "#bff/log.ts";
import { GuardError } from "#bff/store/store.ts";
import { readVisit, type VisitRecord } from "#bff/visits/visit-record.ts";
import { readRevision } from "#bff/visits/note-record.ts";
import type { Coding } from "#coding/coding.ts";
import { codableText } from "#model/code-suggestion.ts";
import { toProblem } from "#model/problem.ts";
import type { User } from "#model/user.ts";
import {
  askOnceMore,
  type CodeJobEnd,
  type CodeJobKey,
  endCodeJob,
  findCodeJob,
  runningCodeJobs,
} from "./code-job-record.ts";

export type CodeJobs = {
  /** False where the clinic has no code service. */
  isOffered: boolean;
  /** Runs a job that stands in the store as running. */
  run(job: CodeJobKey): void;
  /** Asks again for whatever was running when the program last stopped. */
  resume(): Promise<void>;
  /** When every job that runs now has ended. */
  settled(): Promise<void>;
  /** What runs is left as running: the next start asks again. */
  stop(): void;
};

export type CodeJobsParts = Pick<BffContext, "store" | "clock" | "audit" | "events" | "log"> & {
  /** Undefined where the clinic has no code service. */
  coding: Coding | undefined;
};

export function createCodeJobs(parts: CodeJobsParts): CodeJobs {
  const { coding, store, log } = parts;
  const running = new Set<Promise<void>>();
  let isStopped = false;

  const run = (key: CodeJobKey): void => {
    if (coding === undefined) return;
    const work = runOnce(coding, key)
      .catch((thrown: unknown) => {
        // A visit that was discarded meanwhile has no job any more; whatever else broke is asked again at the next start.
        if (!(thrown instanceof GuardError))
          log.error({ visit: key.visitId, ...errorFields(thrown) }, "a code job broke");
      })
      .finally(() => running.delete(work));
    running.add(work);
  };

  const runOnce = async (service: Coding, key: CodeJobKey): Promise<void> => {
    const visit = await readVisit(store, key.visitId);
    const text = await textOf(parts, key);
    const codable = { text, doctor: visit.clinician.id, patient: visit.patient.id };
    const end = await service.suggest(codable).then(
      (result): CodeJobEnd => ({ result }),
      (thrown: unknown): CodeJobEnd => ({ problem: toProblem(thrown) }),
    );
    if (isStopped) return;
    if ("problem" in end) log.warn({ visit: visit.id, problem: end.problem.code }, "no codes from the code service");
    await keepEnd(parts, visit, { key, end });
  };

  return {
    isOffered: coding !== undefined,
    run,
    resume: async () => {
      if (coding === undefined) return;
      for (const job of await runningCodeJobs(store)) {
        const audit = parts.audit.background(actorOf(await readVisit(store, job.visitId)), eventOf(job, "E"));
        await store.transact({ statements: [askOnceMore(job)], audit: [audit] });
        run(job);
      }
    },
    settled: async () => {
      await Promise.all(running);
    },
    stop: () => {
      isStopped = true;
    },
  };
}

/** The text of the revision that was asked about; it never changes. */
async function textOf({ store }: CodeJobsParts, key: CodeJobKey): Promise<string> {
  const job = await findCodeJob(store, key);
  const { note } = await readRevision(store, key.visitId, job?.revision ?? 0);
  return codableText(note);
}

async function keepEnd(
  { store, clock, audit, events }: CodeJobsParts,
  visit: VisitRecord,
  { key, end }: { key: CodeJobKey; end: CodeJobEnd },
): Promise<void> {
  const outcome = "problem" in end ? ("failed" as const) : ("ok" as const);
  const entry = audit.background(actorOf(visit), { ...eventOf(key, "C"), patient: visit.patient.id, outcome });
  await store.transact({ statements: [endCodeJob(key, end, clock.now())], audit: [entry] });
  await events.visitChanged(visit.id, visit.clinician.id);
}

function actorOf(visit: VisitRecord): User {
  return { ...visit.clinician, role: "clinician" };
}

function eventOf({ visitId }: CodeJobKey, action: "C" | "E") {
  return { action, object: `codes:${visitId}` };
}
