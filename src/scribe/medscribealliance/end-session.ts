/** Ending a session (§6.4), and giving one up. */
import { problem } from "#model/problem.ts";
import { MsaSessionEnded } from "#protocol/medscribealliance.ts";
import { isOk, jsonOf } from "#scribe/answer.ts";
import type { ScribeJob, SendAnswer } from "#scribe/scribe.ts";
import type { Wire } from "#scribe/wire.ts";
import { call } from "#scribe/wire.ts";
import type { Dialect } from "./dialect.ts";
import { dialectOf } from "./dialect.ts";
import type { Discovered } from "./discovery.ts";
import { problemOf } from "./problem-of.ts";
import { readSession, sessionUrl } from "./read-session.ts";
import { statusOf } from "./status-of.ts";

const json = { "content-type": "application/json" };

/**
 * Always with a body: form B demands it, form A takes no notice. A second end is undefined in the protocol: a refusal counts
 * as success only when the session itself shows that its work has begun.
 */
export async function finishSession(
  wire: Wire,
  found: Discovered,
  { job, chunkCount }: { job: ScribeJob; chunkCount: number },
): Promise<ScribeJob> {
  const answer = await call(wire, {
    method: "POST",
    url: `${sessionUrl(found, job)}/end`,
    headers: json,
    body: JSON.stringify({ audio_files_sent: chunkCount }),
    deadlineMs: 30_000,
    budgetMs: 8_000,
  });
  if (isOk(answer)) {
    checkCount(answer, chunkCount);
    return job;
  }
  const refusal = problemOf(answer, wire.waiting.clock);
  if (answer.status !== 400 && answer.status !== 409) throw refusal;
  const session = await readSession(wire, found, job);
  const status = session === undefined ? undefined : statusOf(session, found).state;
  if (status === undefined || status === "receiving" || status === "expired") throw refusal;
  return job;
}

function checkCount(answer: SendAnswer, chunkCount: number): void {
  const said = MsaSessionEnded.safeParse(jsonOf(answer));
  const received = said.success ? said.data.audio_files_received : undefined;
  if (received === undefined || received === chunkCount) return;
  throw problem("chunks_missing", { detail: `the service counts ${received} of ${chunkCount}` });
}

/** Only form C has a word for it; elsewhere the session is left to expire, and the answer is false. */
export async function cancelSession(
  wire: Wire,
  found: Discovered,
  { job, form }: { job: ScribeJob; form: Dialect | undefined },
): Promise<boolean> {
  if ((form ?? dialectOf(found.document)) !== "C") return false;
  const body = JSON.stringify({ user_status: "cancelled" });
  const url = sessionUrl(found, job);
  const answer = await call(wire, { method: "PATCH", url, headers: json, body, deadlineMs: 15_000, budgetMs: 8_000 });
  if (isOk(answer)) return true;
  const refusal = problemOf(answer, wire.waiting.clock);
  if (refusal.problem.code === "scribe_session_expired") return true;
  throw refusal;
}
