/** The port to a scribe service. Adapters live beside it; the clinic server runs them. */
import type { Provenance, Medication, Note } from "#model/note.ts";
import type { Problem } from "#model/problem.ts";
import type { Transcript } from "#model/transcript.ts";
import type { ProcessingStep } from "#model/visit.ts";

/** One HTTP exchange; the clinic server supplies pooled connections, tests a fake wire. Resolves for every status. */
export type SendRequest = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: Uint8Array | string;
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
  audioFormats: string[];
  maxChunkMs: number;
  model: string | null;
  maxSessionMs: number | null;
  speechEngine: string | null;
  noteWriter: string | null;
};

/**
 * A scribe job as stored between calls: plain JSON, opaque to everyone but its adapter, except that `id` is the name by
 * which the service's notifications speak of it. `expiresAt` is clock ms.
 */
export type ScribeJob = {
  id: string;
  uploadUrl: string;
  expiresAt: number | null;
  /** How the service tells chunks apart: by file name, or by an index that must count up. */
  form?: "named" | "numbered";
};

export type OutgoingChunk = { sequence: number; bytes: Uint8Array; mimeType: string; sha256: string };

export type ScribeResult = {
  note: Note;
  medications: Medication[];
  transcript: Transcript;
  provenance: Provenance;
};

export type ScribeStatus =
  /** `held`: the sequences the service lists as stored, ascending; null when it gives no list. */
  | { state: "receiving"; held: number[] | null }
  | { state: "processing"; step: ProcessingStep; transcript: Transcript | null }
  | { state: "done"; result: ScribeResult }
  /** `missing` names templates and files that the service could not finish; a missing note is an empty one. */
  | { state: "partial"; result: ScribeResult; missing: string[] }
  | { state: "failed"; problem: Problem }
  | { state: "expired" };

/** Where a service should announce that a job ended, and the secret it signs with. */
export type NotifyTarget = { url: string; secret: string };

export type Scribe = {
  /** `fresh` asks the service now instead of trusting its cache rule. */
  abilities(options?: { fresh: boolean }): Promise<ScribeAbilities>;
  /** `reference` is an opaque id of ours; no patient data goes along. */
  open(reference: string): Promise<ScribeJob>;
  /** Resolves only after the service's 2xx, or when the service shows that it already holds the chunk; safe to repeat. */
  send(job: ScribeJob, chunk: OutgoingChunk): Promise<void>;
  /** Declares the count; safe to repeat. Throws `chunks_missing` when the service ended the job with another count. */
  finish(job: ScribeJob, chunkCount: number): Promise<void>;
  read(job: ScribeJob): Promise<ScribeStatus>;
  /** Registers the address for notifications, replacing an earlier registration; absent when the service has none. */
  notifyAt?(target: NotifyTarget): Promise<void>;
};
