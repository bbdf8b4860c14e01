/** Reading a session (§9.3): 200, 202 and 206 carry it; 404, and 410 in either of its two bodies, mean that it is gone. */
import { MsaSession } from "#protocol/medscribealliance.ts";
import { isOk, parseAnswer } from "#scribe/answer.ts";
import type { ScribeJob } from "#scribe/scribe.ts";
import type { Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";
import type { Discovered } from "./discovery.ts";
import { problemOf } from "./problem-of.ts";

/** Undefined: there is no such session any more. */
export async function readSession(wire: Wire, found: Discovered, job: ScribeJob): Promise<MsaSession | undefined> {
  const url = sessionUrl(found, job);
  // 25 s: some services hold the answer back for up to 14 s until something changes.
  const answer = await call(wire, { method: "GET", url, deadlineMs: 25_000, budgetMs: 4_000 });
  if (isOk(answer)) return parseAnswer(MsaSession, answer);
  const refusal = problemOf(answer, wire.waiting.clock);
  if (refusal.problem.code !== "scribe_session_expired") throw refusal;
  return undefined;
}

export function sessionUrl(found: Discovered, job: ScribeJob): string {
  return `${found.baseUrl}/sessions/${encodeURIComponent(job.id)}`;
}
