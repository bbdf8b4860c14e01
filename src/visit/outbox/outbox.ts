/**
 * Sends what the scribe does not yet hold. In: the journal's visits. Out: requests to the clinic server, one at a time, oldest
 * visit first, chunks in order; receipts go back into the journal. Nothing is dropped and nothing is given up: a failure waits and
 * is tried again; one that waiting cannot mend is shown, and tried again when a person asks. The outbox itself keeps nothing: a
 * restart finds everything in the journal.
 */
import type { Clock } from "#model/clock.ts";
import type { VisitId } from "#model/id.ts";
import { toProblem, type Problem } from "#model/problem.ts";
import { nextStep, takeStep, type DrainParts, type OutboxJournal, type OutboxVisit, type Step } from "./drain.ts";
import { createReports, type Reports } from "./reports.ts";
import { createRequests } from "./requests.ts";
import type { Waiting } from "./retry-plan.ts";
import { createTroubles, type Trouble, type Troubles } from "./troubles.ts";
import type { Wire } from "./wire.ts";

export type OutboxParts = {
  journal: OutboxJournal;
  wire: Wire;
  clock: Clock;
  /** Resolves after `ms`, or at once when the signal fires. */
  wait(ms: number, wake: AbortSignal): Promise<void>;
  random(): number;
  onWaiting(waiting: Waiting): void;
  /** A problem that waiting does not mend, or null when it is over. */
  onProblem(visitId: VisitId, problem: Problem | null): void;
};

export type Outbox = {
  /** Sends until the signal fires; the request under way is finished first. */
  run(until: AbortSignal): Promise<void>;
  /** There may be something new to send. */
  wake(): void;
  /** The network is back: what waited for it goes now. */
  networkIsBack(): void;
  /** A person asks: everything is tried now, also what was refused. */
  sendNow(): void;
  /** Only this clinician's visits are sent; null: none are. */
  signedIn(clinicianId: string | null): void;
  /** Compare our receipts with the clinic server's list, and send again what it lacks. */
  sendAgain(visitId: VisitId): void;
};

const longestRestMs = 3_600_000;

type Desk = OutboxParts & {
  drain: DrainParts;
  reports: Reports;
  troubles: Troubles;
  clinicianId: string | null;
  /** Counts sign-ins: a refusal that was under way while somebody signed in says nothing. */
  signIns: number;
  waker: AbortController;
  shown: Waiting;
};

export function createOutbox(parts: OutboxParts): Outbox {
  const requests = createRequests(parts.wire, parts.clock);
  const desk: Desk = {
    ...parts,
    drain: { journal: parts.journal, wire: parts.wire, clock: parts.clock, requests },
    reports: createReports(requests, parts.clock),
    troubles: createTroubles(parts.clock, parts.random),
    clinicianId: null,
    signIns: 0,
    waker: new AbortController(),
    shown: null,
  };
  const wake = (): void => desk.waker.abort();
  const tryNow = (which: (trouble: Trouble) => boolean): void => {
    desk.troubles.forgive(which);
    wake();
  };
  return {
    async run(until) {
      while (!until.aborted) await turn(desk, until);
    },
    wake,
    networkIsBack: () => tryNow((trouble) => trouble.waiting === "network"),
    sendNow: () => tryNow(() => true),
    signedIn(clinicianId) {
      desk.clinicianId = clinicianId;
      desk.signIns += 1;
      tryNow((trouble) => trouble.isStuck);
    },
    sendAgain(visitId) {
      desk.troubles.doubt(visitId, true);
      wake();
    },
  };
}

/** One thing to do for a visit. */
type Task = { visitId: VisitId; clinicianId: string; step: Step | "bury"; work(): Promise<void> };

/** One attempt, or a rest until the next is due. A wake-up that comes while this looks at the journal counts too. */
async function turn(desk: Desk, until: AbortSignal): Promise<void> {
  desk.waker = new AbortController();
  const tasks = pending(desk);
  const now = desk.clock.now();
  const dueAt = (task: Task): number => desk.troubles.of(task.visitId).notBefore;
  showWaiting(desk, tasks);
  const ready = desk.clinicianId === null ? undefined : tasks.find((task) => dueAt(task) <= now);
  if (ready !== undefined) return attempt(desk, ready);
  const restsMs = desk.clinicianId === null ? [] : tasks.map((task) => dueAt(task) - now);
  return desk.wait(Math.min(longestRestMs, ...restsMs), AbortSignal.any([desk.waker.signal, until]));
}

/** Before anybody has signed in, everybody's visits count as waiting. What is only to be told comes after what is to be sent. */
function pending(desk: Desk): Task[] {
  const { journal } = desk;
  const tasks = [
    ...journal.toSend().map((visit) => visitTask(desk, visit)),
    ...journal.tombstones().map((tombstone): Task => {
      const work = async () => (await import("./ending.ts")).bury(desk.drain, tombstone); // not needed to record
      return { ...tombstone, step: "bury", work };
    }),
  ];
  const isMine = (task: Task) => desk.clinicianId === null || task.clinicianId === desk.clinicianId;
  return tasks.filter((task) => isMine(task) && task.step !== "rest" && !desk.troubles.of(task.visitId).isStuck);
}

function visitTask(desk: Desk, visit: OutboxVisit): Task {
  const { visitId, clinicianId } = visit;
  const { troubles } = desk;
  const step = nextStep(visit, { compare: troubles.isDoubted(visitId), whole: troubles.wantsWhole(visitId) });
  return { visitId, clinicianId, step, work: () => takeStep(desk.drain, visit, step) };
}

async function attempt(desk: Desk, { visitId, step, work }: Task): Promise<void> {
  const { signIns } = desk;
  try {
    await work();
    if (step === "compare") desk.troubles.doubt(visitId, false);
    if (desk.troubles.of(visitId).shown !== null) desk.onProblem(visitId, null);
    desk.troubles.over(visitId);
    report(desk, visitId);
  } catch (thrown) {
    const told = toProblem(thrown);
    if (told.code === "signed_out") {
      if (signIns === desk.signIns) desk.clinicianId = null;
    } else if (desk.troubles.failed(visitId, told).shown !== null) desk.onProblem(visitId, told);
  }
}

function report(desk: Desk, visitId: VisitId): void {
  const visit = desk.journal.toSend().find((candidate) => candidate.visitId === visitId);
  if (visit?.registered && visit.discarded === null) desk.reports.told(visit, visit.finished);
}

/** A recording that runs, for a service that takes it in one piece. */
function waitsForItsEnd({ journal, clinicianId, troubles }: Desk): boolean {
  return journal
    .toSend()
    .some((visit) => !visit.closed && visit.clinicianId === clinicianId && troubles.wantsWhole(visit.visitId));
}

function showWaiting(desk: Desk, tasks: readonly Task[]): void {
  const toSend = tasks.filter(({ step }) => step !== "bury");
  const causes = toSend.map(({ visitId }) => desk.troubles.of(visitId).waiting);
  const cause = causes.find((waiting) => waiting !== null) ?? (waitsForItsEnd(desk) ? "end" : null);
  const waiting = desk.clinicianId === null && toSend.length > 0 ? "sign_in" : cause;
  if (waiting === desk.shown) return;
  desk.shown = waiting;
  desk.onWaiting(waiting);
}
