import { z } from "zod";
import type { Problem } from "./problem.ts";
import { VisitId } from "./id.ts";

/** Why time is missing. `off_record` is a pause that the chart shows; `interrupted`: browser or machine went away; `damaged`: the disk. */
export const GapReason = z.enum([
  "paused",
  "off_record",
  "microphone_lost",
  "microphone_muted",
  "suspended",
  "interrupted",
  "damaged",
]);
export type GapReason = z.infer<typeof GapReason>;

/** Time that was not recorded. `atMs`: durable audio before it. `lengthMs`: wall clock, null while it lasts. */
export const Gap = z.object({
  reason: GapReason,
  atMs: z.number(),
  startedAt: z.number(),
  lengthMs: z.number().nullable(),
});
export type Gap = z.infer<typeof Gap>;

/** A moment the clinician marked, or a quick note typed while recording (`text`, null for a bare mark). */
export const Moment = z.object({ atMs: z.number(), at: z.number(), text: z.string().max(500).nullable() });
export type Moment = z.infer<typeof Moment>;

/** One chunk's places: cut on this device, received by the scribe. */
export type LedgerLine = {
  sequence: number;
  sha256: string;
  sizeBytes: number;
  durationMs: number;
  cutAt: number;
  receivedAt: string | null;
};

/** Where every second of a visit is. `erasable`: the scribe holds all of it and the note is signed. */
export type Ledger = {
  visitId: VisitId;
  recordings: number;
  durableMs: number;
  uncutMs: number;
  bytesOnDevice: number;
  lines: LedgerLine[];
  gaps: Gap[];
  moments: Moment[];
  erasable: boolean;
};

/**
 * What is left of a recording after its audio was erased here: no name, no sound. `sha256` is over the checksums of its pieces in
 * order, each in hex with a line feed after it, so that the clinic server's list can be held against it; null: not known.
 */
export type DeletionReceipt = {
  visitId: VisitId;
  /** Clock ms; null: not known. */
  startedAt: number | null;
  chunks: number;
  durationMs: number;
  sha256: string | null;
  at: number;
  reason: "signed" | "retention" | "discarded" | "withdrawn";
  /** The clinic server knows of it. */
  isTold: boolean;
};

/** How the microphone of a recording really listened: figures and switches, no names of people or devices. */
export const MicrophoneSettings = z.object({
  sampleRate: z.number().optional(),
  channelCount: z.number().optional(),
  echoCancellation: z.union([z.boolean(), z.string()]).optional(),
  noiseSuppression: z.boolean().optional(),
  autoGainControl: z.boolean().optional(),
});
export type MicrophoneSettings = z.infer<typeof MicrophoneSettings>;

type InputDevice = { deviceId: string; label: string };

/** What the recording screen shows. Every number is true on disk or at the scribe, never a timer of the page. */
export type RecordingView = {
  phase: "idle" | "preparing" | "recording" | "paused" | "stopping" | "stopped";
  visitId: VisitId | null;
  /** Milliseconds of audio durable in this device's journal (packets, not wall time). */
  durableMs: number;
  /** When the last fragment became durable (clock ms), null before the first. */
  durableAt: number | null;
  /** Milliseconds and chunks that the scribe has acknowledged, and chunks cut so far. */
  receivedMs: number;
  receivedAt: number | null;
  chunksCut: number;
  chunksReceived: number;
  /** Input level in dBFS, null before the microphone is open. */
  level: { rms: number; peak: number } | null;
  /** `microphone_changed` and `woke_up` are said for 10 s, the others for as long as they are true. */
  warning:
    | "nothing_heard"
    | "too_quiet"
    | "too_loud"
    | "microphone_lost"
    | "microphone_muted"
    | "microphone_changed"
    | "woke_up"
    | "not_speech"
    | null;
  /** Time of this visit that was not recorded, oldest first. */
  gaps: Gap[];
  moments: Moment[];
  /** Paused by "Off the record". */
  isOffRecord: boolean;
  /** The microphone in use, and those that could be. */
  microphone: InputDevice | null;
  microphones: InputDevice[];
  /** Is the screen kept on? "off": the system has taken that back for now. */
  screen: "held" | "off" | "unsupported";
  /** The scribe session in use, counted from 1. */
  part: number;
  /** Why chunks do not leave: no network, signed out, clinic server or scribe away; `end`: the scribe takes it all at the end. */
  waiting: "network" | "sign_in" | "server" | "scribe" | "end" | null;
  problem: Problem | null;
};

export const idleRecording: RecordingView = {
  phase: "idle",
  visitId: null,
  durableMs: 0,
  durableAt: null,
  receivedMs: 0,
  receivedAt: null,
  chunksCut: 0,
  chunksReceived: 0,
  level: null,
  warning: null,
  gaps: [],
  moments: [],
  isOffRecord: false,
  microphone: null,
  microphones: [],
  screen: "off",
  part: 1,
  waiting: null,
  problem: null,
};

/** What a visit's journal remembers about it, so that it can be offered again after a crash. Encrypted on the device. */
export const JournalHeader = z.object({
  visitId: VisitId,
  patientName: z.string(),
  patientBirthDate: z.string().nullable(),
  recordNumber: z.string(),
  startedAt: z.number(),
  mimeType: z.string(),
  clinicianId: z.string(),
  /** The longest chunk that the service takes, when it said so. */
  maxChunkMs: z.number().positive().exactOptional(),
});
export type JournalHeader = z.infer<typeof JournalHeader>;

/** One visit whose audio this device still holds. */
export type HeldVisit = {
  visitId: VisitId;
  patientName: string;
  patientBirthDate: string | null;
  recordNumber: string;
  clinicianId: string;
  startedAt: number;
  lastSavedAt: number;
  durableMs: number;
  receivedMs: number;
  chunksCut: number;
  chunksReceived: number;
  /** The clinician pressed Stop; what is left is only sending. False: the recording was cut off. */
  finished: boolean;
  gaps: Gap[];
  moments: Moment[];
  bytesOnDevice: number;
  /** When the note was signed, as the clinic server says; null before. */
  signedAt: string | null;
  /** Its audio came from a file, not from a microphone. */
  imported: boolean;
  /** Milliseconds of it that the black box held when the recording was cut off. */
  recoveredMs: number;
};
