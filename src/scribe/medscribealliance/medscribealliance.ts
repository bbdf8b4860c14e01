/**
 * The adapter to MedScribeAlliance services (version 0.1, dialect B; dialect A and C's template list are understood).
 * In: the service's address and key, and a way to send. Out: the scribe port. It keeps nothing but the discovery document;
 * a job is plain JSON, so whoever stores it can go on after a crash.
 */
import { problem, ProblemError } from "#model/problem.ts";
import { MsaSession, MsaSessionEnded } from "#protocol/medscribealliance.ts";
import type { Waiting } from "#scribe/retry.ts";
import type { Scribe, ScribeAbilities, ScribeJob, Send, SendAnswer } from "#scribe/scribe.ts";
import { isOk, jsonOf, parseAnswer } from "./answer.ts";
import type { Discovered } from "./discovery.ts";
import { createDiscovery } from "./discovery.ts";
import { chosenModel, openSession } from "./open-session.ts";
import { problemOf } from "./problem-of.ts";
import { sendChunk } from "./send-chunk.ts";
import { heldOf, statusOf } from "./status-of.ts";
import { registerWebhook } from "./webhooks.ts";
import type { Wire } from "./wire.ts";
import { call } from "./wire.ts";

export type MedScribeAllianceOptions = {
  /** Where the service is; everything else comes from its discovery document. */
  url: string;
  apiKey: string;
  send: Send;
  waiting: Waiting;
};

export function createMedScribeAlliance({ url, ...wire }: MedScribeAllianceOptions): Scribe {
  const discovery = createDiscovery(wire, url);
  /** Runs with the discovery document; a refused key makes the next call read it again (§4.8). */
  const knowing = async <T>(work: (found: Discovered) => Promise<T>): Promise<T> => {
    try {
      return await work(await discovery.get());
    } catch (thrown) {
      if (thrown instanceof ProblemError && thrown.problem.code === "scribe_refused") discovery.forget();
      throw thrown;
    }
  };
  return {
    abilities: async (options) => abilitiesOf(await discovery.get(options?.fresh ?? false)),
    open: (reference) => knowing((found) => openSession(wire, found, reference)),
    send: (job, chunk) =>
      knowing((found) => {
        const holds = async (sequence: number): Promise<boolean> => {
          const session = await readSession(wire, found, job);
          return session !== undefined && (heldOf(session)?.includes(sequence) ?? false);
        };
        return sendChunk(wire, { job, chunk, found, holds });
      }),
    finish: (job, chunkCount) => knowing((found) => finish(wire, found, { job, chunkCount })),
    read: (job) =>
      knowing(async (found) => {
        const session = await readSession(wire, found, job);
        return session === undefined ? { state: "expired" } : statusOf(session, found);
      }),
    notifyAt: (target) => knowing((found) => registerWebhook(wire, found, target)),
  };
}

function abilitiesOf(found: Discovered): ScribeAbilities {
  const { protocol_version: version, capabilities, engines } = found.document;
  const model = chosenModel(found);
  const seconds = model?.max_session_duration_seconds;
  return {
    service: found.service,
    protocol: `MedScribeAlliance ${version}`,
    audioFormats: capabilities.audio_formats,
    maxChunkMs: capabilities.max_chunk_duration_seconds * 1000,
    model: model?.id ?? null,
    maxSessionMs: seconds === undefined ? null : seconds * 1000,
    speechEngine: engines?.speech ?? null,
    noteWriter: engines?.note_writer ?? null,
  };
}

/**
 * Ends the session (§6.4), always with a body. A second end is undefined in the protocol: a refusal counts as success only
 * when the session itself shows that its work has begun.
 */
async function finish(wire: Wire, found: Discovered, end: { job: ScribeJob; chunkCount: number }): Promise<void> {
  const answer = await call(wire, {
    method: "POST",
    url: `${sessionUrl(found, end.job)}/end`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ audio_files_sent: end.chunkCount }),
    deadlineMs: 30_000,
    budgetMs: 8_000,
  });
  if (isOk(answer)) return checkCount(answer, end.chunkCount);
  const refusal = problemOf(answer, wire.waiting.clock);
  if (answer.status !== 400 && answer.status !== 409) throw refusal;
  const session = await readSession(wire, found, end.job);
  const status = session === undefined ? undefined : statusOf(session, found).state;
  if (status === undefined || status === "receiving" || status === "expired") throw refusal;
}

function checkCount(answer: SendAnswer, chunkCount: number): void {
  const said = MsaSessionEnded.safeParse(jsonOf(answer));
  const received = said.success ? said.data.audio_files_received : undefined;
  if (received === undefined || received === chunkCount) return;
  throw problem("chunks_missing", { detail: `the service counts ${received} of ${chunkCount}` });
}

/** Undefined: there is no such session any more (404, or 410 without a session in its body). */
async function readSession(wire: Wire, found: Discovered, job: ScribeJob): Promise<MsaSession | undefined> {
  const url = sessionUrl(found, job);
  // 25 s: some services hold the answer back for up to 14 s until something changes.
  const answer = await call(wire, { method: "GET", url, deadlineMs: 25_000, budgetMs: 4_000 });
  if (isOk(answer)) return parseAnswer(MsaSession, answer);
  const refusal = problemOf(answer, wire.waiting.clock);
  if (refusal.problem.code !== "scribe_session_expired") throw refusal;
  return undefined;
}

function sessionUrl(found: Discovered, job: ScribeJob): string {
  return `${found.baseUrl}/sessions/${encodeURIComponent(job.id)}`;
}
