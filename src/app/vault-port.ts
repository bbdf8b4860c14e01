/** What crosses between the page and the vault worker. Types only: neither side pulls the other's code in. */
import type { VisitId } from "#model/id.ts";
import type { Problem } from "#model/problem.ts";
import type {
  DeletionReceipt,
  GapReason,
  HeldVisit,
  JournalHeader,
  Ledger,
  MicrophoneSettings,
  RecordingView,
} from "#model/recording.ts";
import type { JournalKey } from "#protocol/bff-audio.ts";
import type { VisitCreate } from "#protocol/bff.ts";

/** One slice of the recorder's output. `levels` are dBFS since the slice before, in order; empty when unknown. */
export type Fragment = { bytes: ArrayBuffer; capturedAt: number; levels: number[] };

type NewVisit = { header: JournalHeader; create: VisitCreate };
type OneVisit = { visitId: VisitId };
type OneRecording = OneVisit & { recording: number };
/** A fragment, and its place in its recording's stream (bytes): one that the journal has already is not written twice. */
export type PlacedFragment = Fragment & OneRecording & { from?: number };

/** Every call the page may make, with what it gets back. */
export type VaultCalls = {
  /**
   * Takes disk space for the next visit, on a fuller disk what there is. `storage_full` (not even a few minutes fit),
   * `storage_unavailable` (a private window): no visit can begin here.
   */
  reserve(): { reservedBytes: number };
  /** Makes the visit's journal in reserved space: key and header are durable when it answers. */
  open(visit: NewVisit): void;
  /** As `open`, for audio that comes from a file: `record`, `append`, `endRecording` and `close` follow. */
  import(visit: NewVisit): void;
  /**
   * Begins a recording in an open or cut-off visit. Another of the same visit may still run: what it has goes first. Where the
   * visit's key rests wrapped, the page gets it plain (not extractable), for the next worker should this one die.
   */
  record(visit: OneVisit & { mimeType: string; settings?: MicrophoneSettings }): {
    recording: number;
    key?: CryptoKey | undefined;
  };
  /** Answers when the fragment is durable. `packets`: those completed by these bytes. */
  append(fragment: PlacedFragment): { packets: number };
  /**
   * A worker has died, and its page records on or is to: answers when this one has the visit as that one left it, to have the
   * fragments that were not durable. `not_found` while it is locked.
   */
  goOn(recordings: OneVisit & { recordings: number[]; key?: CryptoKey | undefined }): void;
  /** Ends a recording: its tail becomes a chunk. The visit can be recorded on. */
  endRecording(recording: OneRecording): void;
  /** `port` gives blocks of this recording's sound, `{samples, sampleRate, at, wall}`, until it ends or pauses. */
  blackBox(tap: OneRecording & { port: MessagePort }): void;
  /** Why nothing is recorded. `endedAt` null opens the gap; the same reason with an end closes it. */
  gap(gap: OneVisit & { reason: GapReason; startedAt: number; endedAt: number | null }): void;
  /** A marked moment, or a quick note of at most 500 letters. */
  moment(moment: OneVisit & { at: number; text: string | null }): void;
  /** No more audio will come: when all of it is sent, the visit is finished. */
  close(visit: OneVisit): void;
  held(): HeldVisit[];
  /** Visits whose key the clinic server must unwrap before anything about them can be read. */
  locked(): LockedVisit[];
  /** Somebody has signed in: opens what was locked. */
  unlock(): void;
  ledger(visit: OneVisit): Ledger;
  /** The note is signed, says the clinic server. */
  signed(visit: OneVisit & { signedAt: string }): void;
  discard(visit: OneVisit & { reason: "discarded" | "withdrawn" }): void;
  /** Audio, key and names go now; a tombstone without names stays until the clinic server has the deletion receipt. */
  erase(visit: OneVisit & { reason: "signed" | "retention" }): void;
  /** What is left of everything erased here in the last 90 days, newest first. */
  receipts(): DeletionReceipt[];
  /** The audio as files that play: one, or in order one for each run of recordings in the same format. */
  exportAudio(visit: OneVisit): { mimeType: string; bytes: ArrayBuffer; durationMs: number }[];
  signedIn(user: { clinicianId: string | null }): void;
  sendNow(): void;
  /** The page is looked at again: what waited for the network is tried. */
  wake(): void;
  /** The clinic server lacks chunks: compare and send again. */
  sendAgain(visit: OneVisit): void;
};

/** `clinicianId` is whose it is; `isRefused`: the clinic server answered, and does not open it. */
export type LockedVisit = { visitId: VisitId; bytesOnDevice: number; clinicianId: string; isRefused: boolean };

export type VaultCall = keyof VaultCalls;
export type VaultArgument<C extends VaultCall> = Parameters<VaultCalls[C]>[0];
export type VaultResult<C extends VaultCall> = ReturnType<VaultCalls[C]>;

/**
 * What the page knows of its clinic. `journalKey`: what a new visit's key is wrapped with, null where devices hold their own keys.
 * `clockOffsetMs`: how far the clinic's clock runs ahead of this machine's.
 */
export type ClinicTerms = { journalKey: JournalKey | null; clockOffsetMs: number };

export type VaultRequest = {
  [C in VaultCall]: { id: number; call: C; argument: VaultArgument<C> } & ClinicTerms;
}[VaultCall];

/** Where a visit's audio is: on this disk, and at the scribe; and what is missing of it. */
export type VisitTally = Pick<
  RecordingView,
  "durableMs" | "durableAt" | "receivedMs" | "receivedAt" | "chunksCut" | "chunksReceived" | "gaps" | "moments"
>;

export type VaultMessage =
  | { kind: "reply"; id: number; value: unknown }
  | { kind: "refusal"; id: number; problem: Problem }
  | { kind: "tally"; visitId: VisitId; tally: VisitTally }
  | { kind: "waiting"; waiting: RecordingView["waiting"] }
  /** A failure that came by itself; null takes it back. */
  | { kind: "problem"; visitId: VisitId | null; problem: Problem | null }
  | { kind: "held" };
