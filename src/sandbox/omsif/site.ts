/** What a sandbox OMSIF service holds. It hears only through `hear`; without it results say so. */
import { createHash, createHmac, randomBytes } from "node:crypto";
import type { Clock } from "#model/clock.ts";
import { omsifSignatureHeader } from "#protocol/omsif.ts";
import type { Audio, Hear } from "#sandbox/hearing.ts";
import type { SandboxNote, VisitScript } from "#sandbox/sandbox-note.ts";
import { sandboxNote } from "#sandbox/sandbox-note.ts";
import type { Told } from "#sandbox/scribe-request.ts";

export type StoredAudio = { sizeBytes: number; sha256: string };
export type Session = {
  id: string;
  templates: string[];
  webhookUrl: string | undefined;
  audio: Map<number, StoredAudio>;
  /** The same, to be listened to. */
  sounds: Map<number, Audio>;
  jobId: string | undefined;
};
export type Job = {
  id: string;
  status: "queued" | "processing" | "completed" | "failed";
  createdAt: number;
  completedAt: number | undefined;
  templates: string[];
  webhookUrl: string | undefined;
  files: StoredAudio[];
  sounds: Audio[];
  heard: SandboxNote | undefined;
  code: string | undefined;
  /** It ended without the note: no word of the protocol says so, the result just lacks it. */
  isPartial: boolean;
};

export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<void>;

export type Site = {
  revision: 1 | 2;
  clock: Clock;
  key: string;
  secret: string;
  script: VisitScript | undefined;
  /** Undefined: nobody listens. */
  hear: Hear | undefined;
  sessions: Map<string, Session>;
  jobs: Map<string, Job>;
  /** Jobs stay queued while this is true. */
  isHeld: boolean;
  endsAs: { status: "completed" | "partial" | "failed"; code: string };
  /** How often a result is delivered to a webhook. */
  deliveries: number;
  post: Post;
  /** Deliveries and hearings in progress. */
  running: Set<Promise<void>>;
  /** Puts everything on the disk, if there is one. */
  keep(): void;
};

export const templates = [
  { id: "soap_v1", name: "SOAP Note", description: "Standard SOAP format" },
  { id: "verbatim_transcript", name: "Verbatim transcript" },
  { id: "medications_v1", name: "Medicines" },
  { id: "referral_letter", name: "Referral Letter" },
];

/** docs/errors.md: flat. */
export function fault(status: number, code: string): Told {
  return { status, body: { code, message: `Sandbox: ${code}`, request_id: `req_${randomBytes(4).toString("hex")}` } };
}

export function storedOf(bytes: Buffer): StoredAudio {
  return { sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

export type Asking = { templates: string[]; webhookUrl: string | undefined; files: StoredAudio[]; sounds: Audio[] };

export function addJob(site: Site, { templates, webhookUrl, files, sounds }: Asking): Job {
  const job: Job = {
    id: `job_${randomBytes(6).toString("hex")}`,
    status: "queued",
    createdAt: site.clock.now(),
    completedAt: undefined,
    templates,
    webhookUrl,
    files,
    sounds,
    heard: undefined,
    code: undefined,
    isPartial: false,
  };
  site.jobs.set(job.id, job);
  return job;
}

/** As soon as it may; nobody waits for it. */
export function begin(site: Site, job: Job): Job {
  if (!site.isHeld) void work(site, job);
  return job;
}

/** Done at once where nobody listens. Audio of no length is too short, whatever was asked for. Resolves when the job has ended. */
export function work(site: Site, job: Job): Promise<void> {
  const { hear, endsAs } = site;
  const isEmpty = job.files.every(({ sizeBytes }) => sizeBytes === 0);
  const outcome = isEmpty ? ({ status: "failed", code: "audio_too_short" } as const) : endsAs;
  if (isEmpty || hear === undefined) {
    conclude(site, job, outcome);
    return Promise.resolve();
  }
  const hearing = hear(job.sounds)
    .then((heard) => {
      job.heard = heard.is === "note" ? heard.note : undefined;
      conclude(site, job, heard.is === "note" ? outcome : { status: "failed", code: heard.code });
    })
    .catch(() => conclude(site, job, { status: "failed", code: "processing_timeout" }))
    .finally(() => site.running.delete(hearing));
  site.running.add(hearing);
  return hearing;
}

function conclude(site: Site, job: Job, { status, code }: Site["endsAs"]): void {
  job.status = status === "partial" ? "completed" : status;
  job.isPartial = status === "partial";
  job.code = status === "failed" ? code : undefined;
  job.completedAt = site.clock.now();
  job.sounds = [];
  site.keep();
  for (let n = 0; n < site.deliveries; n += 1) announce(site, job);
}

/** §6 and the guide: the whole result, signed over the raw body, without a time. */
function announce(site: Site, job: Job): void {
  if (job.webhookUrl === undefined) return;
  const body = JSON.stringify(viewOf(site, job));
  const signature = createHmac("sha256", site.secret).update(body).digest("hex");
  const headers = { "content-type": "application/json", [omsifSignatureHeader]: `sha256=${signature}` };
  const delivery = site
    .post(job.webhookUrl, headers, body)
    .catch(() => undefined)
    .finally(() => site.running.delete(delivery));
  site.running.add(delivery);
}

/** `JobResult`. */
export function viewOf(site: Site, job: Job): Record<string, unknown> {
  const at = (ms: number): string => new Date(ms).toISOString();
  const known = { job_id: job.id, status: job.status, created_at: at(job.createdAt) };
  if (job.completedAt === undefined) return known;
  const ended = { ...known, completed_at: at(job.completedAt) };
  return job.status === "failed" ? { ...ended, error: job.code } : { ...ended, output: outputOf(site, job) };
}

function outputOf(site: Site, job: Job): Record<string, unknown> {
  const bytes = job.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { soap, medications, transcript } = sandboxNote({ files: job.files.length, bytes }, job.heard ?? site.script);
  if (site.revision === 1) return { transcription: transcript, structured_data: job.isPartial ? {} : { soap } };
  const written: Record<string, unknown> = {
    soap_v1: soap,
    medications_v1: medications,
    verbatim_transcript: transcript,
    referral_letter: { text: soap.subjective },
  };
  const given = job.templates.filter((id) => !job.isPartial || id !== "soap_v1");
  return { results: Object.fromEntries(given.map((id) => [id, written[id]])) };
}
