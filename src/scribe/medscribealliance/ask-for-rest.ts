/**
 * A template that failed, written anew from the audio that the service holds: `POST sessions/{id}/process/template/{template}`,
 * 202. Only form C has it; in the others the whole visit has to be sent again.
 */
import { isRetried, problem } from "#model/problem.ts";
import type { MsaSession } from "#protocol/medscribealliance.ts";
import { isOk } from "#scribe/answer.ts";
import type { ScribeJob } from "#scribe/scribe.ts";
import type { Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";
import { dialectOf, type Dialect } from "./dialect.ts";
import type { Discovered } from "./discovery.ts";
import { problemOf } from "./problem-of.ts";
import { readSession, sessionUrl } from "./read-session.ts";
import { templatesOf } from "./templates-of.ts";

/** So long a template that was asked for again may be in progress; then what is there counts. */
const patienceMs = 600_000;

/** The templates to ask for, undefined when they are not all that is missing. */
export function restOf(session: MsaSession): string[] | undefined {
  if ((session.processing_errors ?? []).length > 0) return undefined;
  const unfinished = [...templatesOf(session)].filter(([, { state }]) => state === "failed" || state === "incomplete");
  return unfinished.length === 0 ? undefined : unfinished.map(([id]) => id);
}

export function hasWordForRest({ document }: Discovered, form: Dialect | undefined): boolean {
  return (form ?? dialectOf(document)) === "C";
}

export function isAwaited(job: ScribeJob, now: number): boolean {
  return job.restAskedAt !== undefined && now - job.restAskedAt < patienceMs;
}

export type Rest = { job: ScribeJob; form: Dialect | undefined };

/** Throws what passes by itself, and `scribe_session_expired`; any other refusal is a null. */
export async function askForRest(wire: Wire, found: Discovered, { job, form }: Rest): Promise<ScribeJob | null> {
  if (!hasWordForRest(found, form)) return null;
  const session = await readSession(wire, found, job);
  if (session === undefined) throw problem("scribe_session_expired");
  const rest = restOf(session);
  if (rest === undefined) return null;
  for (const id of rest) {
    const url = `${sessionUrl(found, job)}/process/template/${encodeURIComponent(id)}`;
    const answer = await call(wire, { method: "POST", url, deadlineMs: 15_000, budgetMs: 8_000 });
    if (isOk(answer)) continue;
    const refusal = problemOf(answer, wire.waiting.clock);
    if (isRetried(refusal.problem.code)) throw refusal;
    return null;
  }
  return { ...job, restAskedAt: wire.waiting.clock.now() };
}
