/** The port to a scribe service. Adapters live beside it; the clinic server runs them. */
import type { Provenance, ExtraTemplate, Medication, Note } from "#model/note.ts";
import type { Problem } from "#model/problem.ts";
import type { Transcript } from "#model/transcript.ts";
import type { ProcessingStep } from "#model/visit.ts";

/** A body that is read once, as it arrives; a request with such a body is never repeated. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** One HTTP exchange; the clinic server supplies pooled connections, tests a fake wire. Resolves for every status. */
export type SendRequest = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: Uint8Array | string | ByteStream;
  /** Total deadline, queueing included. Rejects with `timed_out`. */
  deadlineMs: number;
};
/** Header names are in lower case. */
export type SendAnswer = { status: number; headers: Record<string, string>; body: Uint8Array };
export type Send = (request: SendRequest) => Promise<SendAnswer>;

/** What a service can do, from its discovery document. */
export type ScribeAbilities = {
  service: string;
  protocol: string;
  /** What it is sent: chunks while the visit goes on, or one file at its end. */
  wants: "chunks" | "whole_file";
  /** The service's own spelling. */
  audioFormats: string[];
  maxChunkMs: number;
  model: string | null;
  /** What its document names: kinds of notes, or models with their languages; empty when it names none. */
  templates: string[];
  /** Does it call back? Null when it does not say. */
  webhooks: boolean | null;
  maxSessionMs: number | null;
  speechEngine: string | null;
  noteWriter: string | null;
};

/**
 * How chunks are addressed. `named`, `raw`, `path`, `fields` and `put` carry the place in a file name and may come in any
 * order; `numbered` carries it in a header and must count up from 0; `whole` takes one file.
 */
export const uploadForms = ["named", "raw", "path", "fields", "put", "numbered", "whole"] as const;
export type UploadForm = (typeof uploadForms)[number];

/**
 * A scribe job as stored between calls: plain JSON, opaque to everyone but its adapter, except that `id` is the name by
 * which the service's notifications speak of it. `expiresAt` is clock ms.
 */
export type ScribeJob = {
  id: string;
  uploadUrl: string;
  expiresAt: number | null;
  form?: UploadForm;
  /** What a storage service wants to see beside each file. */
  fields?: Record<string, string>;
  /** When the service was last asked for what it had not finished, clock ms. */
  restAskedAt?: number;
};

export type OutgoingChunk = { sequence: number; bytes: Uint8Array; mimeType: string; sha256: string };

/** A whole visit as one file. `bytes` is read once. */
export type OutgoingFile = {
  bytes: ByteStream;
  sizeBytes: number;
  durationMs: number;
  mimeType: string;
  sha256: string;
};

export type ScribeResult = {
  note: Note;
  medications: Medication[];
  transcript: Transcript;
  provenance: Provenance;
  /** Templates that came along unasked or that we do not know; absent when there are none. */
  extra?: ExtraTemplate[];
};

export type ScribeStatus =
  /**
   * `held`: the sequences the service lists as stored, ascending; null when it gives no list. `heard`: the words so far, absent
   * where the service tells none before the end.
   */
  | { state: "receiving"; held: number[] | null; heard?: Transcript }
  | { state: "processing"; step: ProcessingStep; transcript: Transcript | null }
  | { state: "done"; result: ScribeResult }
  /**
   * `missing` names templates and files that the service could not finish; a missing note is an empty one. `restAlone`: they can
   * be asked for without the audio.
   */
  | { state: "partial"; result: ScribeResult; missing: string[]; restAlone?: boolean }
  /** `onceMore`: the protocol says that the same audio, sent once more, may succeed. */
  | { state: "failed"; problem: Problem; onceMore?: boolean }
  | { state: "expired" };

/** Where a service should announce that a job ended, and the secret it signs with. */
export type NotifyTarget = { url: string; secret: string };
/**
 * How a service learned it. `with_each_job`: it keeps no address, and its secret was agreed outside the protocol. `polled`: it has
 * no webhooks.
 */
export type Notified = "registered" | "with_each_job" | "polled";

export type Scribe = {
  /** `fresh` asks the service now instead of trusting its cache rule. */
  abilities(options?: { fresh: boolean }): Promise<ScribeAbilities>;
  /** `reference` is an opaque id of ours; no patient data goes along. */
  open(reference: string): Promise<ScribeJob>;
  /** Resolves only after the service's 2xx, or when the service shows that it already holds the chunk; safe to repeat. */
  send(job: ScribeJob, chunk: OutgoingChunk): Promise<void>;
  /**
   * Declares the count; safe to repeat. Resolves with the job as it is to be stored from now on: a service may name it anew.
   * Throws `chunks_missing` when the service ended the job with another count.
   */
  finish(job: ScribeJob, chunkCount: number): Promise<ScribeJob>;
  /**
   * The file in place of chunks and finish, where `wants` is "whole_file". The job is to be stored as it comes back; `status`
   * is there when the service answered with its result at once, and may not be readable again.
   */
  sendWhole?(job: ScribeJob, file: OutgoingFile): Promise<{ job: ScribeJob; status: ScribeStatus | null }>;
  read(job: ScribeJob): Promise<ScribeStatus>;
  /**
   * Asks for the templates that a partial result lacks, from the audio that the service holds. Resolves with the job to be stored,
   * null where the service does not take that.
   */
  askForRest?(job: ScribeJob): Promise<ScribeJob | null>;
  /** Tells the service that the job's result is not wanted; false where its protocol has no word for that. */
  cancel?(job: ScribeJob): Promise<boolean>;
  /** Makes the address for notifications known, in place of an earlier registration. */
  notifyAt?(target: NotifyTarget): Promise<Notified>;
};
