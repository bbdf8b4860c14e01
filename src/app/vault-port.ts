/** What crosses between the page and the vault worker. Types only: neither side pulls the other's code in. */
import type { VisitId } from "#model/id.ts";
import type { Problem } from "#model/problem.ts";
import type { HeldVisit, JournalHeader, RecordingView } from "#model/recording.ts";
import type { VisitCreate } from "#protocol/bff.ts";

/** One slice of the recorder's output. `levels` are dBFS since the slice before, in order; empty when unknown. */
export type Fragment = { bytes: ArrayBuffer; capturedAt: number; levels: number[] };

/** Every call the page may make, with what it gets back. */
export type VaultCalls = {
  /** Makes the visit's journal: key and header are durable when it answers. */
  open(visit: { header: JournalHeader; create: VisitCreate }): void;
  /** Begins a recording in an open or cut-off visit. */
  record(visit: { visitId: VisitId; mimeType: string }): void;
  /** Answers when the fragment is durable. */
  append(fragment: Fragment & { visitId: VisitId }): void;
  /** Ends the recording: its tail becomes a chunk. The visit can be recorded on. */
  endRecording(visit: { visitId: VisitId }): void;
  /** No more audio will come: when all of it is sent, the visit is finished. */
  close(visit: { visitId: VisitId }): void;
  held(): HeldVisit[];
  discard(visit: { visitId: VisitId; reason: "discarded" | "withdrawn" }): void;
  erase(visit: { visitId: VisitId }): void;
  exportAudio(visit: { visitId: VisitId }): ArrayBuffer;
  signedIn(user: { clinicianId: string | null }): void;
  sendNow(): void;
  /** The clinic server lacks chunks: compare and send again. */
  sendAgain(visit: { visitId: VisitId }): void;
};

export type VaultCall = keyof VaultCalls;
export type VaultArgument<C extends VaultCall> = Parameters<VaultCalls[C]>[0];
export type VaultResult<C extends VaultCall> = ReturnType<VaultCalls[C]>;

export type VaultRequest = { [C in VaultCall]: { id: number; call: C; argument: VaultArgument<C> } }[VaultCall];

/** Where a visit's audio is: on this disk, and at the scribe. */
export type VisitTally = Pick<
  RecordingView,
  "durableMs" | "durableAt" | "receivedMs" | "receivedAt" | "chunksCut" | "chunksReceived"
>;

export type VaultMessage =
  | { kind: "reply"; id: number; value: unknown }
  | { kind: "refusal"; id: number; problem: Problem }
  | { kind: "tally"; visitId: VisitId; tally: VisitTally }
  | { kind: "waiting"; waiting: RecordingView["waiting"] }
  /** A failure that came by itself; null takes it back. */
  | { kind: "problem"; visitId: VisitId | null; problem: Problem | null }
  | { kind: "held" };
