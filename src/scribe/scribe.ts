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

/** A scribe job as stored between calls: plain JSON, opaque to everyone but its adapter. */
export type ScribeJob = { id: string; uploadUrl: string; expiresAt: number | null };

export type OutgoingChunk = { sequence: number; bytes: Uint8Array; mimeType: string; sha256: string };

export type ScribeResult = {
  note: Note;
  medications: Medication[];
  transcript: Transcript;
  provenance: Provenance;
};

export type ScribeStatus =
  | { state: "receiving"; files: string[] }
  | { state: "processing"; step: ProcessingStep; transcript: Transcript | null }
  | { state: "done"; result: ScribeResult }
  | { state: "partial"; result: ScribeResult; missing: string[] }
  | { state: "failed"; problem: Problem }
  | { state: "expired" };

export type Scribe = {
  abilities(): Promise<ScribeAbilities>;
  /** `reference` is an opaque id of ours; no patient data goes along. */
  open(reference: string): Promise<ScribeJob>;
  /** Resolves only after the service's 2xx; throws `scribe_session_expired`, `too_large`, `scribe_down`, ... */
  send(job: ScribeJob, chunk: OutgoingChunk): Promise<void>;
  /** Declares the count; safe to repeat. */
  finish(job: ScribeJob, chunkCount: number): Promise<void>;
  read(job: ScribeJob): Promise<ScribeStatus>;
};
