/**
 * The adapter to OMSIF services, both revisions. In: the service's base address and how we sign in, a way to send, and a way
 * to turn a chunk into WAV. Out: the scribe port. It keeps the handshake and what it learned; a job is plain JSON. Its
 * `uploadUrl` is the session until the commit, then the job: the protocol has no way to look at a session.
 */
import { problem, ProblemError } from "#model/problem.ts";
import { maxChunkMs } from "#model/chunk.ts";
import { OmsifAccepted, OmsifJob, OmsifSession } from "#protocol/omsif.ts";
import { isOk, parseAnswer } from "#scribe/answer.ts";
import type { FileToWav } from "#scribe/audio-format.ts";
import type { OidcClient } from "#scribe/credentials.ts";
import { createKey, createToken } from "#scribe/credentials.ts";
import type { Waiting } from "#scribe/retry.ts";
import type { OutgoingFile, Scribe, ScribeAbilities, ScribeJob, ScribeStatus, Send } from "#scribe/scribe.ts";
import type { Wire } from "#scribe/wire.ts";
import { call, callOk } from "#scribe/wire.ts";
import type { Handshake, Revision } from "./handshake.ts";
import { createHandshake } from "./handshake.ts";
import { jobStatus } from "./job-status.ts";
import { problemOf } from "./problem-of.ts";
import { scribeRequest } from "./scribe-request.ts";
import type { AudioForm, ToWav } from "./send-audio.ts";
import { sendAudio } from "./send-audio.ts";
import { sendFile } from "./send-file.ts";

export type OmsifOptions = {
  /** The base of the service, e.g. `https://host/v1/omsif`. */
  url: string;
  send: Send;
  waiting: Waiting;
  /** One of the two; both are shown as bearer tokens (§2). */
  apiKey?: string;
  oidc?: OidcClient;
  /** For services whose revision cannot be seen. */
  revision?: Revision;
  /** Without it a service that does not take the browser's own format refuses its chunks. */
  toWav?: ToWav;
  /** The same for whole files. */
  fileToWav?: FileToWav;
};

type Memory = { audioForm: AudioForm | undefined; webhookUrl: string | undefined };

/** Everything the calls below are given. */
type Service = {
  wire: Wire;
  base: string;
  memory: Memory;
  toWav: ToWav | undefined;
  fileToWav: FileToWav | undefined;
};

export function createOmsif(options: OmsifOptions): Scribe {
  const wire = createOmsifWire(options);
  const base = options.url.replace(/\/+$/u, "");
  const handshake = createHandshake(wire, base, options.revision);
  const memory: Memory = { audioForm: undefined, webhookUrl: undefined };
  const service: Service = { wire, base, memory, toWav: options.toWav, fileToWav: options.fileToWav };
  /** Runs with the handshake; a refusal makes the next call shake hands again: a key, or a template, may have changed. */
  const knowing = async <T>(work: (known: Handshake) => Promise<T>): Promise<T> => {
    try {
      return await work(await handshake.get());
    } catch (thrown) {
      if (thrown instanceof ProblemError && thrown.problem.code === "scribe_refused") handshake.forget();
      throw thrown;
    }
  };
  return {
    abilities: async (asked) => abilitiesOf(service, await handshake.get(asked?.fresh ?? false)),
    open: (reference) => knowing((known) => open(service, known, reference)),
    send: async (job, chunk) => {
      if (isSubmitted(job)) throw problem("conflict", { detail: "the session is committed" });
      if (job.form === "whole") throw problem("scribe_refused", { detail: "the service takes whole files only" });
      await knowing(async ({ audioFormats: formats }) => {
        const forms: AudioForm[] = memory.audioForm === undefined ? ["raw", "multipart"] : [memory.audioForm];
        memory.audioForm = await sendAudio(wire, { job, chunk, formats, toWav: options.toWav }, forms);
      });
    },
    sendWhole: (job, file) => knowing((known) => sendWhole(service, known, { job, file })),
    finish: (job) => commit(service, job),
    read: (job) => knowing((known) => read(service, known, job)),
    /** The address goes along with every job; the secret was agreed beforehand, outside the protocol. */
    notifyAt: (target) => {
      memory.webhookUrl = target.url;
      return Promise.resolve("with_each_job");
    },
  };
}

function createOmsifWire({ send, waiting, apiKey = "", oidc }: OmsifOptions): Wire {
  const toHeaders = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
  const credentials = oidc === undefined ? createKey(apiKey, toHeaders) : createToken(send, waiting, oidc);
  return { send, waiting, credentials, headers: {}, problemOf, codeOf: () => undefined };
}

function abilitiesOf(
  { toWav }: Service,
  { revision, service, can, audioFormats, templates }: Handshake,
): ScribeAbilities {
  const isConverted = can.chunks && toWav !== undefined && !audioFormats.some((format) => /webm/iu.test(format));
  return {
    service,
    protocol: `OMSIF 1.0 rev ${revision}`,
    wants: can.chunks ? "chunks" : "whole_file",
    audioFormats: isConverted ? ["audio/webm;codecs=opus", ...audioFormats] : audioFormats,
    maxChunkMs,
    model: null,
    templates: templates.map(({ id, name }) => name || id),
    webhooks: can.async || can.chunks,
    maxSessionMs: null,
    speechEngine: null,
    noteWriter: null,
  };
}

async function open({ wire, base, memory }: Service, known: Handshake, reference: string): Promise<ScribeJob> {
  const request = scribeRequest(known, { reference, webhookUrl: memory.webhookUrl });
  if (!known.can.chunks) return { id: reference, uploadUrl: `${base}/process`, expiresAt: null, form: "whole" };
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(request);
  const answer = await call(wire, {
    method: "POST",
    url: `${base}/session`,
    headers,
    body,
    deadlineMs: 15_000,
    budgetMs: 8_000,
  });
  // 404 here is a template that is gone, not a session.
  if (answer.status === 404) throw problem("scribe_refused", { detail: "404 when opening a session" });
  if (!isOk(answer)) throw problemOf(answer, wire.waiting.clock);
  const { session_id: id } = parseAnswer(OmsifSession, answer);
  return { id, uploadUrl: `${base}/session/${encodeURIComponent(id)}`, expiresAt: null, form: "numbered" };
}

/** A second commit is undefined: one whose answer was lost is asked again, and the newest job counts. */
async function commit({ wire, base }: Service, job: ScribeJob): Promise<ScribeJob> {
  if (isSubmitted(job)) return job;
  const url = `${job.uploadUrl}/commit`;
  const answer = await callOk(wire, { method: "POST", url, deadlineMs: 30_000, budgetMs: 8_000 });
  return submitted(job, base, parseAnswer(OmsifAccepted, answer).job_id);
}

type Whole = { job: ScribeJob; file: OutgoingFile };

async function sendWhole(
  { wire, base, memory, fileToWav }: Service,
  known: Handshake,
  { job, file }: Whole,
): Promise<{ job: ScribeJob; status: ScribeStatus | null }> {
  const request = scribeRequest(known, { reference: job.id, webhookUrl: memory.webhookUrl });
  const { jobId, result } = await sendFile(wire, { url: base, request, file, handshake: known, toWav: fileToWav });
  const status = result === null ? null : jobStatus(result, known.service);
  return { job: submitted(job, base, jobId), status };
}

async function read({ wire }: Service, known: Handshake, job: ScribeJob): Promise<ScribeStatus> {
  if (!isSubmitted(job)) return { state: "receiving", held: null };
  const answer = await call(wire, { method: "GET", url: job.uploadUrl, deadlineMs: 5_000, budgetMs: 4_000 });
  if (isOk(answer)) return jobStatus(parseAnswer(OmsifJob, answer), known.service);
  const refusal = problemOf(answer, wire.waiting.clock);
  if (refusal.problem.code === "scribe_session_expired") return { state: "expired" };
  throw refusal;
}

function submitted(job: ScribeJob, base: string, id: string): ScribeJob {
  return { ...job, id, uploadUrl: `${base}/jobs/${encodeURIComponent(id)}` };
}

function isSubmitted(job: ScribeJob): boolean {
  return job.uploadUrl.endsWith(`/jobs/${encodeURIComponent(job.id)}`);
}
